import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import type { TaskCall } from '../../../local/step-functions/engine.ts';
import { TaskError } from '../../../local/step-functions/errors.ts';
import { engineUnderTest, eventTypesOf, FUNCTION_ARN, outputOf } from './engine-under-test.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const task = { Type: 'Task', Resource: INVOKE, Arguments: { FunctionName: FUNCTION_ARN }, End: true };
const caught: JsonObject = { Type: 'Pass', End: true };

describe('a task', () => {
  it('is called with its evaluated arguments, its role and its execution', async () => {
    const calls: TaskCall[] = [];
    const { run } = engineUnderTest(async (call) => {
      calls.push(call);
      return { Payload: 1 };
    });

    const record = await run(
      { A: { ...task, Arguments: { n: '{% $states.input.n + 1 %}' }, Output: '{% $states.result.Payload %}' } },
      { n: 1 },
    );

    expect(calls).toMatchObject([
      {
        resource: INVOKE,
        arguments: { n: 2 },
        roleArn: 'arn:aws:iam::000000000000:role/machine',
        executionArn: record.executionArn,
      },
    ]);
    expect(outputOf(record)).toBe(1);
    expect(eventTypesOf(record)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('without Arguments gets the input of its state', async () => {
    const { run } = engineUnderTest(async (call) => call.arguments);

    expect(outputOf(await run({ A: { Type: 'Task', Resource: FUNCTION_ARN, End: true } }, { all: true }))).toEqual({
      all: true,
    });
  });

  it('is tried again after its delays, and then caught', async () => {
    const attemptsMs: number[] = [];
    const rig = engineUnderTest(async () => {
      attemptsMs.push(rig.clock.nowMs() - Date.UTC(2025, 0, 15));
      throw new TaskError('Busy', 'try later');
    });
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 3 }];
    const Catch = [
      {
        ErrorEquals: ['Busy'],
        Output: '{% $states.errorOutput %}',
        Assign: { retried: '{% $states.context.State.RetryCount %}' },
        Next: 'B',
      },
    ];

    const record = await rig.run({
      A: { ...task, End: undefined as never, Assign: { retried: 'never' }, Output: 'never', Retry, Catch, Next: 'B' },
      B: { ...caught, Output: { was: '{% $states.input %}', retried: '{% $retried %}' } },
    });

    expect(attemptsMs).toEqual([0, 2000, 8000]);
    expect(outputOf(record)).toEqual({ was: { Error: 'Busy', Cause: 'try later' }, retried: 2 });
  });

  it('fails the execution with its own error where nothing catches it', async () => {
    const { run } = engineUnderTest(async () => {
      throw new TaskError('PayoutConflictError', '{"errorType":"PayoutConflictError"}');
    });

    const record = await run({ A: { ...task, Catch: [{ ErrorEquals: ['Other'], Next: 'B' }] }, B: caught });

    expect(record).toMatchObject({
      status: 'FAILED',
      error: 'PayoutConflictError',
      cause: '{"errorType":"PayoutConflictError"}',
    });
  });

  it('can catch the failure of its own arguments', async () => {
    const record = await engineUnderTest().run({
      A: {
        ...task,
        Arguments: '{% $states.input.nothing %}',
        Catch: [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'B' }],
      },
      B: caught,
    });

    expect(outputOf(record)).toMatchObject({ Error: 'States.QueryEvaluationError' });
    expect(eventTypesOf(record)).toContain('EvaluationFailed');
  });

  it('leaves its answer to the one who gave it', async () => {
    const answer = { list: [1] };
    const { run } = engineUnderTest(async () => answer);

    const record = await run({ A: { ...task } });
    answer.list.push(2);

    expect(outputOf(record)).toEqual({ list: [1] });
  });

  it('fails with States.DataLimitExceeded when its answer is over 256 KiB, which States.ALL takes', async () => {
    const { run } = engineUnderTest(async () => 'é'.repeat(131_072));

    const record = await run({ A: { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }] }, B: caught });

    expect(outputOf(record)).toMatchObject({ Error: 'States.DataLimitExceeded' });
  });
});

