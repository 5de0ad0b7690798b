import type { Stage } from '../../infra/stages.ts';

export const START_MS = Date.parse('2026-11-23T00:00:00.000Z');

/**
 * The moments at which anything can happen: time is cut where a decision of the design changes. Each of the guard's waits begins
 * a round, and each round has three moments, in which any number of steps take no time:
 *
 *     0 s      15 s                                                   40 s
 *     begin    too late to begin a POST; the task has timed out,      Express, the fence and whatever else a round
 *              and its function may still be at work                  began is over
 *
 * The next round begins when a wait that began in the last of them is over. A timer rings at the first moment at or after its own.
 */
export function instantsOf({ timers }: Stage): readonly number[] {
  const { submitPaymentMs, expressMs, settlementWaitsSeconds } = timers;
  const longestMs = expressMs + submitPaymentMs;
  const offsetsMs = [0, submitPaymentMs, longestMs];
  let beginMs = START_MS;
  return [0, ...settlementWaitsSeconds].flatMap((waitSeconds, round) => {
    if (round > 0) beginMs += longestMs + waitSeconds * 1000;
    return offsetsMs.map((offsetMs) => beginMs + offsetMs);
  });
}
