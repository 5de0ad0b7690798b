import type { JsonObject } from '../json.ts';
import type { State } from './definition.ts';
import type { CurrentState, Run } from './execution.ts';

/** The input as every context of one execution shows it, parsed once. */
const executionInputs = new WeakMap<Run, JsonObject>();

/**
 * `$states.context` (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html). As AWS was
 * recorded: `RetryCount` only for states that can be retried, `RedriveCount` only in Standard executions, `Task.Token`
 * only while the arguments of a task that waits for it are evaluated.
 */
export function contextObject(run: Run, current: CurrentState, state: State, token: string | undefined): JsonObject {
  const entered = { Name: current.name, EnteredTime: new Date(current.enteredMs).toISOString() };
  const context: JsonObject = {
    Execution: executionContext(run),
    StateMachine: { Id: run.record.stateMachineArn, Name: run.machine.name },
    State: state.type === 'Task' ? { ...entered, RetryCount: current.retryCount } : entered,
  };
  if (token !== undefined) context['Task'] = { Token: token };
  return context;
}

function executionContext(run: Run): JsonObject {
  const known = executionInputs.get(run);
  if (known) return known;
  const { record, machine } = run;
  const context: JsonObject = {
    Id: record.executionArn,
    Input: JSON.parse(record.input),
    StartTime: new Date(record.startMs).toISOString(),
    Name: record.name,
    RoleArn: machine.roleArn,
  };
  if (record.type === 'STANDARD') context['RedriveCount'] = 0;
  Object.freeze(context);
  executionInputs.set(run, context);
  return context;
}
