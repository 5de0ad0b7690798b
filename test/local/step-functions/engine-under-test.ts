import type { KeptMap } from '../../../local/data/kept-map.ts';
import type { JsonObject, JsonValue } from '../../../local/json.ts';
import { createStepFunctions, type StepFunctions, type TaskRunner } from '../../../local/step-functions/engine.ts';
import type { ExecutionRecord } from '../../../local/step-functions/execution.ts';
import type { PublishedLog } from '../../../local/step-functions/publish-log.ts';
import { ManualClock, settle } from '../../conformance/manual-clock.ts';

export const ROLE_ARN = 'arn:aws:iam::000000000000:role/machine';
export const FUNCTION_ARN = 'arn:aws:lambda:ap-southeast-2:000000000000:function:submit-payment';
/** A task that AWS lets wait for a token, whatever its runner does. */
export const CALLBACK = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';

/** More timers than any test needs. */
const TIMERS_MAX = 1_000;

export type UnderTest = {
  readonly engine: StepFunctions;
  readonly clock: ManualClock;
  readonly logs: PublishedLog[];
  /** Creates a machine in JSONata that starts at its first state. */
  create(states: JsonObject, options?: CreateOptions): string;
  /** Starts an execution and lets happen what needs no time. */
  start(stateMachineArn: string, input?: JsonValue, name?: string): Promise<ExecutionRecord>;
  /** Moves time on, timer by timer, until the execution closed or nothing is left to wait for. */
  runToEnd(record: ExecutionRecord): Promise<ExecutionRecord>;
  /** Creates, starts and runs to the end. */
  run(states: JsonObject, input?: JsonValue, options?: CreateOptions): Promise<ExecutionRecord>;
};

export type CreateOptions = {
  readonly name?: string;
  readonly type?: 'STANDARD' | 'EXPRESS';
  readonly timeoutSeconds?: number;
  readonly logGroupName?: string;
  readonly logLevel?: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  readonly includeExecutionData?: boolean;
};

export function definitionOf(states: JsonObject, timeoutSeconds?: number): string {
  const [startAt] = Object.keys(states);
  return JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: startAt,
    States: states,
    ...(timeoutSeconds !== undefined && { TimeoutSeconds: timeoutSeconds }),
  });
}

/** An engine on a clock that stands still, with ids 1, 2, 3, ... and no tasks unless a runner is given. */
export function engineUnderTest(
  runTask: TaskRunner = async () => null,
  random: () => number = () => 0.5,
  { clock = new ManualClock(), kept }: { readonly clock?: ManualClock; readonly kept?: KeptMap } = {},
): UnderTest {
  const logs: PublishedLog[] = [];
  let ids = 0;
  const engine = createStepFunctions({
    clock,
    newId: () => `id-${++ids}`,
    random,
    kept,
    runTask,
    publishLog: (line) => logs.push(line),
    accountId: '000000000000',
    region: 'ap-southeast-2',
  });
  const create: UnderTest['create'] = (
    states,
    { name = 'machine', type = 'STANDARD', timeoutSeconds, ...logging } = {},
  ) =>
    engine.createStateMachine({
      name,
      type,
      roleArn: ROLE_ARN,
      definition: definitionOf(states, timeoutSeconds),
      ...logging,
    });
  const start: UnderTest['start'] = async (stateMachineArn, input = {}, name) => {
    const record = engine.startExecution({
      stateMachineArn,
      input: JSON.stringify(input),
      ...(name !== undefined && { name }),
    });
    await settle();
    return record;
  };
  const runToEnd: UnderTest['runToEnd'] = async (record) => {
    for (let timers = 0; timers < TIMERS_MAX; timers++) {
      await settle();
      if (record.status !== 'RUNNING' || !clock.fireNext()) return record;
    }
    throw new Error('the execution goes round in circles');
  };
  const run: UnderTest['run'] = async (states, input, options) => runToEnd(await start(create(states, options), input));
  return { engine, clock, logs, create, start, runToEnd, run };
}

export function outputOf(record: ExecutionRecord): JsonValue {
  return JSON.parse(record.output ?? 'null') as JsonValue;
}

export function eventTypesOf(record: ExecutionRecord): string[] {
  return record.history.map(({ type }) => type);
}
