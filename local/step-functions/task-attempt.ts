import type { Cancel } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { copyData, type Data, exceedsLimit } from './data.ts';
import type { TaskState } from './definition.ts';
import { StateFailure, TaskError } from './errors.ts';
import { ExecutionEnded, type KeptOutcome } from './execution.ts';
import { dataLimitExceeded, type StateScope } from './scope.ts';
import { type TaskEvents, taskEvents } from './task-events.ts';
import type { TaskServices } from './task-services.ts';
import type { TokenCallback } from './task-tokens.ts';

export type Attempt = {
  readonly taskArguments: Data;
  readonly timeoutMs: number | undefined;
  readonly heartbeatMs: number | undefined;
  /** Present when the task waits for its token. */
  readonly token: string | undefined;
};

/** How an attempt ended. */
type Outcome =
  | { readonly kind: 'result'; readonly value: JsonValue }
  | { readonly kind: 'failed'; readonly failure: StateFailure }
  | { readonly kind: 'timed-out'; readonly failure: StateFailure };

/**
 * One attempt of a task, with its events.
 *
 *     call ──────────────▶ answer                 the answer ends the attempt, unless it waits for its token
 *     call ──▶ answer ─ ─ ─ ─ ─▶ callback         TaskSubmitted, then the callback ends it
 *     call ─ ─ ─▶ callback                        a callback may overtake the answer, which then counts no more
 *
 * The first of answer, callback, timeout, missed heartbeat and end of the execution decides; whatever follows is ignored.
 *
 * @throws {StateFailure} when the attempt fails or times out
 */
export async function runAttempt(
  scope: StateScope,
  resource: TaskState['resource'],
  attempt: Attempt,
  services: TaskServices,
): Promise<Data> {
  const events = taskEvents(resource, scope.journal);
  events.scheduled(attempt.taskArguments.json, services.region, attempt.timeoutMs, attempt.heartbeatMs);
  events.started();
  begin(scope, attempt, services.clock.nowMs());
  const call = (signalOf: () => AbortSignal) => callRunner(scope, resource, attempt, services, signalOf);
  return conclude(await decide(scope, services, events, call), resource, events);
}

/**
 * Goes on with an attempt that the end of an earlier run interrupted, to its original deadline. What was not answered by then
 * has failed: it is not known to have been done, and is never done again in silence.
 *
 * @throws {StateFailure} when the attempt fails or times out
 */
export async function resumeAttempt(
  scope: StateScope,
  resource: TaskState['resource'],
  services: TaskServices,
): Promise<Data> {
  const { current } = scope;
  const events = taskEvents(resource, scope.journal);
  if (current.phase === 'submitted') return conclude(await decide(scope, services, events), resource, events);
  const kept = current.phase === 'decided' ? current.outcome : undefined;
  return conclude(kept ? fromKept(kept) : cutOff(resource), resource, events);
}

/** Kept before the call goes out, so that a call that an end of the process interrupts is known to have been under way. */
function begin({ current, run }: StateScope, attempt: Attempt, nowMs: number): void {
  const { token, timeoutMs, heartbeatMs } = attempt;
  current.phase = 'calling';
  if (token !== undefined) current.token = token;
  if (timeoutMs !== undefined) current.dueMs = nowMs + timeoutMs;
  if (heartbeatMs !== undefined) current.heartbeat = { everyMs: heartbeatMs, dueMs: nowMs + heartbeatMs };
  run.save();
}

function conclude(outcome: Outcome, resource: TaskState['resource'], events: TaskEvents): Data {
  if (outcome.kind === 'result') {
    const data = copyData(outcome.value);
    if (!exceedsLimit(data.json)) {
      events.succeeded(data.json);
      return data;
    }
    const name = resource.kind === 'service' ? resource.resourceType : resource.text;
    return fail({ kind: 'failed', failure: dataLimitExceeded(name, { terminal: false }) }, events);
  }
  return fail(outcome, events);
}

function fail({ kind, failure }: Exclude<Outcome, { kind: 'result' }>, events: TaskEvents): never {
  if (kind === 'timed-out') events.timedOut(failure.error ?? 'States.Timeout');
  else events.failed(failure.error, failure.failureCause);
  throw failure;
}

/**
 * @param call sends the attempt out; without one it was sent out by an earlier run, and its token is waited for
 */
