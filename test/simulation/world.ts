import type { Payout } from '../../domain/payout.ts';
import { type Answer as ApiAnswer, problemAnswer } from '../../domain/problem.ts';
import type { ResubmissionMode } from '../../domain/submission-rule.ts';
import { sydneyDayOf } from '../../domain/sydney-day.ts';
import type { HttpRequest } from '../../functions/adapters/monoova/http-exchange.ts';
import type { MetricName } from '../../functions/shared/ports.ts';
import type { ExecutionRecord } from '../../local/step-functions/execution.ts';
import { httpStatusOf, inShort, lookEventOf, proxyEventOf, submissionInputOf } from './api.ts';
import { createClients, describe, readWireRequest } from './aws/clients.ts';
import { Letters } from './aws/letters.ts';
import { createServices } from './aws/services.ts';
import type { Caller } from './caller.ts';
import { Checks, type PayoutEnd } from './checks/checks.ts';
import type { Choices } from './choices.ts';
import { Client, type ClientDeps, type Look, type PostRequest } from './clients/client.ts';
import { customerOf, type Intent, intentOf } from './clients/intent.ts';
import { SECRETS, Vault } from './clients/vault.ts';
import { Database, type OnWrite } from './database/database.ts';
import { type Item, toStored } from './database/stored-value.ts';
import type { Deployment, FunctionShape } from './deployment.ts';
import { Doorbells } from './doorbells.ts';
import { type FaultCounts, FaultGate } from './fault-gate.ts';
import type { Fault } from './faults.ts';
import { COMPOSITIONS } from './functions/compositions.ts';
import { resolvingFrom } from './functions/resolving.ts';
import { idFrom } from './ids.ts';
import { type Compose, type FunctionWorld, functionDeps } from './lambda/environment.ts';
import { Lambda } from './lambda/lambda.ts';
import { DailyLimits } from './limits.ts';
import type { Profile } from './monoova/bank.ts';
import { exchangeWith } from './monoova/exchange.ts';
import { Monoova } from './monoova/monoova.ts';
import { Webhooks } from './monoova/webhooks.ts';
import { Mornings } from './people/mornings.ts';
import { Operator } from './people/operator.ts';
import { Restorer } from './people/restorer.ts';
import { SecondPerson } from './people/second-person.ts';
import type { Visits } from './state-machines/coverage.ts';
import { Orchestra } from './state-machines/orchestra.ts';
import type { Surroundings } from './surroundings.ts';
import { Trace, type TraceLine } from './trace.ts';
import { showTimeOf } from './virtual-date.ts';
import { type Ending, VirtualTime } from './virtual-time.ts';

export type WorldSettings = {
  readonly profile: Profile;
  readonly resubmission: ResubmissionMode;
  /** Which payouts of the run are asked for, from 1. By default as many as chance says, 1 to 5. */
  readonly payouts?: readonly number[] | undefined;
  /** 0, a half or all of the webhooks never come. */
  readonly lostWebhooks: number;
  readonly isTraced?: boolean | undefined;
};

export type WorldOptions = {
  readonly choices: Choices;
  /** Machines may be mutants: their definitions are run as they are given. */
  readonly deployment: Deployment;
  readonly settings: WorldSettings;
  /** By default the real handlers over the real adapters (functions/compositions.ts). */
  readonly compositions?: Readonly<Record<string, Compose>>;
  /** What is recorded before the first request. */
  readonly records?: readonly Payout[] | undefined;
  /** Sees every change of a table before it happens, after the checks. */
  readonly onWrite?: OnWrite;
  readonly witness?: Witness;
  /** Counted on, over many runs. */
  readonly faultCounts?: FaultCounts;
  readonly visits?: Visits;
};

