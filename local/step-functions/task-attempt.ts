import type { Cancel } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { copyData, type Data, exceedsLimit } from './data.ts';
import type { TaskState } from './definition.ts';
import { StateFailure, TaskError } from './errors.ts';
import { ExecutionEnded } from './execution.ts';
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
  const outcome = await decide(scope, resource, attempt, services, events);
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

function decide(
  scope: StateScope,
  resource: TaskState['resource'],
  attempt: Attempt,
  services: TaskServices,
  events: TaskEvents,
): Promise<Outcome> {
  const { run, current } = scope;
  const { clock, tokens } = services;
  return new Promise((resolve, reject) => {
    const call = new AbortController();
    const cancels: Cancel[] = [];
    let open = true;
    const close = () => {
      if (!open) return false;
      open = false;
      for (const cancel of cancels) cancel();
      delete current.token;
      delete current.dueMs;
      return true;
    };
    const settle = (outcome: Outcome) => {
      if (!close()) return;
      if (outcome.kind === 'timed-out') call.abort(outcome.failure);
      resolve(outcome);
    };

    const onEnded = () => {
      if (!close()) return;
      const ended = new ExecutionEnded(`${run.record.executionArn} ended during ${current.name}`);
      call.abort(ended);
      reject(ended);
    };
    run.ended.signal.addEventListener('abort', onEnded, { once: true });
    cancels.push(() => run.ended.signal.removeEventListener('abort', onEnded));

    if (attempt.timeoutMs !== undefined) {
      current.dueMs = clock.nowMs() + attempt.timeoutMs;
      cancels.push(clock.after(attempt.timeoutMs, () => settle(timedOut([]))));
    }
    const heartbeat = startHeartbeat(attempt.heartbeatMs, services, () =>
      settle(timedOut(['States.HeartbeatTimeout'])),
    );
    cancels.push(heartbeat.stop);

    if (attempt.token !== undefined) {
      current.token = attempt.token;
      const callback: TokenCallback = {
        success: (value) => settle({ kind: 'result', value }),
        failure: (error, cause) => settle({ kind: 'failed', failure: new StateFailure(error, cause) }),
        heartbeat: heartbeat.beat,
      };
      cancels.push(tokens.open(attempt.token, callback));
    }

    const answered = (value: JsonValue) => {
      if (!open) return;
      if (attempt.token === undefined) settle({ kind: 'result', value });
      else events.submitted(copyData(value).json);
    };
    const refused = (error: unknown) => settle({ kind: 'failed', failure: toFailure(error) });
    // The last catch is for a history that is full: the event of the answer itself could not be written.
    callRunner(scope, resource, attempt, services, call.signal).then(answered, refused).catch(reject);
  });
}

/** A runner that throws at once rejects like one that fails later. */
async function callRunner(
  { run }: StateScope,
  resource: TaskState['resource'],
  attempt: Attempt,
  services: TaskServices,
  signal: AbortSignal,
): Promise<JsonValue> {
  return services.runTask({
    resource: resource.text,
    arguments: attempt.taskArguments.value,
    roleArn: run.machine.roleArn,
    stateMachineArn: run.record.stateMachineArn,
    executionArn: run.record.executionArn,
    signal,
  });
}

/** `States.Timeout` without a cause, as AWS was recorded for both kinds; a missed heartbeat goes by its own name too. */
function timedOut(alsoMatches: readonly string[]): Outcome {
  return { kind: 'timed-out', failure: new StateFailure('States.Timeout', undefined, { alsoMatches }) };
}

function toFailure(error: unknown): StateFailure {
  if (error instanceof TaskError) return new StateFailure(error.error, error.taskCause, { cause: error });
  return new StateFailure('States.TaskFailed', String(error), { cause: error });
}

function startHeartbeat(
  heartbeatMs: number | undefined,
  { clock }: TaskServices,
  onMissed: () => void,
): { beat: () => void; stop: Cancel } {
  if (heartbeatMs === undefined) return { beat: () => undefined, stop: () => undefined };
  let cancel = clock.after(heartbeatMs, onMissed);
  const beat = () => {
    cancel();
    cancel = clock.after(heartbeatMs, onMissed);
  };
  return { beat, stop: () => cancel() };
}