describe('a timeout', () => {
  it('is told to a runner that asks for its signal only afterwards', async () => {
    let given: { readonly signal: AbortSignal } | undefined;
    const rig = engineUnderTest((call) => {
      given = call;
      return new Promise(() => undefined);
    });
    const started = await rig.start(rig.create({ A: { ...task, TimeoutSeconds: 5, End: true } }));
    rig.clock.fireNext();
    await rig.runToEnd(started);
    expect(given?.signal.aborted).toBe(true);
  });

  it('ends the attempt, tells the runner, and ignores what it answers later', async () => {
    let signal: AbortSignal | undefined;
    let answerLate: (() => void) | undefined;
    const rig = engineUnderTest(({ signal: given }) => {
      signal = given;
      return new Promise((resolve) => {
        answerLate = () => resolve({ late: true });
      });
    });
    const started = await rig.start(
      rig.create({
        A: { ...task, TimeoutSeconds: '{% 2 + 3 %}', Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B' }] },
        B: { Type: 'Wait', Seconds: 1, End: true },
      }),
    );

    rig.clock.fireNext();
    answerLate?.();
    const record = await rig.runToEnd(started);

    expect(signal?.aborted).toBe(true);
    expect(outputOf(record)).toEqual({ Error: 'States.Timeout', Cause: '' });
    expect(eventTypesOf(record).filter((type) => type.startsWith('Task'))).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskTimedOut',
      'TaskStateExited',
    ]);
    expect(rig.clock.nowMs()).toBe(Date.UTC(2025, 0, 15) + 6000);
  });

  it('leaves no timer behind when the task is in time', async () => {
    const rig = engineUnderTest();

    await rig.run({ A: { ...task, TimeoutSeconds: 5, HeartbeatSeconds: 2 } });

    expect(rig.clock.fireNext()).toBe(false);
  });
});

describe('state data', () => {
  it('over 256 KiB ends the execution, and no catcher is asked', async () => {
    const record = await engineUnderTest().run({
      A: { Type: 'Pass', Output: '{% $pad("", 262144, "x") %}', End: true },
    });

    expect(record).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('of exactly 256 KiB passes', async () => {
    const record = await engineUnderTest().run({
      A: { Type: 'Pass', Output: '{% $pad("", 262142, "x") %}', End: true },
    });

    expect(record.status).toBe('SUCCEEDED');
  });
});

describe('a Choice', () => {
  it('without a rule that holds and without Default fails with States.NoChoiceMatched', async () => {
    const record = await engineUnderTest().run({
      A: { Type: 'Choice', Choices: [{ Condition: '{% false %}', Next: 'B' }] },
      B: caught,
    });

    expect(record).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
  });

  it('takes nothing but true and false as a condition', async () => {
    const record = await engineUnderTest().run({
      A: { Type: 'Choice', Choices: [{ Condition: "{% 'yes' %}", Next: 'B' }] },
      B: caught,
    });

    expect(record.cause).toContain(
      "The JSONata expression ''yes'' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string' for value: \"yes\"",
    );
  });
});

describe('a Wait', () => {
  it.each<[string, JsonObject, number]>([
    ['for seconds', { Seconds: '{% $states.input.n * 2 %}' }, 6000],
    ['until a time', { Timestamp: '2025-01-15T00:01:00Z' }, 60_000],
    ['until a time elsewhere', { Timestamp: '{% "2025-01-15T11:01:00.250+11:00" %}' }, 60_250],
    ['not at all for a time that has passed', { Timestamp: '2024-01-01T00:00:00Z' }, 0],
  ])('waits %s', async (_name, fields, waitedMs) => {
    const rig = engineUnderTest();

    const record = await rig.run({ A: { Type: 'Wait', ...fields, End: true } }, { n: 3 });

    expect([record.status, rig.clock.nowMs() - record.startMs]).toEqual(['SUCCEEDED', waitedMs]);
  });

  it.each([
    '05-12-2016T21:29:29Z',
    '2016-12-05T25:29:29Z',
    '2016-13-05T21:29:29Z',
    '2016-12-05 21:29:29Z',
    '2016-12-05T21:29:29',
    '2025-02-29T00:00:00Z',
  ])('refuses the time %s', async (time) => {
    const record = await engineUnderTest().run(
      { A: { Type: 'Wait', Timestamp: '{% $states.input %}', End: true } },
      time,
    );

    expect(record).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(`format string: ${time}`),
    });
  });
});