/** Sees what a run tells people, and what it asks of Monoova. */
export type Witness = {
  readonly onCounted?: (metric: MetricName) => void;
  /** Whatever becomes of the request. */
  readonly onCall?: (request: HttpRequest) => void;
  readonly onLog?: (whose: string, line: string) => void;
  /** A function throws: the error's name and message. */
  readonly onThrown?: (error: string) => void;
  /** Somebody rings a guard's doorbell. */
  readonly onRing?: () => void;
  /** People are told something. */
  readonly onNotice?: (message: string) => void;
  /** An answer leaves the API, heard or not. */
  readonly onAnswer?: (answer: ApiAnswer) => void;
  /** An execution ends, whichever way. */
  readonly onClosed?: (execution: ExecutionRecord) => void;
};

export type Violation = { readonly invariant: string; readonly words: string; readonly atMs: number };

export type WorldEnd = {
  /** The first thing that should never have happened; the run ended there. */
  readonly violation: Violation | undefined;
  readonly ending: Ending;
  /** Every fault that came about: with the seed, they repeat the run. */
  readonly faults: readonly Fault[];
  readonly trace: readonly TraceLine[];
  readonly startMs: number;
  /** Of a run that was not broken off. */
  readonly payouts: readonly PayoutEnd[];
  /** Each answer that left the API, heard or not: its HTTP status, `replayed` where it says so, and the code of its problem. */
  readonly answers: readonly string[];
  /** The subject of each message to people. */
  readonly notices: readonly string[];
  /** What the daily counters hold beyond what the run began with, in cents, by their ids. */
  readonly countedCents: Readonly<Record<string, number>>;
  readonly elapsedMs: number;
};

const START_MS = Date.UTC(2026, 10, 23, 0, 30);
/** A run has a few hundred events; one that has so many goes round in circles. */
const EVENTS_MAX = 200_000;
/** In one run. */
export const PAYOUTS_MAX = 5;
/** The first finds what was open yesterday; a payout of that very day has to wait for the second. */
const MORNINGS_MAX = 3;
const REVISION_RAISED_BY = 1_000;
/** A run has too few payouts for a second page of its own: no setting of a stage, and only where a theme asks for it. */
const OPEN_PER_CALL: Readonly<Record<string, number>> = { 'one in a call': 1, 'two in a call': 2 };
const WITHOUT_IDEMPOTENCY_SHARE = 0.2;
const WEBHOOK_TOKEN = 'simulated-webhook-token';
const SECRETS_MANAGER: Readonly<Record<string, string>> = {
  'monoova/dev/api-key': JSON.stringify({
    apiKey: 'simulated-api-key',
    environment: 'sandbox',
    baseUrl: 'https://api.m-pay.com.au',
  }),
  'monoova/dev/webhook': JSON.stringify({ tokens: [WEBHOOK_TOKEN] }),
};

