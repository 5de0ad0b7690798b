import type { Clock } from '../clock.ts';

/** What the functions of the expressions take from outside, so that a run can be repeated exactly. */
export type ExpressionSources = { readonly clock: Clock; readonly newId: () => string; readonly random: () => number };
