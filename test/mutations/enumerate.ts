import { readFileSync } from 'node:fs';
import type { Deployment } from '../simulation/deployment.ts';
import { instrumented } from './instrument.ts';
import { machineMutants } from './machine-mutants.ts';
import { type Mutant, withUniqueIds } from './mutant.ts';
import { sourceMutants } from './source-mutants.ts';

const ROOT = new URL('../../', import.meta.url);

export type Numbered = readonly [number: number, mutant: Mutant];

/** Every mutant there is, numbered from 1: 0 is the system as it is. */
export function enumerate(deployment: Deployment): Numbered[] {
  const mutants = withUniqueIds([...machineMutants(deployment), ...sourceMutants(ROOT)]);
  return mutants.map((mutant, index) => [index + 1, mutant]);
}

/** The text of each file that has mutants, with all of them behind their switches, by its URL. */
export function instrumentedSources(numbered: readonly Numbered[]): Record<string, string> {
  const files = new Set(numbered.flatMap(([, { change }]) => (change.of === 'source' ? [change.file] : [])));
  return Object.fromEntries(
    [...files].map((file) => {
      const url = new URL(file, ROOT);
      const ofFile = numbered.filter(([, { change }]) => change.of === 'source' && change.file === file);
      return [url.href, instrumented(readFileSync(url, 'utf8'), ofFile)];
    }),
  );
}
