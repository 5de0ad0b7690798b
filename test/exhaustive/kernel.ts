import type { Stage } from '../../infra/stages.ts';
import { AwsError } from '../../local/aws/wire.ts';
import type { JsonObject, JsonValue } from '../../local/json.ts';
import { TaskError } from '../../local/step-functions/engine.ts';
import type { KeptOutcome } from '../../local/step-functions/execution.ts';
import type { LambdaAnswer } from '../../local/step-functions/tasks/lambda.ts';
import { createTaskRunner } from '../../local/step-functions/tasks/runner.ts';
import { type Answer, Database, type OnWrite, type Request } from '../simulation/database/database.ts';
import type { FunctionShape } from '../simulation/deployment.ts';
import type { Reply } from './calls.ts';
import type { Deployed } from './deployed.ts';
import { Machine, type Point, type Stop } from './execution.ts';
import { unheededBy } from './heard.ts';
import { instantsOf } from './instants.ts';
import { type Interned, Interner } from './interned.ts';
import { type Invocation, Invocations } from './invocation.ts';
import type { Scope } from './scope.ts';
import {
  itemName,
  keyOfProcess,
  type LambdaProcess,
  type MachineProcess,
  type Process,
  recordIn,
  type State,
  type Store,
} from './state.ts';
import type { Truth } from './truth.ts';

/** `arn:aws:lambda:region:account:function:name`; an eighth part is a version or an alias. */
const FUNCTION_ARN_PARTS = 7;

/** What a step leads to; `broken` names a promise that the step itself broke. */
export type Next = { readonly state: State; readonly broken?: string | undefined };
export type TaskStop = Extract<Stop, { kind: 'task' }>;

/** How a service answered a task. */
export type Answered =
  | { readonly kind: 'output'; readonly output: JsonObject }
  | { readonly kind: 'refused'; readonly code: string };

export const TIMED_OUT: KeptOutcome = { kind: 'timed-out', error: 'States.Timeout', cause: undefined, alsoMatches: [] };

export type Launch = {
  /** Of the process. */
  readonly name: string;
  readonly machine: MachineProcess['machine'];
  /** The execution's name. */
  readonly execution: string;
  readonly input: JsonValue;
};

type Given = { readonly answered?: Answered; readonly answer?: LambdaAnswer };

export type ItemCall = { readonly action: string; readonly request: Request };

/** What a call of DynamoDB does; `answer` is undefined where it was refused, and the reply says how. */
export type Effect = {
  readonly store: Interned<Store>;
  readonly answer: Answer | undefined;
  /** As a function hears of it. */
  readonly reply: Interned<Reply>;
};

/** What all steps are made of: processes that come, go on and end. Every method gives a new state and changes none. */
export class Kernel {
  readonly scope: Scope;
  readonly stage: Stage;
  readonly machines: Readonly<Record<MachineProcess['machine'], Machine>>;
  readonly invocations = new Invocations();
  readonly instants: readonly number[];
  readonly #deployed: Deployed;
  readonly #stores = new Interner<Store>();
  readonly #truths = new Interner<Truth>();
  readonly #processes = new Interner<Process>();
  readonly #outcomes = new Interner<KeptOutcome>();
  readonly #replies = new Interner<Reply>();
  /** By what is called, and the store as it stands: a call has the same effect each time. */
  readonly #effects = new WeakMap<object, Map<number, Effect>>();
  readonly #answers = new WeakMap<object, Map<string, Promise<Interned<KeptOutcome>>>>();

  constructor(scope: Scope, deployed: Deployed) {
    this.scope = scope;
    this.stage = deployed.stage;
    this.#deployed = deployed;
    this.instants = instantsOf(deployed.stage);
    this.machines = {
      submission: new Machine('payout-submission', 'EXPRESS', deployed.submission),
      settlement: new Machine('payout-settlement', 'STANDARD', deployed.settlement),
    };
  }

  store(store: Store): Interned<Store> {
    return this.#stores.intern(store);
  }

  truth(truth: Truth): Interned<Truth> {
    return this.#truths.intern(truth);
  }

