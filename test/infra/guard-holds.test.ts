import { describe, expect, it } from 'vitest';
import { STAGES } from '../../infra/stages.ts';
import type { JsonObject, JsonValue } from '../../local/json.ts';
import { ManualClock, settle } from '../conformance/manual-clock.ts';
import { engineUnderTest, ROLE_ARN } from '../local/step-functions/engine-under-test.ts';
import { resourceAt, synthesised } from './synthesis.ts';

const { settlementWaitsSeconds: WAITS, holds } = STAGES.dev.timers;
const sum = (seconds: readonly number[]) => seconds.reduce((total, one) => total + one, 0);
const HOLDS = Array.from({ length: holds.max }, (_, index) => Math.min(60 * (index + 1), 300));
/** Step Functions ends an execution at 25,000. */
const HISTORY_EVENTS_MAX = 25_000;
const TIMERS_MAX = 10_000;

const { Properties } = resourceAt(
  synthesised(STAGES.dev),
  'AWS::StepFunctions::StateMachine',
  'StateMachinesPayoutSettlement',
);
const definition = String(Properties['DefinitionString'])
  .replaceAll(/\$\{(\w+)FunctionArn\}/g, 'arn:aws:lambda:ap-southeast-2:000000000000:function:$1')
  .replaceAll(/\$\{\w+\}/g, 'x');

type Answers = {
  readonly check: (isLast: boolean, round: number) => JsonObject;
  readonly submit: (round: number) => JsonObject;
};

/** One execution of the guard as it is synthesised, with what its two functions answer; the tables do what they are told. */
async function guard(answers: Answers) {
  const clock = new ManualClock();
  const startMs = clock.nowMs();
  const waited: number[] = [];
  const rounds = { check: 0, submit: 0 };
  const { engine } = engineUnderTest(
    async ({ resource, arguments: given }) => {
      const { FunctionName, Payload } = given as { FunctionName?: string; Payload?: { is_last?: boolean } };
      if (!resource.includes('lambda')) return {};
      if (FunctionName?.endsWith('CheckSettlement')) {
        waited.push(clock.nowMs());
        return { Payload: answers.check(Payload?.is_last === true, ++rounds.check) } as JsonValue;
      }
      return { Payload: answers.submit(++rounds.submit) } as JsonValue;
    },
    () => 0.5,
    { clock },
  );
  const stateMachineArn = engine.createStateMachine({ name: 'guard', type: 'STANDARD', roleArn: ROLE_ARN, definition });
  const record = engine.startExecution({ stateMachineArn, input: '{"transaction_id":"txn-1"}' });
  for (let timers = 0; timers < TIMERS_MAX && record.status === 'RUNNING'; timers++) {
    await settle();
    if (record.status === 'RUNNING' && !clock.fireNext()) break;
  }
  const seconds = waited.map((atMs, index) => (atMs - (waited[index - 1] ?? startMs)) / 1000);
  return { record, rounds, seconds };
}

const PAUSED = { status: 'Pending', held: 'paused' };

describe('the guard of a payout that is held back', () => {
  it('waits for two days that do not count, then those that do, and ends within its history', async () => {
    const { record, seconds } = await guard({
      check: (isLast) => ({ next: isLast ? 'end' : 'submit' }),
      submit: () => PAUSED,
    });
    const [first = 0, ...others] = WAITS;
    expect(seconds).toEqual([first, ...HOLDS, ...others]);
    expect(sum(seconds)).toBe(sum(WAITS) + 172_800);
    expect(record.status).toBe('SUCCEEDED');
    expect(record.history.length).toBeLessThan(HISTORY_EVENTS_MAX / 2);
  });

  it('does the same where Monoova may not even be asked', async () => {
    const { seconds } = await guard({
      check: (isLast) => (isLast ? { next: 'end' } : { next: 'wait', held: 'credentials' }),
      submit: () => PAUSED,
    });
    const [first = 0, ...others] = WAITS;
    expect(seconds).toEqual([first, ...HOLDS, ...others]);
  });

  it('goes on in its list where it stood, when nothing holds any more', async () => {
    const { seconds } = await guard({
      check: (isLast, round) => ({ next: isLast ? 'end' : round < 5 ? 'submit' : 'wait' }),
      submit: (round) => (round < 4 ? PAUSED : { status: 'Pending' }),
    });
    const [first = 0, ...others] = WAITS;
    expect(seconds).toEqual([first, 60, 120, 180, ...others]);
  });

  it('waits shortly again for another hold of the same payout, and not from the beginning', async () => {
    const { seconds } = await guard({
      check: (isLast, round) => ({ next: isLast ? 'end' : round % 2 === 1 ? 'submit' : 'wait' }),
      submit: () => PAUSED,
    });
    expect(seconds.slice(0, 6)).toEqual([60, 60, 120, 120, 300, 180]);
  });

  it('takes what it cannot read for no hold', async () => {
    const { seconds } = await guard({
      check: (isLast) => ({ next: isLast ? 'end' : 'submit' }),
      submit: () => ({}),
    });
    expect(seconds).toEqual(WAITS);
  });
});
