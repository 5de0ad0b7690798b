/**
 * The whole gate, one step after the other, each with its time: `npm run check`. It stops at the first step that fails.
 * `--after-tests` leaves out the tests, for a caller that has just run them (.ci/run).
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

type Step = { readonly name: string; readonly command: string; readonly args: readonly string[] };

const TESTS: Step = { name: 'tests with coverage', command: 'vitest', args: ['run', '--coverage'] };

const STEPS: readonly Step[] = [
  { name: 'types', command: 'tsc', args: ['-p', 'tsconfig.json'] },
  { name: 'format and lint', command: 'biome', args: ['ci', '.'] },
  { name: 'lint with types', command: 'oxlint', args: ['--type-aware'] },
  { name: 'unused code', command: 'knip', args: [] },
  TESTS,
  { name: '1,000 simulated runs of fresh seeds', command: process.execPath, args: ['test/simulation/main.ts'] },
  { name: 'synth with cdk-nag', command: 'cdk', args: ['synth', '--quiet'] },
];

function run({ name, command, args }: Step): boolean {
  const startedMs = performance.now();
  console.log(`\n── ${name}: ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) console.error(error.message);
  console.log(
    `── ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
  );
  return status === 0;
}

const { values } = parseArgs({ options: { 'after-tests': { type: 'boolean', default: false } } });
const steps = STEPS.filter((step) => step !== TESTS || !values['after-tests']);
process.exitCode = steps.every(run) ? 0 : 1;
