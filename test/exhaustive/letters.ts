import { isDeepStrictEqual } from 'node:util';
import type { Payout } from '../../domain/payout.ts';
import { createHandler } from '../../functions/retry-webhook/handler.ts';
import { aFact, aPayout } from '../builders/payout.ts';
import { createFakePayoutStore } from '../fakes/payout-store.ts';

/**
 * One letter out of the queue of webhooks, whatever is in it and however often it came: whether it is done with, how long it waits, and
 * what people can count. As the design says it (decision 32): five receives with longer and longer waits, and then a dead letter.
 */

const WHATS = ['a fact', 'a fact of nobody', 'what a person has to read', 'garbage', 'no letter'] as const;
const TABLES = ['well', 'known already', 'no such payout', 'fails', 'the bell fails'] as const;
const RECEIVES = [1, 2, 3, 4, 5, 6] as const;
const RECEIVES_MAX = 5;
const SHORTER_MAX = 3;
/** Seconds, after the first receive, the second and so on. */
const WAITS: Readonly<Record<number, number>> = { 1: 30, 2: 120, 3: 600, 4: 1_800 };

type Case = {
  readonly what: (typeof WHATS)[number];
  readonly table: (typeof TABLES)[number];
  readonly receives: number;
  readonly receivesMax: number;
  readonly isQueueAway: boolean;
};
type Handled = {
  readonly failed: readonly string[];
  readonly counted: readonly string[];
  readonly postponed: readonly number[];
  /** What is told of a letter that is given up. */
  readonly given: string | undefined;
};

function* cases(): Generator<Case> {
  for (const what of WHATS)
    for (const table of TABLES)
      for (const receives of RECEIVES)
        for (const receivesMax of [RECEIVES_MAX, SHORTER_MAX, RECEIVES_MAX + 2])
          for (const isQueueAway of [false, true]) yield { what, table, receives, receivesMax, isQueueAway };
}

function expectedOf({ what, table, receives, receivesMax, isQueueAway }: Case): Handled {
  const postponed = (seconds: number) => (isQueueAway ? [] : [seconds]);
  // Nothing that a program could do.
  if (what !== 'a fact') return { failed: ['m-1'], counted: [], postponed: postponed(0), given: undefined };
  if (table === 'well')
    return { failed: [], counted: ['PayoutCompleted', 'WebhookRecovered'], postponed: [], given: undefined };
  if (table === 'known already') return { failed: [], counted: ['WebhookRecovered'], postponed: [], given: undefined };
  const earlier = table === 'the bell fails' ? ['PayoutCompleted', 'DoorbellFailed'] : [];
  const waits = WAITS[receives];
  const isLast = receives >= receivesMax || waits === undefined;
  if (!isLast)
    return {
      failed: ['m-1'],
      counted: [...earlier, 'WebhookRetryFailed'],
      postponed: postponed(waits),
      given: undefined,
    };
  const isOrphan = table === 'no such payout';
  return {
    failed: ['m-1'],
    counted: [...earlier, isOrphan ? 'WebhookOrphaned' : 'WebhookGivenUp'],
    postponed: postponed(0),
    given: isOrphan ? 'nobody knows' : 'not be applied',
  };
}

export type Letters = { readonly letters: number; readonly broken: string | undefined };

/** Hands letters over until something is broken, or to the end. */
export async function handleAll(): Promise<Letters> {
  let letters = 0;
  for (const one of cases()) {
    letters += 1;
    const [handled, expected] = [await handledOf(one), expectedOf(one)];
    if (isDeepStrictEqual(handled, expected)) continue;
    return { letters, broken: `${JSON.stringify(one)}: ${JSON.stringify(handled)}, not ${JSON.stringify(expected)}` };
  }
  return { letters, broken: undefined };
}

const FACT = aFact({ kind: 'completed', monoova_transaction_id: 1_022 });
const OPEN = aPayout({ posts: 1, task_token: 'bell' });

async function handledOf(one: Case): Promise<Handled> {
  const { status: _status, task_token: _token, open: _open, ...rest } = OPEN;
  const known: Payout = { ...rest, status: 'Completed', history: [FACT] };
  const records: Readonly<Record<string, readonly Payout[]>> = { 'known already': [known], 'no such payout': [] };
  const store = createFakePayoutStore(...(records[one.table] ?? [OPEN]));
  const [counted, postponed, errors]: [string[], number[], string[]] = [[], [], []];
  const handle = createHandler({
    store: { ...store, read: (id) => (one.table === 'fails' ? Promise.reject(new Error('no')) : store.read(id)) },
    tokens: { ring: () => (one.table === 'the bell fails' ? Promise.reject(new Error('no')) : Promise.resolve()) },
    metrics: { count: (metric) => void counted.push(metric), measure: () => undefined },
    log: { info: () => undefined, warn: () => undefined, error: (line) => void errors.push(line) },
    queue: {
      put: async () => undefined,
      postpone: async (_handle, seconds) => {
        if (one.isQueueAway) throw new Error('no');
        postponed.push(seconds);
      },
    },
    receivesMax: one.receivesMax,
  });
  const attributes = { ApproximateReceiveCount: String(one.receives) };
  const record = { messageId: 'm-1', receiptHandle: 'h-1', body: bodyOf(one), attributes };
  const { batchItemFailures } = await handle({ Records: [record] });
  return {
    failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    counted,
    postponed,
    given: /(nobody knows|not be applied)/.exec(errors.join())?.[0],
  };
}

function bodyOf({ what }: Case): string {
  if (what === 'garbage') return '{';
  if (what === 'no letter') return '{"fact":1}';
  const letter = {
    transaction_id: OPEN.transaction_id,
    fact: FACT,
    error: 'TableError',
    received_at: '2026-11-23T00:00:00.000Z',
    request_id: 'r-1',
    attempts: 3,
  };
  const remains = { kind: 'unreadable', event: 'NppReturn', problems: [], body_sha256: '0'.repeat(64) };
  if (what === 'what a person has to read') return JSON.stringify({ ...letter, fact: remains });
  return JSON.stringify(what === 'a fact' ? letter : { ...letter, transaction_id: undefined });
}