/** One simulated world: clients, API, state machines, functions, tables and Monoova, under one clock. It runs once. */
export function createWorld(options: WorldOptions): { run(): Promise<WorldEnd> } {
  const { choices, deployment, settings, witness = {} } = options;
  const { chance } = choices;
  const time = new VirtualTime(START_MS);
  const trace = new Trace(() => time.nowMs(), settings.isTraced ?? false);
  const answers: string[] = [];
  const notices: string[] = [];
  let violation: Violation | undefined;
  const violated = (invariant: string, words: string): void => {
    violation ??= { invariant, words, atMs: time.nowMs() };
    trace.note('VIOLATION', () => `${invariant}: ${words}`);
    time.stop();
  };
  const gate = new FaultGate({
    choices,
    elapsedMs: () => time.nowMs() - START_MS,
    counts: options.faultCounts ?? new Map(),
    onFault: ({ name }, kind) => trace.note(name, () => `FAULT: ${kind}`),
  });
  const around: Surroundings = {
    time,
    startMs: START_MS,
    chance,
    gate,
    trace,
    violated,
    observe: (what, whose, text) => {
      if (what === 'log') witness.onLog?.(whose, text);
      if (what === 'error') witness.onThrown?.(text);
      if (whose === 'SendTaskSuccess') witness.onRing?.();
      if (SECRETS.test(text)) violated('no plain text can be seen', `${what} of ${whose}: ${text}`);
    },
  };
  const newId = (name: string) => idFrom(chance, name);
  const vault = new Vault();
  const transactionsTable = tableNamed(deployment, 'transactions');
  const controlsTable = tableNamed(deployment, 'controls');
  const payoutOf = (id: string) => database.table(transactionsTable).read(id) as unknown as Payout | undefined;

  const limits = new DailyLimits(around, deployment.machines, sydneyDayOf(START_MS));
  const checks: Checks = new Checks({
    around,
    limits,
    mode: settings.resubmission,
    bank: () => monoova.bank,
    payoutOf,
    payouts: () => database.table(transactionsTable).itemsAt(time.nowMs()) as unknown as Payout[],
    runningExecutions: () => orchestra.runningExecutions(),
    onEscalated: (id) => secondPerson.onEscalated(id),
    isInQueue: (uniqueReference) => letters.holds(uniqueReference),
    returnsSince: (ms) => webhooks.returnsSince(ms),
  });

  const database = new Database({
    shapes: deployment.tables,
    nowMs: () => time.nowMs(),
    indexLagMs: () => Math.round(chance.spread(`lag ${time.nowMs()}`, 1, 5_000)),
    onWrite: (table, before, after) => {
      if (after) around.observe('item', table, JSON.stringify(changedIn(before, after)));
      if (table === transactionsTable) {
        checks.onRecord(before, after);
        doorbells.onRecord(before, after);
        secondPerson.onRecord(before, after);
      }
      if (table === controlsTable) {
        checks.onCounter(after);
        checks.holds.onControls(after, time.nowMs());
        operator.onControls(before, after);
      }
      options.onWrite?.(table, before, after);
    },
  });

  const clientsFor = (caller: Caller) => createClients(around, { database, call }, () => caller);
  const operator: Operator = new Operator({
    around,
    controlsTable,
    clientsFor,
    isRestoring: () => restorer.isAtWork,
  });

  const reconcile = (input: string, as: string) =>
    orchestra.start({ stateMachineArn: orchestra.arnOf('reconciliation'), input }, as);
  const mornings = new Mornings({ around, reconcile });
  const restorer = new Restorer({
    around,
    controlsTable,
    clientsFor,
    reconcile,
    done: (executionArn) => orchestra.stepFunctions.executionDone(executionArn),
    returnsSince: (ms) => webhooks.returnsSince(ms),
    isAnythingStuck: () => monoova.isAnythingStuck(),
    restoreTo: (ms) => {
      database.table(transactionsTable).restoreTo(ms, time.nowMs(), withRaisedRevision);
      checks.onRestored(ms);
    },
  });

  const doorbells = new Doorbells(around, (token) => orchestra.stepFunctions.sendTaskSuccess(token, '{}'));

  const call = createServices({
    database,
    stepFunctions: () => orchestra.stepFunctions,
    start: (input) => orchestra.start(input),
    secrets: SECRETS_MANAGER,
    observe: around.observe,
    letters: () => letters,
    onNotice: (subject, message) => {
      notices.push(subject);
      witness.onNotice?.(message);
    },
  });

  const monoova = new Monoova({
    around,
    profile: settings.profile,
    onTaken: (payment) => checks.onTaken(payment),
    onState: (payment) => webhooks.tell(payment),
    webhooks: () => webhooks,
  });
  const onCall = (request: HttpRequest) => {
    witness.onCall?.(request);
    checks.onCall(request);
  };
  const missing = { name: 'idempotency', label: 'idempotency', service: 'lambda', kinds: ['missing'], rate: 0.01 };
  const isIdempotencyMissing = gate.at(missing) !== undefined;
  const page = { name: 'pages of open payouts', label: 'reconciliation looks after few at once', service: 'lambda' };
  const openPerCall = OPEN_PER_CALL[gate.at({ ...page, kinds: Object.keys(OPEN_PER_CALL), rate: 0 }) ?? ''];
  const functionWorld: FunctionWorld = {
    cloud: { database, call },
    cipher: vault,
    newId,
    isWithoutIdempotency: isIdempotencyMissing || chance.unit('without idempotency') < WITHOUT_IDEMPOTENCY_SHARE,
    openPerCall,
    onCounted: witness.onCounted,
    exchangeFor: (current) => exchangeWith(around, monoova.receive, current, onCall, monoova.onStuck),
  };
  const shapes = deployment.functions.map((shape) => withSettings(shape, settings));
  const lambda = new Lambda(around, functionWorld, shapes, options.compositions ?? COMPOSITIONS);
  const orchestra: Orchestra = new Orchestra({
    around,
    machines: deployment.machines,
    lambda,
    call,
    newId,
    visits: options.visits ?? new Map(),
    describe: (service, input) => (service === 'dynamodb' ? describe(readWireRequest(input)) : ''),
    onClosed: (record) => {
      witness.onClosed?.(record);
      checks.onClosed(record);
    },
  });

  const secondPerson = new SecondPerson({
    around,
    evidenceOf: (id) => monoova.evidenceOf(id.slice('txn-'.length)),
    resolvingFor: (caller) => {
      const { environment } = lambda.shapeOf(lambda.arnOf('submit-payment'));
      const shape = { name: 'payouts resolve', environment };
      const deps = functionDeps(around, functionWorld, { shape, current: () => caller, nowMs: () => time.nowMs() });
      return resolvingFrom(deps, orchestra.arnOf('settlement'));
    },
  });
  const letters = new Letters({
    around,
    deliver: (event, name, respond) => void lambda.invoke(lambda.arnOf('retry-webhook'), event, name, respond),
  });

  const webhooks = new Webhooks({
    around,
    token: WEBHOOK_TOKEN,
    lostShare: settings.lostWebhooks,
    onSent: (webhook) => checks.onSent(webhook),
    onReceived: (webhook) => checks.onReceived(webhook),
    deliver: (webhook, name, respond) => {
      lambda.invoke(lambda.arnOf('receive-webhook'), proxyEventOf(webhook), name, (outcome) => {
        respond(httpStatusOf(outcome));
      });
    },
  });

  const post = (request: PostRequest, name: string, respond: (answer: ApiAnswer) => void) => {
    const input = JSON.stringify(submissionInputOf(request, name));
    const { executionArn } = orchestra.start(
      { stateMachineArn: orchestra.arnOf('submission'), input },
      `submission of ${name}`,
    );
    void orchestra.stepFunctions.executionDone(executionArn).then(({ status, output }) => {
      const answer =
        status === 'SUCCEEDED' ? (JSON.parse(output ?? '') as ApiAnswer) : problemAnswer('outcome_unknown');
      around.observe('answer', name, answer.body);
      answers.push(inShort(answer));
      witness.onAnswer?.(answer);
      respond(answer);
    });
  };

  const look = (asked: Look, name: string) => {
    const before = 'transactionId' in asked ? payoutOf(asked.transactionId) : undefined;
    lambda.invoke(lambda.arnOf('read-payouts'), lookEventOf(asked), name, (outcome) => {
      if (outcome.kind === 'failed') return;
      around.observe('answer', name, outcome.payload);
      checks.onShown(before, JSON.parse(outcome.payload) as ApiAnswer);
    });
  };

  async function run(): Promise<WorldEnd> {
    const stopShowing = showTimeOf(() => time.nowMs());
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = settings.isTraced ? stackTraceLimit : 0;
    try {
      for (const record of options.records ?? [])
        database.call('PutItem', { TableName: transactionsTable, Item: toStored(record) as Item });
      const intents = (settings.payouts ?? someOf(chance.unit('payouts'))).map(begin);
      const customerIds = intents.map(({ customerId }) => customerId);
      for (const Item of limits.items(customerIds)) database.call('PutItem', { TableName: controlsTable, Item });
      restorer.begin();
      operator.begin();
      mornings.begin();
      const ending = await untilNothingIsLeft();
      if (ending === 'too many events') violated('every wait ends', `${EVENTS_MAX} events, and still more`);
      const payouts = ending === 'idle' ? checks.atEnd() : [];
      const elapsedMs = time.nowMs() - START_MS;
      const countedCents = limits.countedBy(database.table(controlsTable).itemsAt(time.nowMs()));
      const said = { payouts, answers, notices, countedCents };
      return { violation, ending, faults: gate.fired, trace: trace.lines, startMs: START_MS, ...said, elapsedMs };
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
      stopShowing();
    }
  }

  /** When nothing is left to happen, whatever was broken is mended, and mornings come until reconciliation has left nothing open. */
  async function untilNothingIsLeft(): Promise<Ending> {
    let ending = await time.run(EVENTS_MAX, () => undefined);
    gate.calm();
    for (let count = 0; count < MORNINGS_MAX && ending === 'idle' && checks.hasOrphans(); count++) {
      mornings.next();
      ending = await time.run(EVENTS_MAX, () => undefined);
    }
    return ending;
  }

  function begin(index: number): Intent {
    const intent = intentOf(around, index);
    const customer = customerOf(intent, vault, index);
    if (customer) database.call('PutItem', { TableName: tableNamed(deployment, 'customers'), Item: customer });
    const onAnswer: ClientDeps['onAnswer'] = (asked, answer, { begunAtMs, isAnother }) => {
      checks.onAnswer(asked, answer, begunAtMs);
      if (!isAnother) checks.onAnswerAgain(asked, answer, { begunAtMs, nowMs: around.time.nowMs() });
    };
    const leave = () => {
      const Key = { customer_id: intent.customerId };
      database.call('DeleteItem', { TableName: tableNamed(deployment, 'customers'), Key });
    };
    new Client({ around, post, look, leave, onAnswer }, intent).begin();
    return intent;
  }

  return { run };
}

