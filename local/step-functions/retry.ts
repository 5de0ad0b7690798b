import type { Catcher, Retrier } from './definition.ts';
import type { StateFailure } from './errors.ts';

/** A name that stands for all others, and the failures it leaves out. */
const ALL = 'States.ALL';
const TASK_FAILED = 'States.TaskFailed';
const TIMEOUT = 'States.Timeout';

/**
 * Whether one of `names` stands for the failure. `States.ALL` and `States.TaskFailed` are wildcards, the second one
 * for everything but `States.Timeout`; no name stands for a terminal failure but `States.DataLimitExceeded`'s own
 * (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html; AWS was recorded not to catch
 * `States.Runtime` by its name).
 */
export function matchesError(names: readonly string[], failure: StateFailure): boolean {
  const own = failure.error === undefined ? failure.alsoMatches : [failure.error, ...failure.alsoMatches];
  if (failure.terminal) return failure.error !== 'States.Runtime' && names.some((name) => own.includes(name));
  return names.some((name) => {
    if (name === ALL) return true;
    if (name === TASK_FAILED) return failure.error !== TIMEOUT;
    return own.includes(name);
  });
}

/** The first catcher that stands for the failure, in the order of the definition. */
export function findCatcher(catchers: readonly Catcher[], failure: StateFailure): Catcher | undefined {
  return catchers.find(({ errorEquals }) => matchesError(errorEquals, failure));
}

/**
 * Milliseconds until the next attempt, or undefined when there is none: only the first retrier that stands for the
 * failure counts, and each retrier counts its own attempts. `counts` is changed by an attempt that is granted.
 *
 * @param random 0 (inclusive) to 1 (exclusive), for `JitterStrategy: FULL`: from zero to the whole delay
 */
export function nextAttemptDelayMs(
  retriers: readonly Retrier[],
  counts: number[],
  failure: StateFailure,
  random: () => number,
): number | undefined {
  const index = retriers.findIndex(({ errorEquals }) => matchesError(errorEquals, failure));
  const retrier = retriers[index];
  if (!retrier) return undefined;
  const count = counts[index] ?? 0;
  if (count >= retrier.maxAttempts) return undefined;
  counts[index] = count + 1;
  const delaySeconds = Math.min(
    retrier.intervalSeconds * retrier.backoffRate ** count,
    retrier.maxDelaySeconds ?? Number.MAX_SAFE_INTEGER / 1000,
  );
  return Math.round(delaySeconds * 1000 * (retrier.jitterStrategy === 'FULL' ? random() : 1));
}
