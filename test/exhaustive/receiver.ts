import { isDeepStrictEqual } from 'node:util';
import type { Context } from 'aws-lambda';
import { createHandler } from '../../functions/receive-webhook/handler.ts';
import type { Outcome, ReceiveWebhookDeps } from '../../functions/receive-webhook/ports.ts';
import type { WebhookLetter } from '../../functions/shared/webhook-letter.ts';
import { aPayout, REFERENCE } from '../builders/payout.ts';
import { createFakePayoutStore } from '../fakes/payout-store.ts';

/**
 * One webhook, whatever it is, with whatever fails on its way: what Monoova is answered, what people can count, what is in the record and
 * what is kept in the queue. As the design says it: nothing without a proof, and with one it is applied, or kept, or asked for again.
 */

type Proven = 'yes' | 'no' | 'cannot be had' | 'not in time';
type What =
  | 'of a payout'
  | 'of one that is not there'
  | "of another system's"
  | 'of no UUID'
  | 'misnamed'
  | 'unreadable'
  | 'inbound'
  | 'unheard of';
type Table = 'well' | 'fails once' | 'fails twice' | 'fails' | 'fails with no error' | 'hangs' | 'the bell fails';
type Memory = 'new' | 'known' | 'away' | 'somebody is at it' | 'hangs' | 'broken';
type Queue = 'well' | 'away';

const PROVEN: readonly Proven[] = ['yes', 'no', 'cannot be had', 'not in time'];
const WHATS: readonly What[] = [
  'of a payout',
  'of one that is not there',
  "of another system's",
  'of no UUID',
  'misnamed',
  'unreadable',
  'inbound',
  'unheard of',
];
const TABLES: readonly Table[] = [
  'well',
  'fails once',
  'fails twice',
  'fails',
  'fails with no error',
  'hangs',
  'the bell fails',
];
const MEMORIES: readonly Memory[] = ['new', 'known', 'away', 'somebody is at it', 'hangs', 'broken'];
const QUEUES: readonly Queue[] = ['well', 'away'];
/** Of what is kept for a person: Monoova's number of the notification. */
const IDS = [undefined, '17', '0', 'x'] as const;

type Case = {
  readonly proven: Proven;
  readonly what: What;
  readonly table: Table;
  readonly memory: Memory;
  readonly queue: Queue;
  readonly id: (typeof IDS)[number];
};

type Received = {
  readonly status: number;
  readonly counted: readonly string[];
  readonly isCompleted: boolean;
  /** Why it is kept, how often it was tried, of which payout it is, and by which number Monoova knows it. */
  readonly letters: readonly (readonly [string, number, string | undefined, number | undefined])[];
  readonly waitsMs: readonly number[];
};

const UNTOUCHED = { isCompleted: false, letters: [], waitsMs: [] } as const;
const PAYOUT = aPayout({ posts: 1, task_token: 'bell' });
const OTHERS_REFERENCE = '0a1b2c3d-4e5f-4a6b-9c7d-8e9f0a1b2c3d';

function* cases(): Generator<Case> {
  for (const proven of PROVEN)
    for (const what of WHATS)
      for (const table of TABLES)
        for (const memory of MEMORIES)
          for (const queue of QUEUES)
            for (const id of what === 'misnamed' ? IDS : IDS.slice(0, 1))
              yield { proven, what, table, memory, queue, id };
}

/** What the design makes of it. */
function expectedOf(one: Case): Received {
  const { proven, what } = one;
  if (proven === 'no') return { ...UNTOUCHED, status: 401, counted: ['WebhookUnproven'] };
  if (proven !== 'yes') return { ...UNTOUCHED, status: 500, counted: ['WebhookFailed'] };
  if (what === 'inbound') return { ...UNTOUCHED, status: 200, counted: ['WebhookInbound'] };
  if (what === 'unheard of') return { ...UNTOUCHED, status: 200, counted: ['WebhookIgnored'] };
  if (what === 'of no UUID') return { ...UNTOUCHED, status: 200, counted: ['WebhookForeign'] };
  return what === 'misnamed' || what === 'unreadable' ? keptForPerson(one, what) : applied(one);
}

