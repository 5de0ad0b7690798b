import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../local/json.ts';
import { TaskError, type TaskRunner } from '../../../local/step-functions/engine.ts';
import type { ExecutionRecord } from '../../../local/step-functions/execution.ts';
import { ManualClock, settle } from '../../conformance/manual-clock.ts';
import {
  CALLBACK,
  engineUnderTest,
  eventTypesOf,
  FUNCTION_ARN,
  outputOf,
} from '../step-functions/engine-under-test.ts';
import { MemoryMap } from './memory-map.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';
const START_MS = Date.UTC(2025, 0, 15);
const invoke = (FunctionName: string) => ({ Resource: INVOKE, Arguments: { FunctionName } });

/** Every kind of step, each one with something that must not be lost: variables, deadlines, tokens, counts of retries. */
const STATES: JsonObject = {
  Begin: { Type: 'Pass', Assign: { who: '{% $states.input.who %}' }, Output: {}, Next: 'Rest' },
  Rest: { Type: 'Wait', Seconds: 60, Next: 'Pay' },
  Pay: {
    Type: 'Task',
    ...invoke('pay'),
    Assign: { paid: 'yes' },
    Catch: [{ ErrorEquals: ['Lambda.Unknown'], Assign: { paid: 'unknown' }, Output: {}, Next: 'Await' }],
    Next: 'Await',
  },
  Await: {
    Type: 'Task',
    Resource: CALLBACK,
    Arguments: { QueueUrl: 'q', MessageBody: '{% $states.context.Task.Token %}' },
    TimeoutSeconds: 120,
    Retry: [{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 5, MaxAttempts: 3 }],
    Assign: { rung: '{% $states.result %}' },
    Next: 'Look',
  },
  Look: {
    Type: 'Task',
    ...invoke('look'),
    Retry: [{ ErrorEquals: ['Busy', 'Lambda.Unknown'], IntervalSeconds: 10, MaxAttempts: 3 }],
    Next: 'Done',
  },
  Done: { Type: 'Succeed', Output: { who: '{% $who %}', paid: '{% $paid %}', rung: '{% $rung %}' } },
};

/** The world outside: what the tasks call, which outlives every engine. */
class World {
  readonly calls: string[] = [];
  readonly tokens: string[] = [];

  readonly runTask: TaskRunner = async ({ arguments: given }) => {
    const { FunctionName, MessageBody } = given as { FunctionName?: string; MessageBody?: string };
    this.calls.push(FunctionName ?? 'send');
    await settle();
    if (MessageBody !== undefined) this.tokens.push(MessageBody);
    const looks = this.calls.filter((call) => call === 'look').length;
    if (FunctionName === 'look' && looks < 3) throw new TaskError('Busy', 'try again');
    return { Payload: {} };
  };
}

/** Lets an engine work to the end, ringing with every token that the world was given, as often as it can. */
async function finish(under: ReturnType<typeof engineUnderTest>, world: World, record: ExecutionRecord): Promise<void> {
  for (let timers = 0; timers < 100 && record.status === 'RUNNING'; timers++) {
    for (let turn = 0; turn < 6; turn++) await settle();
    for (const token of world.tokens) {
      try {
        under.engine.sendTaskSuccess(token, '"by hand"');
      } catch {
        // Its attempt is over.
      }
    }
    for (let turn = 0; turn < 6; turn++) await settle();
    if (record.status === 'RUNNING' && !under.clock.fireNext()) throw new Error('nothing is left to wait for');
  }
}

