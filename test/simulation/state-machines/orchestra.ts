import { ACCOUNT_ID, REGION } from '../../../local/aws/account.ts';
import { AwsError } from '../../../local/aws/wire.ts';
import type { JsonObject } from '../../../local/json.ts';
import { createStepFunctions, type StepFunctions, type TaskCall } from '../../../local/step-functions/engine.ts';
import type { ExecutionRecord } from '../../../local/step-functions/execution.ts';
import { type HistoryEvent, NOT_TRUNCATED } from '../../../local/step-functions/history.ts';
import type { LambdaAnswer } from '../../../local/step-functions/tasks/lambda.ts';
import { createTaskRunner } from '../../../local/step-functions/tasks/runner.ts';
import type { MachineShape } from '../deployment.ts';
import { INVOKE_FAULTS, TASK_FAULTS } from '../faults.ts';
import { joined } from '../joined.ts';
import type { Lambda, Outcome } from '../lambda/lambda.ts';
import { latencyMs, latenessMs, type Surroundings } from '../surroundings.ts';
import { Footsteps, type Visits } from './coverage.ts';
import { answerExpressionsFrom, parseOnce } from './definitions.ts';

export type OrchestraDeps = {
  readonly around: Surroundings;
  readonly machines: readonly MachineShape[];
  readonly lambda: Lambda;
  /** Any service but Lambda, as the wire has it. @throws {AwsError} */
  readonly call: (service: string, action: string, input: JsonObject) => JsonObject;
  readonly newId: (name: string) => string;
  readonly visits: Visits;
  /** What tells one call of a service from another in the counts, e.g. its table. */
  readonly describe: (service: string, input: JsonObject) => string;
  readonly onClosed: (execution: ExecutionRecord) => void;
};

/** What is known of an execution beside its record. */
type Part = { readonly name: string; readonly footsteps: Footsteps; readonly entries: Map<string, number> };

/** The real state machines on the local Step Functions; whatever a task calls may go wrong on its way. */
export class Orchestra {
  readonly stepFunctions: StepFunctions;
  readonly #deps: OrchestraDeps;
  readonly #parts = new Map<string, Part>();
  readonly #running = new Set<ExecutionRecord>();
  #nextName: string | undefined;

  constructor(deps: OrchestraDeps) {
    this.#deps = deps;
    const { time, chance } = deps.around;
    let ids = 0;
    let draws = 0;
    const sources = {
      clock: time,
      newId: () => deps.newId(`engine ${ids++}`),
      random: () => chance.unit(`engine ${draws++}`),
    };
    answerExpressionsFrom(sources);
    this.stepFunctions = createStepFunctions({
      ...sources,
      runTask: (call) => this.#runTask(call),
      onEvent: (record, event) => this.#onEvent(record, event),
      parse: parseOnce,
      accountId: ACCOUNT_ID,
      region: REGION,
    });
    for (const { aliases, ...machine } of deps.machines) {
      const arn = this.stepFunctions.createStateMachine(machine);
      for (const alias of aliases) this.stepFunctions.qualifyStateMachine(arn, alias);
    }
  }

  /** The ARN of a machine by the end of its name, e.g. `submission`. */
  arnOf(suffix: string): string {
    const found = this.stepFunctions.listStateMachines().find(({ name }) => name.endsWith(`-${suffix}`));
    if (!found) throw new Error(`The template has no machine ${suffix}`);
    return found.stateMachineArn;
  }

  /** Starts an execution. `as` names it in the run, where its own name is left to chance. */
  start(input: { stateMachineArn: string; input: string; name?: string }, as?: string): ExecutionRecord {
    this.#nextName = as;
    try {
      return this.stepFunctions.startExecution(input);
    } finally {
      this.#nextName = undefined;
    }
  }

  runningExecutions(): ReadonlySet<ExecutionRecord> {
    return this.#running;
  }

  #partOf(record: ExecutionRecord): Part {
    const known = this.#parts.get(record.executionArn);
    if (known) return known;
    const machine = record.stateMachineArn.slice(record.stateMachineArn.lastIndexOf('-') + 1);
    const machineName = record.stateMachineArn.slice(record.stateMachineArn.lastIndexOf(':') + 1);
    const part = {
      name: this.#nextName ?? `${machine} ${shortened(record.name)}`,
      footsteps: new Footsteps(machineName, this.#deps.visits),
      entries: new Map<string, number>(),
    };
    this.#parts.set(record.executionArn, part);
    return part;
  }