function decide(
  scope: StateScope,
  services: TaskServices,
  events: TaskEvents,
  call?: (signalOf: () => AbortSignal) => Promise<JsonValue>,
): Promise<Outcome> {
  const { run, current } = scope;
  const { clock, tokens } = services;
  const { token, dueMs } = current;
  return new Promise((resolve, reject) => {
    // Made for those who ask: it costs more than the rest of an attempt, and only what runs outside of this process can be broken off.
    let ending: AbortController | undefined;
    let endedBecause: Error | undefined;
    const signalOf = () => {
      ending ??= new AbortController();
      if (endedBecause) ending.abort(endedBecause);
      return ending.signal;
    };
    const breakOff = (reason: Error) => {
      endedBecause = reason;
      ending?.abort(reason);
    };
    const cancels: Cancel[] = [];
    let open = true;
    const close = () => {
      if (!open) return false;
      open = false;
      for (const cancel of cancels) cancel();
      delete current.token;
      delete current.dueMs;
      delete current.heartbeat;
      return true;
    };
    const settle = (outcome: Outcome) => {
      if (!close()) return;
      current.phase = 'decided';
      current.outcome = toKept(outcome);
      // Before whoever brought the outcome is answered.
      run.save();
      if (outcome.kind === 'timed-out') breakOff(outcome.failure);
      resolve(outcome);
    };

    const onEnded = () => {
      if (!close()) return;
      const ended = new ExecutionEnded(`${run.record.executionArn} ended during ${current.name}`);
      breakOff(ended);
      reject(ended);
    };
    cancels.push(run.ended.onEnd(onEnded));

    if (dueMs !== undefined) {
      cancels.push(clock.after(Math.max(0, dueMs - clock.nowMs()), () => settle(timedOut([]))));
    }
    const heartbeat = startHeartbeat(scope, services, () => settle(timedOut(['States.HeartbeatTimeout'])));
    cancels.push(heartbeat.stop);

    if (token !== undefined) {
      const callback: TokenCallback = {
        success: (value) => settle({ kind: 'result', value }),
        failure: (error, cause) => settle({ kind: 'failed', failure: new StateFailure(error, cause) }),
        heartbeat: heartbeat.beat,
      };
      cancels.push(tokens.open(token, callback));
    }

    const answered = (value: JsonValue) => {
      if (!open) return;
      if (token === undefined) return settle({ kind: 'result', value });
      events.submitted(JSON.stringify(value ?? null));
      current.phase = 'submitted';
      run.save();
    };
    const refused = (error: unknown) => settle({ kind: 'failed', failure: toFailure(error) });
    // The last catch is for a history that is full: the event of the answer itself could not be written.
    call?.(signalOf).then(answered, refused).catch(reject);
  });
}

/** A runner that throws at once rejects like one that fails later. */
async function callRunner(
  { run }: StateScope,
  resource: TaskState['resource'],
  attempt: Attempt,
  services: TaskServices,
  signalOf: () => AbortSignal,
): Promise<JsonValue> {
  return services.runTask({
    resource: resource.text,
    arguments: attempt.taskArguments.value,
    roleArn: run.machine.roleArn,
    stateMachineArn: run.record.stateMachineArn,
    executionArn: run.record.executionArn,
    get signal() {
      return signalOf();
    },
  });
}

/** `States.Timeout` without a cause, as AWS was recorded for both kinds; a missed heartbeat goes by its own name too. */
function timedOut(alsoMatches: readonly string[]): Outcome {
  return { kind: 'timed-out', failure: new StateFailure('States.Timeout', undefined, { alsoMatches }) };
}

const CUT_OFF_CAUSE = 'The process ended while the task was under way. Whether the task was done is not known.';

/**
 * A function that ends without an answer is `Lambda.Unknown`, and not one of Lambda's service exceptions, which machines retry as
 * if the function had not run
 * (https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html); any other call has only failed.
 */
function cutOff(resource: TaskState['resource']): Outcome {
  const isFunction = resource.kind !== 'service' || resource.resourceType === 'lambda';
  const error = isFunction ? 'Lambda.Unknown' : 'States.TaskFailed';
  return { kind: 'failed', failure: new StateFailure(error, CUT_OFF_CAUSE) };
}

function toKept(outcome: Outcome): KeptOutcome {
  if (outcome.kind === 'result') return outcome;
  const { error, failureCause: cause, alsoMatches } = outcome.failure;
  return { kind: outcome.kind, error, cause, alsoMatches };
}

function fromKept(kept: KeptOutcome): Outcome {
  if (kept.kind === 'result') return kept;
  const { kind, error, cause, alsoMatches } = kept;
  return { kind, failure: new StateFailure(error, cause, { alsoMatches }) };
}

function toFailure(error: unknown): StateFailure {
  if (error instanceof TaskError) return new StateFailure(error.error, error.taskCause, { cause: error });
  return new StateFailure('States.TaskFailed', String(error), { cause: error });
}

function startHeartbeat(
  { current: { heartbeat }, run }: StateScope,
  { clock }: TaskServices,
  onMissed: () => void,
): { beat: () => void; stop: Cancel } {
  if (!heartbeat) return { beat: () => undefined, stop: () => undefined };
  let cancel = clock.after(Math.max(0, heartbeat.dueMs - clock.nowMs()), onMissed);
  const beat = () => {
    cancel();
    heartbeat.dueMs = clock.nowMs() + heartbeat.everyMs;
    run.save();
    cancel = clock.after(heartbeat.everyMs, onMissed);
  };
  return { beat, stop: () => cancel() };
}
