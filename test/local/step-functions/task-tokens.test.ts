import { describe, expect, it } from 'vitest';
import type { TaskRunner } from '../../../local/step-functions/engine.ts';
import { TaskError } from '../../../local/step-functions/errors.ts';
import { settle } from '../../conformance/manual-clock.ts';
import { CALLBACK, engineUnderTest, eventTypesOf, outputOf } from './engine-under-test.ts';

const waiting = {
  Type: 'Task',
  Resource: CALLBACK,
  Arguments: { token: '{% $states.context.Task.Token %}' },
  TimeoutSeconds: 60,
  End: true,
};

/** A rig whose tasks note their tokens and answer at once. */
function tokenRig(answer: TaskRunner = async () => ({ MessageId: 'm' })) {
  const tokens: string[] = [];
  const rig = engineUnderTest((call) => {
    tokens.push(String((call.arguments as { token?: string }).token));
    return answer(call);
  });
  const token = (index = 0): string => tokens[index] ?? 'no token yet';
  return { ...rig, token };
}

describe('a task that waits for its token', () => {
  it('goes on with what SendTaskSuccess brings', async () => {
    const { create, start, engine, token, runToEnd } = tokenRig();
    const record = await start(create({ A: waiting }));

    engine.sendTaskSuccess(token(), '{"outcome":"Completed"}');

    expect(outputOf(await runToEnd(record))).toEqual({ outcome: 'Completed' });
    expect(eventTypesOf(record)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('fails with what SendTaskFailure says', async () => {
    const { create, start, engine, token, runToEnd } = tokenRig();
    const record = await start(create({ A: waiting }));

    engine.sendTaskFailure(token(), 'Declined', 'no funds');

    expect(await runToEnd(record)).toMatchObject({ status: 'FAILED', error: 'Declined', cause: 'no funds' });
  });

  it('fails at once when its call fails', async () => {
    const { create, start, engine, token } = tokenRig(async () => {
      throw new TaskError('SQS.QueueDoesNotExistException', 'gone');
    });
    const record = await start(create({ A: waiting }));

    expect(record.error).toBe('SQS.QueueDoesNotExistException');
    expect(() => engine.sendTaskSuccess(token(), '1')).toThrow(expect.objectContaining({ code: 'TaskTimedOut' }));
  });

  it('counts a callback that overtakes the answer of the call', async () => {
    const { create, start, engine, token, runToEnd } = tokenRig(() => new Promise(() => undefined));
    const record = await start(create({ A: waiting }));

    engine.sendTaskSuccess(token(), '"early"');

    expect(outputOf(await runToEnd(record))).toBe('early');
  });

  it('gets a new token for each attempt, and the old one is dead', async () => {
    const { create, start, engine, token, clock, runToEnd } = tokenRig();
    const record = await start(
      create({ A: { ...waiting, Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }] } }),
    );

    clock.fireNext();
    await settle();
    clock.fireNext();
    await settle();

    expect(token(1)).not.toBe(token(0));
    expect(() => engine.sendTaskSuccess(token(0), '1')).toThrow(expect.objectContaining({ code: 'TaskTimedOut' }));
    engine.sendTaskSuccess(token(1), '1');
    expect(outputOf(await runToEnd(record))).toBe(1);
  });

  it('lives on while it is heard of, and times out when it is not', async () => {
    const { create, start, engine, token, clock, runToEnd } = tokenRig();
    const record = await start(create({ A: { ...waiting, HeartbeatSeconds: 10 } }));
    const wake = clock.after(9_000, () => engine.sendTaskHeartbeat(token()));

    await runToEnd(record);
    wake();

    expect(record).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect((record.stopMs ?? 0) - record.startMs).toBe(19_000);
  });

  it('shows its token in no other field', async () => {
    const { create, start, engine, token, runToEnd } = tokenRig();
    const record = await start(create({ A: { ...waiting, Output: '{% $exists($states.context.Task) %}' } }));

    engine.sendTaskSuccess(token(), '1');

    expect(outputOf(await runToEnd(record))).toBe(false);
  });
});

describe('a callback that comes too late or from nowhere', () => {
  it.each<[string, (rig: ReturnType<typeof tokenRig>, arn: string) => void]>([
    ['answered already', ({ engine, token }) => engine.sendTaskSuccess(token(), '1')],
    ['stopped', ({ engine }, arn) => engine.stopExecution(arn)],
    ['timed out', ({ clock }) => clock.fireNext()],
  ])('is refused as TaskTimedOut when the task was %s', async (_name, close) => {
    const rig = tokenRig();
    const { executionArn } = await rig.start(rig.create({ A: waiting }));

    close(rig, executionArn);

    for (const send of [
      () => rig.engine.sendTaskSuccess(rig.token(), '1'),
      () => rig.engine.sendTaskFailure(rig.token()),
      () => rig.engine.sendTaskHeartbeat(rig.token()),
    ]) {
      expect(send).toThrow(expect.objectContaining({ code: 'TaskTimedOut' }));
    }
  });

  it('is refused as TaskDoesNotExist for a token that was never given out', async () => {
    const { engine } = tokenRig();
    const made = Buffer.from(
      JSON.stringify(['arn:aws:states:ap-southeast-2:000000000000:execution:m:x', 'made-up']),
    ).toString('base64url');

    expect(() => engine.sendTaskSuccess(made, '1')).toThrow(expect.objectContaining({ code: 'TaskDoesNotExist' }));
  });

  it('is refused as InvalidToken for what is no token', () => {
    expect(() => tokenRig().engine.sendTaskHeartbeat('not a token')).toThrow(
      expect.objectContaining({ code: 'InvalidToken' }),
    );
  });

  it('is refused as InvalidOutput for what is no JSON, and the task waits on', async () => {
    const { create, start, engine, token } = tokenRig();
    const record = await start(create({ A: waiting }));

    expect(() => engine.sendTaskSuccess(token(), '{nope')).toThrow(expect.objectContaining({ code: 'InvalidOutput' }));
    expect(record.status).toBe('RUNNING');
  });
});
