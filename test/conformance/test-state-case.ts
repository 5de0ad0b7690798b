import type { JsonObject, JsonValue } from '../../local/json.ts';
import { isObject } from '../../local/step-functions/data.ts';
import type { State } from '../../local/step-functions/definition.ts';
import { StateFailure, TaskError } from '../../local/step-functions/errors.ts';
import type { ExecutionRecord } from '../../local/step-functions/execution.ts';
import type { HistoryEvent } from '../../local/step-functions/history.ts';
import { findCatcher, nextAttemptDelayMs } from '../../local/step-functions/retry.ts';
import type { TestStateCase } from './case.ts';
import { compare } from './compare.ts';
import { createMachine, createRig, runToEnd } from './rig.ts';
import { type Verdict, verdictOf } from './verdict.ts';

type Request = TestStateCase['request'];

/**
 * The engine has no TestState; the state is run alone, with stubs where it leads to, in an Express machine, which is
 * what AWS's own answers show of their context. Requests that AWS refused are about TestState itself and refused here.
 */
export async function runTestStateCase(given: TestStateCase): Promise<Verdict> {
  const { request, expected } = given;
  if (expected['apiError'] !== undefined)
    return { kind: 'refused', reason: 'TestState and its own checks are not run' };
  if (request.context || request.variables) return { kind: 'refused', reason: 'TestState with a context is not run' };
  const name = request.stateName ?? 'StateName';
  const rig = createRig(async () => mocked(request));
  const machine = createMachine(rig, aloneWithStubs(name, stateOf(request, name)), 'EXPRESS');
  if ('verdict' in machine) return machine.verdict;

  const input = JSON.stringify(request.input ?? {});
  const { executionArn } = rig.engine.startExecution({ stateMachineArn: machine.arn, input });
  const record = await runToEnd(rig, executionArn);
  const state = rig.engine.describeStateMachine(machine.arn).definition.states.get(name);
  if (!state) throw new Error(`${name} is not in its own machine`);
  const answer = answerOf(record, state, request);
  return verdictOf(compare(expected, answer, 'answer'));
}

function stateOf({ definition }: Request, name: string): JsonObject {
  const states = definition['States'];
  const state = isObject(states) ? states[name] : definition;
  const language = definition['QueryLanguage'];
  return { ...(isObject(state) ? state : {}), ...(language !== undefined && { QueryLanguage: language }) };
}

function aloneWithStubs(name: string, state: JsonObject): JsonObject {
  const targets = [...JSON.stringify(state).matchAll(/"(?:Next|Default)":("(?:[^"\\]|\\.)*")/g)];
  const names = targets.map(([, text]) => JSON.parse(text ?? '""') as string);
  const stubs = names.map((target): [string, JsonValue] => [target, { Type: 'Succeed', QueryLanguage: 'JSONata' }]);
  return { StartAt: name, States: { ...Object.fromEntries(stubs), [name]: state } };
}

function mocked({ mock }: Request): JsonValue {
  if (mock?.errorOutput) throw new TaskError(mock.errorOutput.error, mock.errorOutput.cause);
  return JSON.parse(mock?.result ?? 'null') as JsonValue;
}

function answerOf(record: ExecutionRecord, state: State, request: Request): JsonObject {
  const { history } = record;
  const left = history.find(({ type }) => type.endsWith('StateExited'))?.details;
  const next = history.filter(({ type }) => type.endsWith('StateEntered'))[1]?.details?.['name'];
  const failed = history.find(({ type }) => type === 'TaskFailed')?.details;
  const failure = failed && { error: failed['error'] ?? '', cause: failed['cause'] ?? '' };
  const retry = failed && retryOf(failed, state, request);
  const inspectionData = inspect(history, state, request, retry?.details);
  if (retry) return { status: 'RETRIABLE', ...failure, ...inspectionData };
  if (!left) return { status: 'FAILED', ...failure, ...inspectionData };
  return {
    status: failure ? 'CAUGHT_ERROR' : 'SUCCEEDED',
    ...failure,
    ...(next !== undefined && { nextState: next }),
    output: JSON.parse(String(left['output'])) as JsonValue,
    ...inspectionData,
  };
}

function retryOf(
  failed: JsonObject,
  state: State,
  { stateConfiguration }: Request,
): { details: JsonObject } | undefined {
  if (state.type !== 'Task') return undefined;
  const failure = new StateFailure(String(failed['error']), String(failed['cause']));
  const before = Number(stateConfiguration?.['retrierRetryCount'] ?? 0);
  const counts = state.retriers.map(() => before);
  const delayMs = nextAttemptDelayMs(state.retriers, counts, failure, () => 1);
  if (delayMs === undefined) return undefined;
  const retryIndex = counts.findIndex((count) => count > before);
  return { details: { retryBackoffIntervalSeconds: delayMs / 1000, retryIndex } };
}

function inspect(
  history: readonly HistoryEvent[],
  state: State,
  { input, inspectionLevel }: Request,
  retry: JsonObject | undefined,
): { inspectionData?: JsonObject } {
  if (inspectionLevel === undefined || inspectionLevel === 'INFO') return {};
  const parameters = history.find(({ type }) => type === 'TaskScheduled')?.details?.['parameters'];
  const failed = history.find(({ type }) => type === 'TaskFailed')?.details;
  const catchIndex = failed && state.type === 'Task' ? catchIndexOf(failed, state.catchers) : undefined;
  const errorDetails = retry ?? (catchIndex === undefined ? undefined : { catchIndex });
  return {
    inspectionData: {
      input: input ?? {},
      ...(typeof parameters === 'string' && { afterArguments: JSON.parse(parameters) as JsonValue }),
      ...(errorDetails && { errorDetails }),
    },
  };
}

function catchIndexOf(failed: JsonObject, catchers: Parameters<typeof findCatcher>[0]): number | undefined {
  const catcher = findCatcher(catchers, new StateFailure(String(failed['error']), String(failed['cause'])));
  return catcher && catchers.indexOf(catcher);
}
