import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCases } from './case.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { runCase } from './run-case.ts';

const directory = process.env['ASL_CASES_DIR'] ?? join(import.meta.dirname, '../../../shared/asl-cases/open');

describe.runIf(existsSync(directory))('executions recorded on AWS', () => {
  const cases = existsSync(directory) ? loadCases(directory) : [];

  it.each(cases.map((given) => [given.id, given] as const))(
    'runs %s as AWS did, or refuses it by name',
    async (id, given) => {
      const verdict = await runCase(given);

      const known = Object.hasOwn(KNOWN_DIFFERENCES, id);
      expect(verdict.kind === 'differed' ? verdict.differences : []).toEqual(known ? expect.anything() : []);
    },
  );

  it('runs what needs neither JSONPath, Map nor Parallel, and does not hide behind refusals', async () => {
    const jsonata = cases.filter(({ kind, queryLanguage, features }) => {
      const shapes = ['map', 'parallel', 'distributedMap', 'testState', 'validation'];
      return (
        kind === 'execution' && queryLanguage === 'JSONata' && !features.some((feature) => shapes.includes(feature))
      );
    });

    for (const given of jsonata) expect([given.id, await runCase(given)]).toEqual([given.id, { kind: 'agreed' }]);
  });
});