function someOf(unit: number): number[] {
  return Array.from({ length: 1 + Math.floor(unit * PAYOUTS_MAX) }, (_, index) => index + 1);
}

/** What a write shows that was not there before. */
function changedIn(before: Item | undefined, after: Item): Item {
  if (!before) return after;
  const changed: Item = {};
  for (const name of Object.keys(after)) if (after[name] !== before[name]) changed[name] = after[name] ?? null;
  return changed;
}

/** As the runbook has it: a write from before the restore, still on its way, knows no revision that comes after it. */
function withRaisedRevision(item: Item): Item {
  return { ...item, revision: Number(item['revision']) + REVISION_RAISED_BY };
}

function tableNamed({ tables }: Deployment, suffix: string): string {
  const found = tables.find(({ name }) => name.endsWith(`-${suffix}`));
  if (!found) throw new Error(`The template has no table ${suffix}`);
  return found.name;
}

/** The template is of a stage with settings of its own; a run may have others. */
function withSettings(shape: FunctionShape, { resubmission }: WorldSettings): FunctionShape {
  if (shape.environment['RESUBMISSION_MODE'] === undefined) return shape;
  const known = shapes[resubmission].get(shape);
  if (known) return known;
  const set = { ...shape, environment: { ...shape.environment, RESUBMISSION_MODE: resubmission } };
  shapes[resubmission].set(shape, set);
  return set;
}

/** One for all worlds, so that what its variables say is read once (functions/environments.ts). */
const shapes: Readonly<Record<ResubmissionMode, WeakMap<FunctionShape, FunctionShape>>> = {
  never: new WeakMap(),
  'after-quiet-period': new WeakMap(),
};
