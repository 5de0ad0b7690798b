import type { JsonValue } from '../../local/json.ts';
import type { ExecutionRecord } from '../../local/step-functions/execution.ts';
import type { ExecutionCase } from './case.ts';
import { compare } from './compare.ts';
import { createMachine, createRig, type Rig, runToEnd } from './rig.ts';
import { ScriptedTasks } from './scripted-tasks.ts';
import { retriesOf, statesEnteredOf, taskTimesOf, traceOf } from './trace.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Runs a recorded execution against its script and compares everything that was recorded. */
export async function runExecutionCase(given: ExecutionCase): Promise<Verdict> {
  const tasks: ScriptedTasks = new ScriptedTasks(given.tasks, () => rig.engine);
  const rig: Rig = createRig(tasks.run);
  const machine = createMachine(rig, given.definition, given.type);
  if ('verdict' in machine) return machine.verdict;

  const { executionArn } = rig.engine.startExecution({
    stateMachineArn: machine.arn,
    input: JSON.stringify(given.input),
  });
  const stopsIt = given.expected.status === 'ABORTED';
  const record = await runToEnd(rig, executionArn, () => {
    if (tasks.callBack()) return true;
    if (stopsIt) rig.engine.stopExecution(executionArn);
    return stopsIt;
  });
  return verdictOf([
    ...compareEnd(given.expected, record),
    ...tasks.differences,
    ...tasks.missingCalls,
    ...compareTaskTimes(given, record),
    ...comparePath(given.expected, record),
  ]);
}

function compareEnd(expected: ExecutionCase['expected'], record: ExecutionRecord): string[] {
  return [
    ...compare(expected.status, record.status, 'status'),
    ...compareOptional(expected.output, record.output === undefined ? undefined : JSON.parse(record.output), 'output'),
    ...compareOptional(expected.error, record.error, 'error'),
    ...compareOptional(expected.cause, record.cause, 'cause'),
  ];
}

/** A key that the recording has not is one that AWS did not give. */
function compareOptional(expected: JsonValue | undefined, actual: JsonValue | undefined, at: string): string[] {
  if (expected !== undefined) return compare(expected, actual, at);
  return actual === undefined ? [] : [`${at}: AWS has nothing here, got ${JSON.stringify(actual)}`];
}

function compareTaskTimes({ tasks }: ExecutionCase, record: ExecutionRecord): string[] {
  const times = taskTimesOf(record.history);
  return tasks.flatMap(({ timeoutSeconds, heartbeatSeconds }, index) => [
    ...(timeoutSeconds === undefined
      ? []
      : compare(timeoutSeconds, times[index]?.timeout, `tasks[${index}].timeoutSeconds`)),
    ...(heartbeatSeconds === undefined
      ? []
      : compare(heartbeatSeconds, times[index]?.heartbeat, `tasks[${index}].heartbeatSeconds`)),
  ]);
}

function comparePath(expected: ExecutionCase['expected'], { history }: ExecutionRecord): string[] {
  const { statesEntered, retries, eventTypes, endEventId, trace } = expected;
  return [
    ...(statesEntered ? compare([...statesEntered], statesEnteredOf(history), 'statesEntered') : []),
    ...(retries ? compare({ ...retries }, retriesOf(history), 'retries') : []),
    ...(eventTypes
      ? compare(
          [...eventTypes],
          history.map(({ type }) => type),
          'eventTypes',
        )
      : []),
    ...(endEventId === undefined ? [] : compare(endEventId, history.length, 'endEventId')),
    ...(trace ? compare(trace as unknown as JsonValue, traceOf(history), 'trace') : []),
  ];
}
