import type { Equivalent } from './equivalents/equivalent.ts';
import { inDomain } from './equivalents/in-domain.ts';
import { inEntrances } from './equivalents/in-entrances.ts';
import { inFunctions } from './equivalents/in-functions.ts';
import { inMachines } from './equivalents/in-machines.ts';

/** Each one by name. The command fails where one of them is noticed after all, and where one that is not here is not. */
export const equivalents: readonly Equivalent[] = [...inMachines, ...inDomain, ...inFunctions, ...inEntrances];

const reasons = new Map(equivalents.flatMap(({ reason, ids }) => ids.map((id) => [id, reason] as const)));

/** Why nothing notices it; undefined where something has to. */
export function reasonOf(id: string): string | undefined {
  return reasons.get(id);
}

/** Those that are listed, and are mutants no more. */
export function unknownSurvivors(ids: readonly string[]): string[] {
  const known = new Set(ids);
  return [...reasons.keys()].filter((id) => !known.has(id));
}