/** Monoova keeps it in its report of failed webhooks as well, by an answer that is not 200; the same body is kept once. */
function keptForPerson({ memory, queue, id }: Case, what: 'misnamed' | 'unreadable'): Received {
  if (memory === 'broken') return { ...UNTOUCHED, status: 500, counted: ['WebhookFailed'] };
  const metric = what === 'misnamed' ? 'WebhookMisnamed' : 'WebhookUnreadable';
  if (memory === 'known') return { ...UNTOUCHED, status: 400, counted: [metric] };
  if (queue === 'away') return { ...UNTOUCHED, status: 500, counted: ['WebhookFailed'] };
  const transactionId = what === 'misnamed' ? PAYOUT.transaction_id : undefined;
  const letters = [[metric, 0, transactionId, id === '17' ? 17 : undefined]] as const;
  return { ...UNTOUCHED, status: 400, counted: [metric], letters };
}

/** Three tries, 50 and 200 ms apart; then the queue; and where that is away, Monoova has to send it again. */
function applied({ what, table, memory, queue }: Case): Received {
  if (memory === 'broken') return { ...UNTOUCHED, status: 500, counted: ['WebhookFailed'] };
  if (memory === 'known') return { ...UNTOUCHED, status: 200, counted: ['WebhookReplayed'] };
  const isThere = what === 'of a payout';
  const id = what === "of another system's" ? `txn-${OTHERS_REFERENCE}` : PAYOUT.transaction_id;
  const waitsMs = waitsOf(table);
  const kept = (why: string, tries: number, isCompleted = false, earlier: readonly string[] = []): Received => {
    const done = queue === 'well' ? ['WebhookQueued'] : ['WebhookFailed'];
    return {
      status: queue === 'well' ? 200 : 500,
      counted: [...earlier, ...done],
      isCompleted,
      letters: queue === 'well' ? [[why, tries, id, undefined]] : [],
      waitsMs,
    };
  };
  if (memory === 'hangs') return { ...kept('TooSlowError', 0), waitsMs: [] };
  if (table === 'hangs') return kept('TooSlowError', 1);
  if (table === 'fails') return kept('TableError', 3);
  if (table === 'fails with no error') return kept('Error', 3);
  if (!isThere && what === 'of one that is not there') return kept('PayoutNotFoundError', waitsMs.length + 1);
  if (!isThere) return { status: 200, counted: ['WebhookForeign'], isCompleted: false, letters: [], waitsMs };
  if (table === 'the bell fails') return kept('DoorbellFailed', 1, true, ['PayoutCompleted', 'DoorbellFailed']);
  return { status: 200, counted: ['PayoutCompleted', 'WebhookAccepted'], isCompleted: true, letters: [], waitsMs };
}

function waitsOf(table: Table): readonly number[] {
  if (table === 'fails once') return [50];
  return ['fails twice', 'fails', 'fails with no error'].includes(table) ? [50, 200] : [];
}

export type Receiver = { readonly webhooks: number; readonly broken: string | undefined };

/** Receives until something is broken, or to the end. */
export async function receiveAll(): Promise<Receiver> {
  let webhooks = 0;
  for (const one of cases()) {
    webhooks += 1;
    const [received, expected] = [await receivedOf(one), expectedOf(one)];
    if (isDeepStrictEqual(received, expected)) continue;
    return {
      webhooks,
      broken: `${JSON.stringify(one)}: ${JSON.stringify(received)}, not ${JSON.stringify(expected)}`,
    };
  }
  return { webhooks, broken: undefined };
}

