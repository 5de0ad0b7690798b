import type { Clock } from '../../clock.ts';
import type { WaitState } from '../definition.ts';
import { sleepWithin } from '../end-of-run.ts';
import { StateFailure } from '../errors.ts';
import { parseIsoTimestampMs } from '../iso-timestamp.ts';
import type { Exit, StateScope } from '../scope.ts';

/** AWS was recorded to refuse a wait of 24,856 days: 2^31 - 1 seconds are 24,855 days and a bit. */
const WAIT_SECONDS_MAX = 2_147_483_647;

/** Waits for `Seconds` or until `Timestamp`; a time that has passed is no wait. */
export async function runWait(scope: StateScope, state: WaitState, clock: Clock): Promise<Exit> {
  const { current, run } = scope;
  if (current.phase === undefined) await beginWait(scope, state, clock);
  if (current.dueMs !== undefined) await sleepWithin(run.ended, clock, Math.max(0, current.dueMs - clock.nowMs()));
  return { next: state.next, ...(await scope.shape(state, {}, scope.input)) };
}

async function beginWait(scope: StateScope, state: WaitState, clock: Clock): Promise<void> {
  const delayMs = await waitMs(scope, state, clock);
  if (delayMs > WAIT_SECONDS_MAX * 1000) {
    throw new StateFailure('States.Runtime', scope.cause('Wait state delay is too long.'), { terminal: true });
  }
  if (delayMs <= 0) return;
  scope.current.phase = 'waiting';
  scope.current.dueMs = clock.nowMs() + delayMs;
  scope.run.save();
}

async function waitMs(scope: StateScope, state: WaitState, clock: Clock): Promise<number> {
  if (state.timestamp) {
    const text = await scope.evaluateAs('string', state.timestamp);
    const untilMs = parseIsoTimestampMs(text);
    if (untilMs !== undefined) return untilMs - clock.nowMs();
    const sentence = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
    throw scope.evaluationFailed('Timestamp', sentence);
  }
  if (!state.seconds) throw new Error(`Wait state ${state.name} has neither Seconds nor Timestamp`);
  const seconds = await scope.evaluateAs('number', state.seconds);
  if (Number.isInteger(seconds) && seconds >= 0) return seconds * 1000;
  // Wording by analogy with SecondsPath, which AWS was recorded with; an assumption for JSONata.
  const problem = Number.isInteger(seconds) ? 'references a negative value' : 'cannot be parsed as a long value';
  throw scope.evaluationFailed('Seconds', `The Seconds parameter ${problem}: ${seconds}`);
}
