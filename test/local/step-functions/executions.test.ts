import { describe, expect, it } from 'vitest';
import { settle } from '../../conformance/manual-clock.ts';
import { engineUnderTest, eventTypesOf, FUNCTION_ARN } from './engine-under-test.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const wait = { A: { Type: 'Wait', Seconds: 60, End: true } };
const pass = { A: { Type: 'Pass', End: true } };

describe('the name of a Standard execution', () => {
  it('answers the open execution again for the same input', async () => {
    const { create, start } = engineUnderTest();
    const arn = create(wait);

    const first = await start(arn, { transaction_id: 'txn-1' }, 'txn-1');
    const second = await start(arn, { transaction_id: 'txn-1' }, 'txn-1');

    expect(second).toBe(first);
  });

  it.each([
    ['open with other input', wait, { other: 1 }],
    ['closed with the same input', pass, {}],
  ])('is taken while the execution is %s', async (_name, states, input) => {
    const { create, start } = engineUnderTest();
    const arn = create(states);
    await start(arn, {}, 'txn-1');

    await expect(start(arn, input, 'txn-1')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
  });

  it('is free again 90 days after the execution closed', async () => {
    const { create, start, clock } = engineUnderTest();
    const arn = create(pass);
    await start(arn, {}, 'txn-1');
    clock.after(90 * DAY_MS, () => undefined);
    clock.fireNext();

    expect((await start(arn, {}, 'txn-1')).status).toBe('SUCCEEDED');
  });

  it.each(['', 'a'.repeat(81), 'a b', 'a/b', 'a:b', 'a{b', 'a"b', 'a\u007fb'])(
    'is refused when it is %j',
    async (name) => {
      const { create, start } = engineUnderTest();

      await expect(start(create(pass), {}, name)).rejects.toMatchObject({ code: 'InvalidName' });
    },
  );
});

it('starts another Express execution for a name that repeats', async () => {
  const { create, start } = engineUnderTest();
  const arn = create(pass, { type: 'EXPRESS' });

  const first = await start(arn, {}, 'same');
  const second = await start(arn, {}, 'same');

  expect(second.executionArn).not.toBe(first.executionArn);
});

it.each([
  ['no JSON', '{nope'],
  ['over 256 KiB', JSON.stringify('é'.repeat(131_072))],
])('refuses an input that is %s', (_name, input) => {
  const { engine, create } = engineUnderTest();
  const stateMachineArn = create(pass);

  expect(() => engine.startExecution({ stateMachineArn, input })).toThrow(
    expect.objectContaining({ code: 'InvalidExecutionInput' }),
  );
});

describe('the end of an execution', () => {
  it('comes with the TimeoutSeconds of its machine', async () => {
    const record = await engineUnderTest().run(wait, {}, { timeoutSeconds: 5 });

    expect(record).toMatchObject({ status: 'TIMED_OUT', stopMs: record.startMs + 5000 });
    expect(record).not.toHaveProperty('error');
    expect(eventTypesOf(record).at(-1)).toBe('ExecutionTimedOut');
  });

  it('comes after five minutes for Express at the latest', async () => {
    const record = await engineUnderTest().run(
      { A: { Type: 'Wait', Seconds: 600, End: true } },
      {},
      { type: 'EXPRESS' },
    );

    expect(record).toMatchObject({ status: 'TIMED_OUT', stopMs: record.startMs + 300_000 });
  });

  it('comes with StopExecution, which aborts the task under way and is safe to repeat', async () => {
    let signal: AbortSignal | undefined;
    const { create, start, engine } = engineUnderTest(({ signal: given }) => {
      signal = given;
      return new Promise(() => undefined);
    });
    const { executionArn } = await start(create({ A: { Type: 'Task', Resource: FUNCTION_ARN, End: true } }));

    engine.stopExecution(executionArn, 'Operator', 'wrong customer');
    engine.stopExecution(executionArn, 'Again');
    await settle();

    expect(signal?.aborted).toBe(true);
    expect(engine.describeExecution(executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Operator',
      cause: 'wrong customer',
    });
    expect(engine.getExecutionHistory(executionArn).at(-1)).toMatchObject({ type: 'ExecutionAborted' });
  });

  it('comes for a machine that goes round without waiting, when its history is full', async () => {
    const record = await engineUnderTest().run({
      A: { Type: 'Pass', Next: 'B' },
      B: { Type: 'Choice', Choices: [{ Condition: true, Next: 'A' }], Default: 'C' },
      C: { Type: 'Succeed' },
    });

    expect(record).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(record.history).toHaveLength(25_000);
  });
});

describe('startSyncExecution', () => {
  it('resolves with the closed execution, failed or not', async () => {
    const { create, engine } = engineUnderTest();
    const stateMachineArn = create({ A: { Type: 'Fail', Error: 'Declined' } }, { type: 'EXPRESS' });

    expect(await engine.startSyncExecution({ stateMachineArn })).toMatchObject({ status: 'FAILED', error: 'Declined' });
  });

  it('refuses a Standard machine', async () => {
    const { create, engine } = engineUnderTest();

    await expect(engine.startSyncExecution({ stateMachineArn: create(pass) })).rejects.toMatchObject({
      code: 'StateMachineTypeNotSupported',
    });
  });
});

it('starts a machine by the ARN of its version or alias', async () => {
  const { create, engine, start } = engineUnderTest();
  const live = engine.qualifyStateMachine(create(pass), 'live');

  expect(await start(live)).toMatchObject({
    stateMachineArn: expect.stringMatching(/:stateMachine:machine$/),
    status: 'SUCCEEDED',
  });
});

it('is plain data all through: what is written down reads back the same', async () => {
  const { create, start } = engineUnderTest();
  const record = await start(
    create({ A: { Type: 'Pass', Assign: { x: '{% [1] %}' }, Next: 'B' }, B: { Type: 'Wait', Seconds: 9, End: true } }),
  );

  expect(JSON.parse(JSON.stringify(record))).toEqual(structuredClone(record));
  expect(record.current).toMatchObject({ name: 'B', dueMs: record.startMs + 9000 });
});

it('goes exactly alike for equal answers', async () => {
  const states = {
    A: {
      Type: 'Task',
      Resource: FUNCTION_ARN,
      Retry: [{ ErrorEquals: ['Error'], JitterStrategy: 'FULL', MaxAttempts: 5 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }],
      Next: 'B',
    },
    B: {
      Type: 'Pass',
      Output: '{% { "id": $uuid(), "now": $now(), "random": $random(), "order": $shuffle([1..9]) } %}',
      End: true,
    },
  };
  const once = async () => {
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    return engineUnderTest(async () => Promise.reject(new Error('always')), random).run(states);
  };

  expect(await once()).toEqual(await once());
});