  put(state: State, ...processes: readonly Process[]): State {
    const names = processes.map(({ name }) => name);
    const others = state.processes.filter(({ value }) => !names.includes(value.name));
    const put = processes.map((process) => this.#processes.intern(process, keyOfProcess(process)));
    const all = [...others, ...put].sort((one, other) => (one.value.name < other.value.name ? -1 : 1));
    return { ...state, processes: all };
  }

  remove(state: State, name: string): State {
    return { ...state, processes: state.processes.filter(({ value }) => value.name !== name) };
  }

  find(state: State, name: string): Process | undefined {
    return state.processes.find(({ value }) => value.name === name)?.value;
  }

  outcome(outcome: KeptOutcome): Interned<KeptOutcome> {
    return this.#outcomes.intern(outcome);
  }

  replyOf(reply: Reply): Interned<Reply> {
    return this.#replies.intern(reply);
  }

  /**
   * One call of DynamoDB about one item.
   * @param subject the same object whenever the same call is made
   */
  effectOf(store: Interned<Store>, subject: object, read: () => ItemCall): Effect {
    const effects = this.#effects.get(subject) ?? new Map<number, Effect>();
    this.#effects.set(subject, effects);
    const known = effects.get(store.id) ?? this.#runOnStore(store, read());
    effects.set(store.id, known);
    return known;
  }

  #runOnStore(store: Interned<Store>, { action, request }: ItemCall): Effect {
    const { tables } = this.#deployed.deployment;
    const items = { ...store.value };
    const note: OnWrite = (table, before, after) => {
      const shape = tables.find(({ name }) => name === table);
      const name = itemName(table, String((after ?? before)?.[shape?.hash ?? '']));
      delete items[name];
      if (after) items[name] = after;
    };
    const database = new Database({ shapes: tables, nowMs: () => 0, indexLagMs: () => 0, onWrite: note });
    for (const [name, item] of Object.entries(store.value)) {
      const [table = '', key = ''] = name.split(' ');
      database.table(table).write(key, item, 0);
    }
    try {
      const answer = database.call(action, request);
      const sorted = Object.fromEntries(Object.entries(items).sort(([one], [other]) => (one < other ? -1 : 1)));
      return { store: this.store(sorted), answer, reply: this.replyOf({ kind: 'stored', answer }) };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { store, answer: undefined, reply: this.replyOf({ kind: 'error', name: error.code }) };
    }
  }

  /** The function that a task invokes, with its event; undefined for a task that calls another service. */
  functionOf(stop: TaskStop): CalledFunction | undefined {
    if (stop.resource !== 'arn:aws:states:::lambda:invoke') return undefined;
    const { FunctionName: arn, Payload: event = {} } = stop.arguments as JsonObject;
    const shape = this.shapeOf(String(arn));
    return { shape, event, isLocal: LOCAL.includes(shape.name) };
  }

  /** By its ARN or its name. */
  shapeOf(arn: string): FunctionShape {
    // A function is called by its alias, which leads to the one version of the template.
    const unqualified = arn.split(':').slice(0, FUNCTION_ARN_PARTS).join(':');
    const shape = this.#deployed.functions.find((known) => known.arn === unqualified || known.name === arn);
    if (!shape) throw new Error(`${arn} is no function of the template.`);
    return shape;
  }

  /** An execution begins; what it does before its first task takes no time. */
  async launch(state: State, { name, machine, execution, input }: Launch): Promise<Next> {
    const point = await this.machines[machine].begin(execution, input, state.nowMs);
    return this.#reach(state, { kind: 'machine', name, machine, point, invocations: 0 }, point);
  }

  /** The attempt under way has ended so; the execution goes on to its next task, or to its end. */
  async decide(state: State, process: MachineProcess, outcome: Interned<KeptOutcome>): Promise<Next> {
    const point = await this.machines[process.machine].decide(process.point, outcome, state.nowMs);
    return this.#reach(state, process, point);
  }

