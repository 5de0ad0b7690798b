import { defineConfig } from 'vitest/config';

/**
 * What needs a process of its own: whole runs and others that live by their real milliseconds, start threads or programs, or
 * explore a world for which they change what is global.
 */
const OWN_PROCESS = [
  'test/{conformance,e2e,exhaustive,fuzz,iam,mutations,simulation,support}/**/*.test.ts',
  'test/local/{data,lambda}/**/*.test.ts',
  'test/local/{main,start}.test.ts',
  'test/local/template/synthesis.test.ts',
  'test/openapi/answers.test.ts',
  'test/ops/main.test.ts',
  'test/run.test.ts',
];

/**
 * Three workers for two cores (the machine that we promise): the long files wait for a third of their time, for answers and timers. The
 * projects' names order them: the long files first, so that none of
 * them is left alone at the end. The threshold is the promise of the README: above 90 % of `domain` and `functions`, without the
 * composition roots.
 */
export default defineConfig({
  test: {
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.local/test-results.json' }]],
    coverage: {
      provider: 'v8',
      include: ['domain/**/*.ts', 'functions/**/*.ts'],
      exclude: ['functions/*/index.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { statements: 90, branches: 90, functions: 90, lines: 90 },
    },
    projects: [
      { extends: true, test: { name: 'own process', include: OWN_PROCESS } },
      {
        extends: true,
        // A process and its imports cost each of these files more than its tests.
        test: { name: 'shared process', include: ['test/**/*.test.ts'], exclude: OWN_PROCESS, isolate: false },
      },
    ],
  },
});
