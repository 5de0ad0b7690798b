import type { JsonObject } from '../json.ts';
import { type Data, exceedsLimit, toData } from './data.ts';
import type { State } from './definition.ts';
import { StateFailure } from './errors.ts';
import { type CurrentState, ExecutionEnded, type Run } from './execution.ts';
import { NOT_TRUNCATED, present } from './history.ts';
import type { Ending, Journal } from './journal.ts';
import { dataLimitExceeded, type Exit, StateScope } from './scope.ts';
import { runChoice } from './states/choice.ts';
import { runFail } from './states/fail.ts';
import { runPass } from './states/pass.ts';
import { runSucceed } from './states/succeed.ts';
import { runTask } from './states/task.ts';
import { runWait } from './states/wait.ts';
import type { TaskServices } from './task-services.ts';

/** Bytes that all variables of one execution may hold together. */
const VARIABLES_LIMIT_BYTES = 10 * 1024 * 1024;
/** So many cannot be too large together: each is held to the limit of a state's data when it is assigned. */
const VARIABLES_NEVER_TOO_LARGE = 32;

/**
 * Takes an execution from its first state, or from the one in which an earlier run left it, to its end and says how it ended; undefined when something else ended it
 * meanwhile. Never rejects: what should not happen fails the execution, visibly, as States.Runtime.
 */
export async function interpret(
  run: Run,
  input: Data,
  journal: Journal,
  services: TaskServices,
): Promise<Ending | undefined> {
  try {
    const output = await runStates(run, input, journal, services);
    return { status: 'SUCCEEDED', output: output.json };
  } catch (error) {
    if (error instanceof ExecutionEnded || run.ended.reason) return undefined;
    if (error instanceof StateFailure) return { status: 'FAILED', error: error.error, cause: error.failureCause };
    return { status: 'FAILED', error: 'States.Runtime', cause: `The local Step Functions broke: ${String(error)}` };
  }
}

async function runStates(run: Run, input: Data, journal: Journal, services: TaskServices): Promise<Data> {
  const { current } = run.record;
  const enterState = (name: string, data: Data) => enter(run, name, data, journal, services.clock.nowMs());
  let scope = current ? comeBack(run, current, journal) : enterState(run.machine.definition.startAt, input);
  for (;;) {
    const exit = await runState(scope, services);
    leave(scope, exit);
    if (exit.next === undefined) return exit.output;
    scope = enterState(exit.next, exit.output);
  }
}

/** To the state in which an earlier run left the execution. */
function comeBack(run: Run, current: CurrentState, journal: Journal): StateScope {
  return new StateScope(run, stateNamed(run, current.name), toData(current.input), current, journal);
}

function stateNamed(run: Run, name: string): State {
  const state = run.machine.definition.states.get(name);
  if (!state) throw new Error(`state ${name} is not in the definition`);
  return state;
}

function enter(run: Run, name: string, input: Data, journal: Journal, nowMs: number): StateScope {
  const state = stateNamed(run, name);
  if (exceedsLimit(input.json)) throw dataLimitExceeded(state.name);
  const details = { name: state.name, input: input.json, inputDetails: NOT_TRUNCATED };
  const enteredEventId = journal.append(`${state.type}StateEntered`, details);
  const current: CurrentState = {
    name: state.name,
    input: input.value,
    enteredMs: nowMs,
    enteredEventId,
    retryCount: 0,
    retrierCounts: [],
  };
  run.record.current = current;
  return new StateScope(run, state, input, current, journal);
}

async function runState(scope: StateScope, services: TaskServices): Promise<Exit> {
  const { state } = scope;
  switch (state.type) {
    case 'Pass':
      return runPass(scope, state);
    case 'Succeed':
      return runSucceed(scope, state);
    case 'Fail':
      return runFail(scope, state);
    case 'Wait':
      return runWait(scope, state, services.clock);
    case 'Choice':
      return runChoice(scope, state);
    case 'Task':
      return runTask(scope, state, services);
  }
}

function leave(scope: StateScope, { output, assigned }: Exit): void {
  const { run, state, journal } = scope;
  const assignedVariables = assigned && textsOf(assigned);
  journal.append(
    `${state.type}StateExited`,
    present({
      name: state.name,
      output: output.json,
      outputDetails: NOT_TRUNCATED,
      assignedVariables,
      assignedVariablesDetails: assignedVariables && NOT_TRUNCATED,
    }),
  );
  if (!assigned) return;
  const variables = Object.freeze({ ...run.record.variables, ...assigned });
  const isCertain = Object.keys(variables).length <= VARIABLES_NEVER_TOO_LARGE;
  if (!isCertain && JSON.stringify(variables).length > VARIABLES_LIMIT_BYTES) throw dataLimitExceeded(state.name);
  run.record.variables = variables;
}

function textsOf(assigned: JsonObject): JsonObject {
  const texts: JsonObject = {};
  for (const name of Object.keys(assigned)) texts[name] = JSON.stringify(assigned[name]);
  return texts;
}
