import type { State } from './state.ts';

/** The guard that the submission starts, and the one that the reconciliation or a person may start beside it. */
export const GUARD = 'guard';
export const SECOND_GUARD = 'guard 2';

export function isGuarded({ processes }: State): boolean {
  return processes.some(({ value }) => value.kind === 'machine' && value.machine === 'settlement');
}