  /** A service has answered the task. One that waits for its token goes on waiting. */
  async answerTask(state: State, process: MachineProcess, stop: TaskStop, answered: Answered): Promise<Next> {
    if (stop.token !== undefined && answered.kind === 'output') {
      return { state: this.put(state, { ...process, point: this.machines[process.machine].submit(process.point) }) };
    }
    return this.decide(state, process, await this.#outcomeOf(stop, { answered }));
  }

  /** The function has answered the task, or failed. */
  async answerInvoke(state: State, process: MachineProcess, stop: TaskStop, answer: LambdaAnswer): Promise<Next> {
    return this.decide(state, process, await this.#outcomeOf(stop, { answer }));
  }

  /** The function hears what came of its call, and goes on to its next one, or to its end. */
  async reply(state: State, process: LambdaProcess, reply: Interned<Reply>): Promise<Next> {
    const invocation = await this.invocations.answer(process.invocation, reply, state.nowMs);
    if (invocation.standing.kind === 'asks') return { state: this.put(state, { ...process, invocation }) };
    return this.#endInvocation(this.remove(state, process.name), process, invocation);
  }

  async invoke(
    state: State,
    process: Pick<LambdaProcess, 'name' | 'owner'>,
    { shape, event }: Pick<CalledFunction, 'shape'> & { readonly event: unknown },
  ): Promise<Next> {
    const invocation = await this.invocations.begin({ shape, event, attempt: process.name }, state.nowMs);
    const lambda = { kind: 'lambda' as const, ...process, startedMs: state.nowMs, invocation };
    if (invocation.standing.kind === 'asks') return { state: this.put(state, lambda) };
    return this.#endInvocation(state, lambda, invocation);
  }

  async #endInvocation(state: State, { owner }: LambdaProcess, invocation: Invocation): Promise<Next> {
    const broken = unheededBy(invocation, recordIn(state.store));
    const process = owner === undefined ? undefined : this.find(state, owner);
    if (process?.kind !== 'machine' || process.point.value.stop.kind !== 'task') return { state, broken };
    const next = await this.answerInvoke(state, process, process.point.value.stop, lambdaAnswerOf(invocation.standing));
    return { ...next, broken: broken ?? next.broken };
  }

  async #reach(state: State, process: MachineProcess, point: Interned<Point>): Promise<Next> {
    const { stop } = point.value;
    const reached = { ...process, point };
    if (stop.kind === 'ended') return this.#end(state, process, stop);
    const called = this.functionOf(stop);
    if (called === undefined || called.isLocal) return { state: this.put(state, reached) };
    const invocations = process.invocations + 1;
    const waiting = this.put(state, { ...reached, invocations });
    const name = `${called.shape.name} ${invocations} of ${process.name}`;
    return this.invoke(waiting, { name, owner: process.name }, called);
  }

  #end(
    state: State,
    { name, machine }: MachineProcess,
    { status, output, error }: Extract<Stop, { kind: 'ended' }>,
  ): Next {
    if (machine === 'submission')
      return { state: this.remove(state, name), broken: faultOfAnswer(state, status, output) };
    return { state: this.put(state, { kind: 'closed', name, status, error }) };
  }

  /** What Step Functions makes of an answer: its result, or its error by name. The real runner of tasks says it. */
  #outcomeOf(stop: TaskStop, given: Given): Promise<Interned<KeptOutcome>> {
    const answers = this.#answers.get(stop) ?? new Map<string, Promise<Interned<KeptOutcome>>>();
    this.#answers.set(stop, answers);
    const key = JSON.stringify(given);
    const known = answers.get(key) ?? outcomeOf(stop, given).then((outcome) => this.outcome(outcome));
    answers.set(key, known);
    return known;
  }
}

async function outcomeOf(stop: TaskStop, { answered, answer }: Given): Promise<KeptOutcome> {
  const run = createTaskRunner({
    invokeLambda: async () => answer ?? { payload: 'null' },
    aws: async () => {
      if (answered?.kind === 'output') return answered.output;
      throw new AwsError(answered?.code ?? 'InternalServerError', 'refused', { statusCode: 400 });
    },
    newId: () => 'id',
  });
  const call = { ...CALL, resource: stop.resource.replace('.waitForTaskToken', ''), arguments: stop.arguments };
  try {
    return { kind: 'result', value: await run(call) };
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    return { kind: 'failed', error: error.error, cause: error.taskCause, alsoMatches: [] };
  }
}

const CALL = { roleArn: '', stateMachineArn: '', executionArn: '', signal: new AbortController().signal };

function lambdaAnswerOf(standing: Invocation['standing']): LambdaAnswer {
  if (standing.kind === 'returned') return { payload: JSON.stringify(standing.result ?? null) };
  const { error, message } = standing.kind === 'threw' ? standing : { error: 'Lambda.Unknown', message: '' };
  return { payload: JSON.stringify({ errorType: error, errorMessage: message }), functionError: 'Unhandled' };
}

export type CalledFunction = { readonly shape: FunctionShape; readonly event: JsonValue; readonly isLocal: boolean };

/** They touch nothing that another process could see, so that their moment does not matter. */
const LOCAL: readonly string[] = ['validate-payout', 'decrypt-destination'];

/** What is wrong with the answer of a submission; undefined where nothing is. */
function faultOfAnswer(state: State, status: string, output: string): string | undefined {
  if (status !== 'SUCCEEDED') return `a submission ends as ${status}, without an answer`;
  const { statusCode, body } = (JSON.parse(output) ?? {}) as { statusCode?: number; body?: string };
  const record = recordIn(state.store);
  if (statusCode === 202 && !record) return 'the answer is 202, and nothing is recorded';
  if (statusCode === 422 && record?.status !== 'Failed')
    return 'the answer is 422 declined, and the payout is not Failed';
  if (statusCode === undefined || body === undefined) return `a submission answers ${output}`;
  return undefined;
}