  #onEvent(record: ExecutionRecord, event: HistoryEvent): void {
    const part = this.#partOf(record);
    const { observe, trace } = this.#deps.around;
    observeDetails(event, part, observe);
    if (event.type === 'ExecutionStarted') this.#running.add(record);
    const state = part.footsteps.follow(event);
    if (state !== undefined) {
      part.entries.set(state, (part.entries.get(state) ?? 0) + 1);
      trace.note(part.name, () => `enters ${state}`);
      if (record.type === 'EXPRESS') this.#perhapsStop(record, part, state);
    }
    if (/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(event.type)) this.#onEnding(record, event, part);
  }

  /** The record is closed only after its last event. */
  #onEnding(record: ExecutionRecord, { type, details }: HistoryEvent, part: Part): void {
    this.#deps.around.trace.note(part.name, () => `${type} ${details?.['error'] ?? ''}`);
    this.#running.delete(record);
    this.#deps.around.time.after(0, () => this.#deps.onClosed(record));
  }

  /** An Express execution lives in one place, and is gone with it. */
  #perhapsStop(record: ExecutionRecord, { name, entries }: Part, state: string): void {
    const { gate, time } = this.#deps.around;
    const label = `${machineOf(record)}: ${state} is entered`;
    const point = `${name} enters ${state} ${entries.get(state)}`;
    if (!gate.at({ name: point, label, service: 'express', kinds: ['execution lost'] })) return;
    time.after(0, () => this.stepFunctions.stopExecution(record.executionArn));
  }

  #runTask(call: TaskCall) {
    const { newId } = this.#deps;
    const record = this.stepFunctions.describeExecution(call.executionArn);
    const { name, entries } = this.#partOf(record);
    const state = record.current?.name ?? '';
    const point = `${name} ${state} ${entries.get(state)}.${record.current?.retryCount}`;
    const label = joined(machineOf(record), ': ', state);
    const run = createTaskRunner({
      invokeLambda: (functionArn, payload) => this.#invoke(functionArn, payload, point, label),
      aws: (service, action, input) => this.#callAws({ service, action, input, point, label }),
      newId: () => newId(point),
    });
    return run(call);
  }

  #invoke(functionArn: string, payload: string, point: string, label: string): Promise<LambdaAnswer> {
    const { around, lambda } = this.#deps;
    const { time, chance, gate } = around;
    return new Promise((resolve, reject) => {
      const takesMs = latencyMs(chance, point);
      const run = (respond: (outcome: Outcome) => void) =>
        lambda.invoke(functionArn, JSON.parse(payload), `${point}>`, respond);
      const answer = (outcome: Outcome) => resolve(answerOf(outcome));
      const fault = gate.at({ name: point, label, service: 'lambda', kinds: INVOKE_FAULTS });
      switch (fault) {
        case undefined:
          return void time.after(takesMs, () => run(answer));
        case 'throttled':
          return void time.after(takesMs, () => reject(new AwsError('TooManyRequestsException', 'Rate exceeded')));
        case 'failed-before':
          return void time.after(takesMs, () => reject(new AwsError('ServiceException', 'Something failed')));
        case 'failed-during':
          time.after(takesMs, () => run(() => undefined));
          return void time.after(2 * takesMs, () => reject(new AwsError('ServiceException', 'Something failed')));
        case 'killed-at-start':
          return void time.after(takesMs, () => run(answer).kill());
        case 'killed-at-end':
          return void time.after(takesMs, () => run(() => answer(GONE)));
        case 'unheard':
          return void time.after(takesMs, () => run(() => undefined));
        case 'late':
          return void time.after(latenessMs(chance, point), () => run(() => undefined));
        default:
          throw new Error(`An invocation does not know the fault ${fault}`);
      }
    });
  }

  #callAws(task: {
    readonly service: string;
    readonly action: string;
    readonly input: JsonObject;
    readonly point: string;
    readonly label: string;
  }): Promise<JsonObject> {
    const { service, action, input, point, label } = task;
    const { around, call, describe } = this.#deps;
    const { time, chance, gate, trace } = around;
    return new Promise((resolve, reject) => {
      const takesMs = latencyMs(chance, point);
      const what = `${action} ${describe(service, input)}`;
      const perform = (done: (output: JsonObject) => void, failed: (error: unknown) => void) => {
        try {
          const output = call(service, action, input);
          trace.note(point, () => `${what}: done`);
          done(output);
        } catch (error) {
          trace.note(point, () => `${what}: ${error instanceof AwsError ? error.code : String(error)}`);
          failed(error);
        }
      };
      const unheard = () =>
        perform(
          () => undefined,
          () => undefined,
        );
      const fault = gate.at({ name: point, label: joined(label, ' ', `(${action})`), service, kinds: TASK_FAULTS });
      switch (fault) {
        case undefined:
          return void time.after(takesMs, () => perform(resolve, reject));
        case 'throttled':
          return void time.after(takesMs, () => reject(new AwsError('ThrottlingException', 'Rate exceeded')));
        case 'denied':
          return void time.after(takesMs, () => reject(new AwsError('AccessDeniedException', 'Not authorised')));
        case 'lost':
          time.after(takesMs, unheard);
          return void time.after(2 * takesMs, () => reject(new AwsError('SdkClientException', 'The answer was lost')));
        case 'unheard':
          return void time.after(takesMs, unheard);
        case 'late':
          return void time.after(latenessMs(chance, point), unheard);
        default:
          throw new Error(`A task does not know the fault ${fault}`);
      }
    });
  }
}

/** What a history shows is text: inputs, outputs, parameters and variables as JSON, errors and causes as they are. */
function observeDetails({ type, details }: HistoryEvent, { name }: Part, observe: Surroundings['observe']): void {
  if (!details) return;
  for (const key of Object.keys(details)) {
    const shown = details[key];
    if (typeof shown === 'string') observe(type, name, shown);
    else if (typeof shown === 'object' && shown !== NOT_TRUNCATED) observe(type, name, JSON.stringify(shown));
  }
}

function machineOf({ stateMachineArn }: ExecutionRecord): string {
  return stateMachineArn.slice(stateMachineArn.lastIndexOf('-') + 1);
}

const GONE: Outcome = {
  kind: 'failed',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Runtime exited without providing a reason',
};

function answerOf(outcome: Outcome): LambdaAnswer {
  if (outcome.kind === 'answered') return { payload: outcome.payload };
  const { errorType, errorMessage } = outcome;
  return { payload: JSON.stringify({ errorType, errorMessage, trace: [] }), functionError: 'Unhandled' };
}

/** Enough of a transaction id to tell payouts apart, and what a later guard's name has behind it. */
function shortened(name: string): string {
  const [prefixed, whole] = ['txn-00000000'.length, 'txn-00000000-0000-0000-0000-000000000000'.length];
  return name.slice(0, prefixed) + name.slice(whole);
}