describe('a Standard execution whose process is killed', () => {
  it('comes to its end from every write, and never does again in silence what may have been done', async () => {
    const world = new World();
    const moments: { callCount: number; tokenCount: number; nowMs: number }[] = [];
    const clock = new ManualClock();
    const whole = new MemoryMap([], () => {
      moments.push({ callCount: world.calls.length, tokenCount: world.tokens.length, nowMs: clock.nowMs() });
    });
    const first = engineUnderTest(world.runTask, () => 0.5, { clock, kept: whole });
    await finish(first, world, await first.start(first.create(STATES), { who: 'Mia' }, 'one'));
    expect(world.calls).toEqual(['pay', 'send', 'look', 'look', 'look']);
    expect(moments.length).toBeGreaterThan(10);

    const ends: JsonObject[] = [];
    // The first write is the machine's, the second one the execution's start.
    for (let count = 2; count < moments.length; count++) {
      const at = moments[count - 1];
      // What was called between this write and the next one may have been called before the kill.
      const until = moments[count];
      const after = new World();
      after.calls.push(...world.calls.slice(0, until?.callCount));
      after.tokens.push(...world.tokens.slice(0, until?.tokenCount));
      const kept = new MemoryMap(whole.writes.slice(0, count));
      const second = engineUnderTest(after.runTask, () => 0.5, {
        clock: new ManualClock((at?.nowMs ?? 0) + 500),
        kept,
      });
      const record = second.engine.describeExecution(
        first.engine.listExecutions(machineArn(first))[0]?.executionArn ?? '',
      );
      second.engine.resume();
      await finish(second, after, record);
      expect(record.status, `after ${count} writes`).toBe('SUCCEEDED');
      expect(
        after.calls.filter((call) => call === 'pay'),
        `after ${count} writes`,
      ).toHaveLength(1);
      expect(record.history.map(({ id }) => id)).toEqual(record.history.map((_, index) => index + 1));
      ends.push(outputOf(record) as JsonObject);
    }
    expect(ends.every(({ who, rung }) => who === 'Mia' && rung === 'by hand')).toBe(true);
    expect(new Set(ends.map(({ paid }) => paid))).toEqual(new Set(['yes', 'unknown']));
  });

  const machineArn = ({ engine }: ReturnType<typeof engineUnderTest>) =>
    engine.listStateMachines()[0]?.stateMachineArn ?? '';

  /** Starts, works until `moment`, is killed, and stands again `downMs` later, before it resumes. */
  async function restart(
    states: JsonObject,
    runTask: TaskRunner,
    workMs: number,
    downMs: number,
    replaced?: JsonObject,
  ) {
    const kept = new MemoryMap();
    const clock = new ManualClock();
    const first = engineUnderTest(runTask, () => 0.5, { clock, kept });
    const { executionArn } = await first.start(first.create(states), {}, 'one');
    for (let turn = 0; turn < 6; turn++) await settle();
    while (clock.nowMs() < START_MS + workMs && clock.fireNext()) await settle();
    const again = new MemoryMap(kept.writes);
    const later = new ManualClock(clock.nowMs() + downMs);
    const second = engineUnderTest(runTask, () => 0.5, { clock: later, kept: again });
    if (replaced) second.create(replaced);
    return { ...second, kept: again, record: second.engine.describeExecution(executionArn) };
  }

  const WAIT: JsonObject = { Rest: { Type: 'Wait', Seconds: 60, Next: 'End' }, End: { Type: 'Succeed' } };

  it('goes on waiting until its original time', async () => {
    const { engine, record, runToEnd, clock } = await restart(WAIT, async () => null, 0, 45_000);
    engine.resume();
    await runToEnd(record);
    expect([record.status, clock.nowMs() - START_MS]).toEqual(['SUCCEEDED', 60_000]);
  });

  it('goes on at once when its time has passed meanwhile', async () => {
    const { engine, record, clock, runToEnd } = await restart(WAIT, async () => null, 0, 90_000);
    engine.resume();
    await runToEnd(record);
    expect([record.status, clock.nowMs() - START_MS]).toEqual(['SUCCEEDED', 90_000]);
  });

  it('goes on by the definition that it was started with', async () => {
    const other: JsonObject = { Rest: { Type: 'Wait', Seconds: 60, Next: 'Stop' }, Stop: { Type: 'Fail' } };
    const { engine, record, runToEnd } = await restart(WAIT, async () => null, 0, 0, other);
    engine.resume();
    expect((await runToEnd(record)).status).toBe('SUCCEEDED');
  });

  it('times out as a whole at its original time', async () => {
    const kept = new MemoryMap();
    const first = engineUnderTest(
      async () => null,
      () => 0.5,
      { kept },
    );
    const { executionArn } = await first.start(first.create(WAIT, { timeoutSeconds: 30 }), {}, 'one');
    const later = new ManualClock(START_MS + 40_000);
    const { engine, runToEnd } = engineUnderTest(
      async () => null,
      () => 0.5,
      { clock: later, kept },
    );
    engine.resume();
    expect((await runToEnd(engine.describeExecution(executionArn))).status).toBe('TIMED_OUT');
  });

  it('times out in its wait for a token when that time has passed, and the token is dead', async () => {
    const states = { Await: { ...(STATES['Await'] as JsonObject), End: true, Retry: [] } } as JsonObject;
    delete (states['Await'] as JsonObject)['Next'];
    const tokens: string[] = [];
    const send: TaskRunner = async ({ arguments: given }) => {
      tokens.push((given as { MessageBody: string }).MessageBody);
      return {};
    };
    const { engine, record, runToEnd } = await restart(states, send, 0, 121_000);
    engine.resume();
    await runToEnd(record);
    expect(record).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(() => engine.sendTaskSuccess(tokens[0] ?? '', '1')).toThrow(/does not exist anymore/);
    expect(tokens).toHaveLength(1);
  });

  it('has taken what a token brought as soon as its bringer is answered', async () => {
    const kept = new MemoryMap();
    const tokens: string[] = [];
    const send: TaskRunner = async ({ arguments: given }) => {
      tokens.push((given as { MessageBody: string }).MessageBody);
      return {};
    };
    const { Next: _next, ...wait } = STATES['Await'] as JsonObject;
    const first = engineUnderTest(send, () => 0.5, { kept });
    const { executionArn } = await first.start(first.create({ Await: { ...wait, End: true } }), {}, 'one');
    for (let turn = 0; turn < 6; turn++) await settle();
    first.engine.sendTaskSuccess(tokens[0] ?? '', '"rung"');
    const { engine, runToEnd } = engineUnderTest(send, () => 0.5, { kept: new MemoryMap(kept.writes) });
    engine.resume();
    expect(outputOf(await runToEnd(engine.describeExecution(executionArn)))).toBe('rung');
    expect(tokens).toHaveLength(1);
  });

  it('waits for the rest of the delay before the next attempt, and counts on', async () => {
    const times: number[] = [];
    const look: JsonObject = {
      Type: 'Task',
      Resource: FUNCTION_ARN,
      Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10, MaxAttempts: 2 }],
      End: true,
    };
    let nowMs = () => 0;
    const fail: TaskRunner = async () => {
      times.push(nowMs() - START_MS);
      throw new TaskError('Busy', undefined);
    };
    const kept = new MemoryMap();
    const first = engineUnderTest(fail, () => 0.5, { kept });
    nowMs = () => first.clock.nowMs();
    const { executionArn } = await first.start(first.create({ Look: look }), {}, 'one');
    for (let turn = 0; turn < 6; turn++) await settle();
    const clock = new ManualClock(START_MS + 4_000);
    const { engine, runToEnd } = engineUnderTest(fail, () => 0.5, { clock, kept: new MemoryMap(kept.writes) });
    nowMs = () => clock.nowMs();
    engine.resume();
    expect((await runToEnd(engine.describeExecution(executionArn))).error).toBe('Busy');
    expect(times).toEqual([0, 10_000, 30_000]);
  });

  it('fails the attempt of a function that was at work, as Lambda fails one that ends without an answer', async () => {
    const calls: string[] = [];
    const hang: TaskRunner = ({ resource }) => {
      calls.push(resource);
      return new Promise(() => undefined);
    };
    const { engine, record, runToEnd } = await restart(
      { Pay: { Type: 'Task', Resource: FUNCTION_ARN, End: true } },
      hang,
      0,
      0,
    );
    engine.resume();
    await runToEnd(record);
    expect(record).toMatchObject({ status: 'FAILED', error: 'Lambda.Unknown' });
    expect(eventTypesOf(record).slice(-4)).toEqual([
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionFailed',
      'ExecutionFailed',
    ]);
    expect(calls).toHaveLength(1);
  });

  it('holds its name: the same start finds it, another one is refused, until it is 90 days closed', async () => {
    const { engine, record, runToEnd, create, start, clock, kept } = await restart(WAIT, async () => null, 0, 0);
    const arn = create(WAIT);
    expect((await start(arn, {}, 'one')).startMs).toBe(START_MS);
    engine.resume();
    await runToEnd(record);
    const days = (count: number) => new ManualClock(clock.nowMs() + count * 86_400_000);
    const before = engineUnderTest(
      async () => null,
      () => 0.5,
      { clock: days(89), kept: new MemoryMap(kept.writes) },
    );
    await expect(before.start(before.create(WAIT), {}, 'one')).rejects.toThrow(/Execution Already Exists/);
    const after = engineUnderTest(
      async () => null,
      () => 0.5,
      { clock: days(90), kept: new MemoryMap(kept.writes) },
    );
    expect((await after.start(after.create(WAIT), {}, 'one')).status).toBe('RUNNING');
  });

  it('ends with its process when it is Express', async () => {
    const kept = new MemoryMap();
    const first = engineUnderTest(
      async () => null,
      () => 0.5,
      { kept },
    );
    await first.start(first.create(WAIT, { type: 'EXPRESS' }), {});
    expect(kept.writes).toEqual([]);
  });
});
