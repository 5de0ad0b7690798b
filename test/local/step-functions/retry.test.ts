import { describe, expect, it } from 'vitest';
import type { Retrier } from '../../../local/step-functions/definition.ts';
import { StateFailure } from '../../../local/step-functions/errors.ts';
import { matchesError, nextAttemptDelayMs } from '../../../local/step-functions/retry.ts';

function retrier(fields: Partial<Retrier> = {}): Retrier {
  return {
    errorEquals: ['Throttled'],
    intervalSeconds: 1,
    maxAttempts: 3,
    backoffRate: 2,
    maxDelaySeconds: undefined,
    jitterStrategy: 'NONE',
    ...fields,
  };
}

/** The delays of attempts until there is no further one. */
function delaysOf(retriers: readonly Retrier[], errors: readonly string[], random = () => 0.5): (number | undefined)[] {
  const counts: number[] = [];
  return errors.map((error) => nextAttemptDelayMs(retriers, counts, new StateFailure(error, ''), random));
}

describe('nextAttemptDelayMs', () => {
  it('backs off from the interval until the attempts are used up', () => {
    expect(delaysOf([retrier()], Array(4).fill('Throttled'))).toEqual([1000, 2000, 4000, undefined]);
  });

  it('never waits longer than MaxDelaySeconds', () => {
    expect(delaysOf([retrier({ maxDelaySeconds: 3 })], Array(3).fill('Throttled'))).toEqual([1000, 2000, 3000]);
  });

  it('spreads a fully jittered delay from zero to the whole', () => {
    const jittered = [retrier({ jitterStrategy: 'FULL', intervalSeconds: 10 })];

    expect(delaysOf(jittered, ['Throttled'], () => 0)).toEqual([0]);
    expect(delaysOf(jittered, ['Throttled'], () => 0.25)).toEqual([2500]);
  });

  it('counts for each retrier apart', () => {
    const retriers = [
      retrier({ maxAttempts: 1 }),
      retrier({ errorEquals: ['Busy'], maxAttempts: 1, intervalSeconds: 5 }),
    ];

    expect(delaysOf(retriers, ['Throttled', 'Busy', 'Throttled', 'Busy'])).toEqual([1000, 5000, undefined, undefined]);
  });

  it('asks only the first retrier that stands for the error', () => {
    const retriers = [retrier({ maxAttempts: 0 }), retrier({ errorEquals: ['States.ALL'] })];

    expect(delaysOf(retriers, ['Throttled'])).toEqual([undefined]);
  });
});

describe('matchesError', () => {
  const timeout = new StateFailure('States.Timeout', undefined);
  const missedHeartbeat = new StateFailure('States.Timeout', undefined, { alsoMatches: ['States.HeartbeatTimeout'] });
  const tooLarge = new StateFailure('States.DataLimitExceeded', '', { terminal: true });
  const runtime = new StateFailure('States.Runtime', '', { terminal: true });

  it.each<[string, StateFailure, boolean]>([
    ['Custom', new StateFailure('Custom', ''), true],
    ['custom', new StateFailure('Custom', ''), false],
    ['States.ALL', new StateFailure('Custom', ''), true],
    ['States.ALL', timeout, true],
    ['States.TaskFailed', new StateFailure('Custom', ''), true],
    ['States.TaskFailed', timeout, false],
    ['States.HeartbeatTimeout', timeout, false],
    ['States.HeartbeatTimeout', missedHeartbeat, true],
    ['States.Timeout', missedHeartbeat, true],
    ['States.ALL', new StateFailure(undefined, undefined), true],
    ['States.ALL', tooLarge, false],
    ['States.DataLimitExceeded', tooLarge, true],
    ['States.ALL', runtime, false],
    ['States.Runtime', runtime, false],
  ])('%s stands for %s: %s', (name, failure, expected) => {
    expect(matchesError([name], failure)).toBe(expected);
  });
});
