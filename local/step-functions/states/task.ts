import type { JsonValue } from '../../json.ts';
import { type Data, exceedsLimit, toData } from '../data.ts';
import type { TaskState } from '../definition.ts';
import { sleepWithin } from '../end-of-run.ts';
import { StateFailure } from '../errors.ts';
import { findCatcher, nextAttemptDelayMs } from '../retry.ts';
import { dataLimitExceeded, type Exit, type StateScope } from '../scope.ts';
import { resumeAttempt, runAttempt } from '../task-attempt.ts';
import type { TaskServices } from '../task-services.ts';
import type { Template } from '../template.ts';

/**
 * Attempts the task until it succeeds, a catcher takes its failure, or neither retrier nor catcher does. Every failure
 * of an attempt counts, that of its fields (States.QueryEvaluationError) too. Bounded by the retriers' MaxAttempts and
 * by the length of a history.
 */
export async function runTask(scope: StateScope, state: TaskState, services: TaskServices): Promise<Exit> {
  const { current } = scope;
  if (current.phase === 'retrying') await retryDelay(scope, services);
  for (;;) {
    try {
      const isUnderWay = current.phase !== undefined;
      const result = await (isUnderWay
        ? resumeAttempt(scope, state.resource, services)
        : attempt(scope, state, services));
      return { next: state.next, ...(await scope.shape(state, { result: result.value }, result)) };
    } catch (failure) {
      if (!(failure instanceof StateFailure)) throw failure;
      if (await waitForRetry(scope, state, failure, services)) continue;
      return catchFailure(scope, state, failure);
    }
  }
}

async function attempt(scope: StateScope, state: TaskState, services: TaskServices): Promise<Data> {
  const waits = state.resource.kind === 'service' && state.resource.pattern === 'waitForTaskToken';
  const token = waits ? services.tokens.issue(scope.run.record) : undefined;
  const taskArguments = await evaluateArguments(scope, state, token);
  const timeoutMs = state.timeoutSeconds && (await durationMs(scope, state.timeoutSeconds));
  const heartbeatMs = state.heartbeatSeconds && (await durationMs(scope, state.heartbeatSeconds));
  return runAttempt(scope, state.resource, { taskArguments, timeoutMs, heartbeatMs, token }, services);
}

async function evaluateArguments(
  scope: StateScope,
  state: TaskState,
  token: string | undefined,
): Promise<{ value: JsonValue; json: string }> {
  // Without Arguments a task gets the state's input, as the language's specification says of every query language.
  if (!state.arguments) return scope.input;
  const data = toData(await scope.evaluate(state.arguments, {}, token));
  if (exceedsLimit(data.json)) throw dataLimitExceeded(state.name);
  return data;
}

async function durationMs(scope: StateScope, field: Template): Promise<number> {
  const seconds = await scope.evaluateAs('number', field);
  if (Number.isInteger(seconds) && seconds > 0) return seconds * 1000;
  const path = field.kind === 'expression' ? field.path : '';
  throw scope.evaluationFailed(path, `The ${path} field must be a positive integer, but was: ${seconds}`);
}

async function waitForRetry(
  scope: StateScope,
  state: TaskState,
  failure: StateFailure,
  services: TaskServices,
): Promise<boolean> {
  const { current, run } = scope;
  const delayMs = nextAttemptDelayMs(state.retriers, current.retrierCounts, failure, services.random);
  if (delayMs === undefined) return false;
  current.retryCount += 1;
  current.phase = 'retrying';
  current.dueMs = services.clock.nowMs() + delayMs;
  delete current.outcome;
  run.save();
  await retryDelay(scope, services);
  return true;
}

/** The rest of the delay, when the run was interrupted by the end of the process. */
async function retryDelay({ current, run }: StateScope, { clock }: TaskServices): Promise<void> {
  await sleepWithin(run.ended, clock, Math.max(0, (current.dueMs ?? 0) - clock.nowMs()));
  delete current.dueMs;
  delete current.phase;
}

async function catchFailure(scope: StateScope, state: TaskState, failure: StateFailure): Promise<Exit> {
  const catcher = findCatcher(state.catchers, failure);
  if (!catcher) throw failure;
  const { errorOutput } = failure;
  return { next: catcher.next, ...(await scope.shape(catcher, { errorOutput }, toData(errorOutput))) };
}
