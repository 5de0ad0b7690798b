import { isDeepStrictEqual } from 'node:util';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { GUARDS_MAX } from '../../domain/guard.ts';
import { applyFact, type Payout } from '../../domain/payout.ts';
import { raiseFence } from '../../domain/submission-rule.ts';
import { createPayoutStore } from '../../functions/adapters/payout-store.ts';
import type { PayoutStore } from '../../functions/shared/ports.ts';
import { aFact, aPayout } from '../builders/payout.ts';
import { sdkError } from '../simulation/aws/sdk-errors.ts';
import type { Item } from '../simulation/database/stored-value.ts';
import { clientOver, openTable, TABLE } from './documents.ts';
import { grantedOf, type Stored, type Wish } from './records-expected.ts';

/**
 * Two writers have read the same record, whichever way it stands, and each has every wish that a store of payouts knows, one after the
 * other. What is answered and what is stored is compared with what the design says (records-expected.ts). A wish that comes a second
 * time is the SDK's, which repeats a write whose answer was lost.
 */

const NOW_MS = Date.parse('2026-11-23T00:01:00.000Z');
const FENCE_MS = 20_000;

const FENCES: readonly Partial<Payout>[] = [
  { posts: 0 },
  ...[-1, 0, 1].map((afterNowMs) => ({
    posts: 1,
    posting_by: 'attempt-1',
    posting_until: new Date(NOW_MS + afterNowMs).toISOString(),
    last_posted_at: '2026-11-23T00:00:40.000Z',
  })),
];
const DOORBELLS: readonly Partial<Payout>[] = [{}, { task_token: 'token-1' }, { task_token: 'token-2' }];
const GUARDS: readonly Partial<Payout>[] = [{}, { guards: 2 }, { guards: GUARDS_MAX }];

const COMPLETED = aFact({ kind: 'completed', monoova_transaction_id: 1_022 });

function* starts(): Generator<Stored> {
  yield undefined;
  for (const fence of FENCES) {
    for (const doorbell of DOORBELLS) {
      for (const guards of GUARDS) {
        yield aPayout({ revision: 3, description: 'wages', ...fence, ...doorbell, ...guards });
      }
      // Of a final payout nobody asks when its fence falls.
      if (fence === FENCES[0] || fence === FENCES.at(-1))
        yield { ...finalOf(aPayout({ revision: 3, description: 'wages', ...fence })), ...doorbell };
    }
  }
}

function finalOf(payout: Payout): Payout {
  const { task_token: _token, destination_ciphertext: _ciphertext, open: _open, ...rest } = payout;
  return { ...rest, status: 'Completed' };
}

function wishesOf(previous: Payout): Wish[] {
  const { description: _description, ...undescribed } = { ...previous, revision: previous.revision + 1 };
  const nexts: readonly Payout[] = [
    applyFact(previous, aFact({ kind: 'accepted', source: 'submission', attempt: 'attempt-1' })).payout,
    applyFact(previous, aFact({ kind: 'unreceived', source: 'submission', attempt: 'attempt-1' })).payout,
    applyFact(previous, COMPLETED).payout,
    applyFact(previous, aFact({ kind: 'returned', amount_cents: previous.amount_cents })).payout,
    // What no fact does: an attribute is taken out, or is given as undefined, and the doorbell is another.
    undescribed,
    { ...undescribed, description: undefined },
    { ...undescribed, task_token: 'token-3' },
  ];
  return [
    { kind: 'read' },
    ...nexts.map((next): Wish => ({ kind: 'replace', previous, next })),
    ...['attempt-1', 'attempt-2'].map((attempt): Wish => {
      const next = raiseFence(previous, attempt, NOW_MS, NOW_MS + FENCE_MS);
      return { kind: 'raiseFence', previous, next, nowMs: NOW_MS };
    }),
    { kind: 'claimGuard', previous },
    // Of somebody who has read it later.
    { kind: 'claimGuard', previous: { ...previous, guards: (previous.guards ?? 1) + 1 } },
    { kind: 'keepDoorbell', token: 'token-1' },
    { kind: 'dropDoorbell', token: 'token-1' },
    { kind: 'hang', token: 'token-2' },
  ];
}