async function receivedOf(one: Case): Promise<Received> {
  const store = createFakePayoutStore(...(one.what === 'of one that is not there' ? [] : [PAYOUT]));
  const [counted, letters, waitsMs]: [string[], WebhookLetter[], number[]] = [[], [], []];
  const receive = createHandler({
    ...memoryOf(one.memory),
    store: { ...store, read: readOf(one.table, store.read) },
    tokens: { ring: () => (one.table === 'the bell fails' ? Promise.reject(new Error('no')) : Promise.resolve()) },
    metrics: { count: (metric) => void counted.push(metric), measure: () => undefined },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    prove: async () => {
      if (one.proven === 'cannot be had') throw new Error('no key');
      if (one.proven === 'not in time') return new Promise(() => undefined);
      return one.proven === 'yes' ? { isProven: true } : { isProven: false, reason: 'bearer wrong' };
    },
    queue: {
      put: async (letter) => {
        if (one.queue === 'away') throw new Error('no queue');
        letters.push(letter);
      },
      postpone: async () => undefined,
    },
    nowMs: () => Date.parse('2026-11-23T00:00:00.000Z'),
    monotonicMs: () => 0,
    wait: async (ms) => void waitsMs.push(ms),
    within: (work, ms) => Promise.race([work, untilIdle(ms)]),
  });
  const { statusCode } = await receive(eventOf(one), {} as Context);
  const isCompleted = (await store.read(PAYOUT.transaction_id))?.status === 'Completed';
  const kept = letters.map(({ error, attempts, transaction_id, fact }) => {
    return [error, attempts, transaction_id, 'webhook_id' in fact ? fact.webhook_id : undefined] as const;
  });
  return { status: statusCode, counted, isCompleted, letters: kept, waitsMs };
}

/** Time is up only where nothing else is left to do. */
async function untilIdle(ms: number): Promise<undefined> {
  if (ms <= 0) return undefined;
  await new Promise((resolve) => setImmediate(resolve));
  return undefined;
}

class TableError extends Error {
  override readonly name = 'TableError';
}

function readOf(table: Table, read: ReceiveWebhookDeps['store']['read']): typeof read {
  const failures = { 'fails once': 1, 'fails twice': 2, fails: 9, 'fails with no error': 9 } as Record<string, number>;
  let reads = 0;
  return async (id) => {
    reads += 1;
    if (table === 'hangs') return new Promise(() => undefined);
    // Whoever throws may throw anything.
    if (reads <= (failures[table] ?? 0))
      return Promise.reject(table === 'fails with no error' ? 'no' : new TableError());
    return read(id);
  };
}

function memoryOf(memory: Memory): Pick<ReceiveWebhookDeps, 'once'> {
  const named = (name: string) => Object.assign(new Error('no'), { name });
  return {
    async once(_key, _context, run) {
      if (memory === 'hangs') return new Promise(() => undefined);
      if (memory === 'known') return { outcome: 'applied' } satisfies Outcome;
      if (memory === 'away') throw named('IdempotencyPersistenceLayerError');
      if (memory === 'somebody is at it') throw named('IdempotencyAlreadyInProgressError');
      if (memory === 'broken') throw named('TypeError');
      return run();
    },
  };
}

function eventOf({ what, id }: Case): object {
  const status = { UniqueReference: REFERENCE, TransactionId: 1_022, Status: 'Payment Successful', Amount: 123.45 };
  const bodies: Readonly<Record<What, object | string>> = {
    'of a payout': status,
    'of one that is not there': status,
    "of another system's": { ...status, UniqueReference: OTHERS_REFERENCE },
    'of no UUID': { ...status, UniqueReference: 'invoice 17' },
    misnamed: status,
    unreadable: '{',
    inbound: { DirectCreditDetails: [] },
    'unheard of': { What: 'nobody knows' },
  };
  const body = bodies[what];
  return {
    headers: { authorization: 'Bearer one', ...(id !== undefined && { WebhookId: id }) },
    multiValueHeaders: null,
    pathParameters: what === 'misnamed' ? { eventName: 'NppReturn' } : null,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    isBase64Encoded: false,
    requestContext: { requestId: 'r-1' },
  };
}