export type Records = { readonly wishes: number; readonly broken: string | undefined };

/** Wishes until something is broken, or to the end. */
export async function wishAll(): Promise<Records> {
  let wishes = 0;
  for (const start of starts()) {
    const all = wishesOf(start ?? aPayout({ revision: 3 }));
    for (const first of all) {
      const broken = await brokenRefusal(start, first);
      if (broken !== undefined) return { wishes, broken };
      for (const second of all) {
        wishes += 2;
        const found = await brokenBy(start, [first, second]);
        if (found !== undefined) return { wishes, broken: found };
      }
    }
  }
  return { wishes, broken: undefined };
}

async function brokenBy(start: Stored, wishes: readonly Wish[]): Promise<string | undefined> {
  const { table, client, database } = openTable('transaction_id');
  const store = createPayoutStore(client, TABLE);
  let expected: Stored = start;
  if (start) table.write(start.transaction_id, start as unknown as Item, 0);
  for (const wish of wishes) {
    const granted = grantedOf(expected, wish);
    const answer = await tellOf(() => (wish.kind === 'hang' ? hang(database, wish.token) : ask(store, wish)));
    if (!isDeepStrictEqual(answer, granted.answer))
      return `${shown(start, wishes)}: ${wish.kind} is answered ${JSON.stringify(answer)}, not ${JSON.stringify(granted.answer)}`;
    const stored = table.read(aPayout().transaction_id);
    if (!isDeepStrictEqual(stored, granted.stored))
      return `${shown(start, wishes)}: after ${wish.kind} there is ${JSON.stringify(stored)}, not ${JSON.stringify(granted.stored)}`;
    expected = granted.stored;
  }
  return undefined;
}

/** A call that DynamoDB does not take is no refusal by the record: whoever asked has to hear of it. */
async function brokenRefusal(start: Stored, wish: Wish): Promise<string | undefined> {
  if (wish.kind === 'hang') return undefined;
  const throttled = sdkError('ThrottlingException', 'Rate exceeded');
  const { database } = openTable('transaction_id');
  const store = createPayoutStore(
    clientOver(database, () => Promise.reject(throttled)),
    TABLE,
  );
  // A number that there is not is not even asked for.
  const isAsked = wish.kind !== 'claimGuard' || (wish.previous.guards ?? 1) < GUARDS_MAX;
  const answer = await tellOf(() => ask(store, wish));
  const told = isAsked ? `${throttled.name}: ${throttled.message}` : undefined;
  return answer === told ? undefined : `${shown(start, [wish])}: throttled, and answered ${JSON.stringify(answer)}`;
}

async function tellOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    return String(error);
  }
}

function ask(store: PayoutStore, wish: Exclude<Wish, { kind: 'hang' }>): Promise<unknown> {
  const { transaction_id: transactionId } = aPayout();
  switch (wish.kind) {
    case 'read':
      return store.read(transactionId);
    case 'replace':
      return store.replace(wish.previous, wish.next);
    case 'raiseFence':
      return store.raiseFence(wish.previous, wish.next, wish.nowMs);
    case 'claimGuard':
      return store.claimGuard(wish.previous);
    case 'keepDoorbell':
    case 'dropDoorbell':
      return store[wish.kind](transactionId, wish.token);
  }
}

/** The guard's AwaitOutcome, which hangs its doorbell into an open payout without a new revision. */
async function hang(database: Parameters<typeof clientOver>[0], token: string): Promise<void> {
  const { transaction_id } = aPayout();
  const isOpen = database.table(TABLE).read(transaction_id)?.['status'] === 'Pending';
  if (!isOpen) return;
  const update = { UpdateExpression: 'SET task_token = :token', ExpressionAttributeValues: { ':token': token } };
  await clientOver(database).send(new UpdateCommand({ TableName: TABLE, Key: { transaction_id }, ...update }));
}

function shown(start: Stored, wishes: readonly Wish[]): string {
  const record = start ? `${start.status}, fence ${start.posting_until ?? 'none'}` : 'no record';
  return `${record}; ${wishes.map(({ kind }) => kind).join(', then ')}`;
}
