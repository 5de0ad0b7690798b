import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GUARDS_MAX } from '../../../domain/guard.ts';
import { applyFact, type Payout } from '../../../domain/payout.ts';
import { raiseFence } from '../../../domain/submission-rule.ts';
import { createPayoutStore } from '../../../functions/adapters/payout-store.ts';
import type { PayoutStore } from '../../../functions/shared/ports.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../../builders/payout.ts';
import { createFakePayoutStore } from '../../fakes/payout-store.ts';
import { startDynamoDb } from '../../support/dynamodb.ts';

const TABLE = 'transactions';
const NOW_MS = Date.parse('2026-11-23T00:00:01.000Z');

let dynamo: Awaited<ReturnType<typeof startDynamoDb>>;

beforeAll(async () => {
  dynamo = await startDynamoDb({
    TableName: TABLE,
    AttributeDefinitions: [
      { AttributeName: 'transaction_id', AttributeType: 'S' },
      { AttributeName: 'customer_id', AttributeType: 'S' },
      { AttributeName: 'created_at', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'transaction_id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'CustomerIndex',
        KeySchema: [
          { AttributeName: 'customer_id', KeyType: 'HASH' },
          { AttributeName: 'created_at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
});

afterAll(() => dynamo.stop());

type Opened = { store: PayoutStore; hangDoorbell: (token: string) => Promise<void> };

/** The guard's own write: AwaitOutcome hangs the doorbell without touching the revision. */
async function openTable(payout: Payout): Promise<Opened> {
  await dynamo.documents.send(new PutCommand({ TableName: TABLE, Item: payout }));
  return {
    store: createPayoutStore(dynamo.documents, TABLE),
    async hangDoorbell(token) {
      const update = { UpdateExpression: 'SET task_token = :token', ExpressionAttributeValues: { ':token': token } };
      await dynamo.documents.send(
        new UpdateCommand({ TableName: TABLE, Key: { transaction_id: TRANSACTION_ID }, ...update }),
      );
    },
  };
}

async function openFake(payout: Payout): Promise<Opened> {
  const store = createFakePayoutStore(payout);
  return { store, hangDoorbell: async (token) => store.hangDoorbell(TRANSACTION_ID, token) };
}

describe.each([
  { name: 'the table', open: openTable },
  { name: 'the fake of the handler tests', open: openFake },
])('a payout store: $name', ({ open }) => {
  const start = aPayout({ description: 'wages' });
  let opened: Opened;

  beforeEach(async () => {
    opened = await open(start);
  });

  const completed = (payout: Payout) => applyFact(payout, aFact({ kind: 'completed' })).payout;

  it('keeps a doorbell that could not be rung in the record of a final payout, and drops it when it was', async () => {
    const { store, hangDoorbell } = opened;
    await hangDoorbell('token-1');
    await store.replace(start, completed(start));
    await store.keepDoorbell(TRANSACTION_ID, 'token-1');
    await store.keepDoorbell(TRANSACTION_ID, 'token-2');
    expect(await store.read(TRANSACTION_ID)).toEqual({ ...completed(start), task_token: 'token-1' });
    await store.dropDoorbell(TRANSACTION_ID, 'token-2');
    expect(await store.read(TRANSACTION_ID)).toHaveProperty('task_token', 'token-1');
    await store.dropDoorbell(TRANSACTION_ID, 'token-1');
    await store.dropDoorbell(TRANSACTION_ID, 'token-1');
    expect(await store.read(TRANSACTION_ID)).toEqual(completed(start));
  });

  it('keeps no doorbell in the record of an open payout, nor makes a record for it', async () => {
    await opened.store.keepDoorbell(TRANSACTION_ID, 'token-1');
    await opened.store.keepDoorbell('txn-nothing', 'token-1');
    expect(await opened.store.read(TRANSACTION_ID)).toEqual(start);
    expect(await opened.store.read('txn-nothing')).toBeUndefined();
  });

  it('reads what was recorded, and nothing where nothing was', async () => {
    expect(await opened.store.read(TRANSACTION_ID)).toEqual(start);
    expect(await opened.store.read('txn-nothing')).toBeUndefined();
  });

  it('writes over the revision that was read', async () => {
    const accepted = applyFact(start, aFact({ kind: 'accepted', monoova_transaction_id: 1022 })).payout;
    expect(await opened.store.replace(start, accepted)).toEqual({ written: true });
    expect(await opened.store.read(TRANSACTION_ID)).toEqual(accepted);
  });

  it('writes nothing over a revision that was not read', async () => {
    const accepted = applyFact(start, aFact({ kind: 'accepted' })).payout;
    await opened.store.replace(start, accepted);
    expect(await opened.store.replace(start, completed(start))).toEqual({ written: false });
    expect(await opened.store.read(TRANSACTION_ID)).toEqual(accepted);
  });

  it('never makes a payout that was not recorded', async () => {
    const other = aPayout({ transaction_id: 'txn-nothing' });
    expect(await opened.store.replace(other, completed(other))).toEqual({ written: false });
    expect(await opened.store.raiseFence(other, raiseFence(other, 'a', NOW_MS, NOW_MS), NOW_MS)).toBe(false);
    expect(await opened.store.read('txn-nothing')).toBeUndefined();
  });

  it('hands out the doorbell that hung in the record, also one that was not there when it was read', async () => {
    await opened.hangDoorbell('token-1');
    expect(await opened.store.replace(start, completed(start))).toEqual({ written: true, taskToken: 'token-1' });
  });

  it('takes doorbell, ciphertext and the mark of an open payout out of a final record', async () => {
    await opened.hangDoorbell('token-1');
    await opened.store.replace(start, completed(start));
    const stored = await opened.store.read(TRANSACTION_ID);
    expect(stored).toMatchObject({ status: 'Completed' });
    for (const name of ['task_token', 'destination_ciphertext', 'open']) expect(stored).not.toHaveProperty(name);
  });

  it('leaves the doorbell of an open payout where it hangs', async () => {
    await opened.hangDoorbell('token-1');
    await opened.store.replace(start, applyFact(start, aFact({ kind: 'accepted' })).payout);
    expect(await opened.store.read(TRANSACTION_ID)).toMatchObject({ task_token: 'token-1', status: 'Pending' });
  });

  it('raises one fence of two', async () => {
    const mine = raiseFence(start, 'attempt-1', NOW_MS, NOW_MS + 20_000);
    const other = raiseFence(start, 'attempt-2', NOW_MS, NOW_MS + 20_000);
    expect(await opened.store.raiseFence(start, mine, NOW_MS)).toBe(true);
    expect(await opened.store.raiseFence(start, other, NOW_MS)).toBe(false);
    expect(await opened.store.read(TRANSACTION_ID)).toMatchObject({ posts: 1, posting_by: 'attempt-1' });
  });

  it('raises no second fence while the first stands, and one after it has fallen', async () => {
    await opened.store.raiseFence(start, raiseFence(start, 'attempt-1', NOW_MS, NOW_MS + 20_000), NOW_MS);
    const fenced = (await opened.store.read(TRANSACTION_ID)) as Payout;
    const next = raiseFence(fenced, 'attempt-2', NOW_MS + 19_999, NOW_MS + 40_000);
    expect(await opened.store.raiseFence(fenced, next, NOW_MS + 19_999)).toBe(false);
    expect(await opened.store.raiseFence(fenced, next, NOW_MS + 20_000)).toBe(true);
  });

  it('gives each number of a guard to one of two', async () => {
    expect(await Promise.all([opened.store.claimGuard(start), opened.store.claimGuard(start)])).toEqual([2, 2]);
    const claimed = (await opened.store.read(TRANSACTION_ID)) as Payout;
    expect(claimed).toMatchObject({ guards: 2, revision: start.revision });
    expect(await opened.store.claimGuard(claimed)).toBe(3);
    expect(await opened.store.claimGuard(start)).toBe(3);
  });

  it('keeps a number that was claimed while another wrote', async () => {
    await opened.store.claimGuard(start);
    await opened.store.replace(start, applyFact(start, aFact({ kind: 'accepted' })).payout);
    expect(await opened.store.read(TRANSACTION_ID)).toMatchObject({ guards: 2, received: true });
  });

  it('gives no guard to a payout that is final, that is not there, or that has had all its guards', async () => {
    const spent = { ...start, guards: GUARDS_MAX };
    expect(await opened.store.claimGuard(spent)).toBeUndefined();
    expect(await opened.store.claimGuard(aPayout({ transaction_id: 'txn-nothing' }))).toBeUndefined();
    await opened.store.replace(start, completed(start));
    expect(await opened.store.claimGuard(start)).toBeUndefined();
    expect(await opened.store.read(TRANSACTION_ID)).not.toHaveProperty('guards');
  });

  it('raises no fence on a payout that is final', async () => {
    await opened.store.replace(start, completed(start));
    const final = (await opened.store.read(TRANSACTION_ID)) as Payout;
    expect(await opened.store.raiseFence(final, raiseFence(final, 'a', NOW_MS, NOW_MS), NOW_MS)).toBe(false);
  });
});

describe('the payout table', () => {
  it('knows its own fence when the answer to the write was lost and the SDK wrote again', async () => {
    const start = aPayout();
    const { store } = await openTable(start);
    const mine = raiseFence(start, 'attempt-1', NOW_MS, NOW_MS + 20_000);
    expect(await store.raiseFence(start, mine, NOW_MS)).toBe(true);
    expect(await store.raiseFence(start, mine, NOW_MS)).toBe(true);
    const stored = (await store.read(TRANSACTION_ID)) as Payout;
    await store.replace(stored, applyFact(stored, aFact({ kind: 'not-found' })).payout);
    expect(await store.raiseFence(start, mine, NOW_MS)).toBe(true);
  });

  it('refuses to read a record that is no payout', async () => {
    const { store } = await openTable(aPayout());
    const broken = { ...aPayout(), amount_cents: 0.5 };
    await dynamo.documents.send(new PutCommand({ TableName: TABLE, Item: broken }));
    await expect(store.read(TRANSACTION_ID)).rejects.toThrow(/amount_cents/);
  });

  it('writes a raw record without the fields that are gone', async () => {
    const start = aPayout({ posts: 1, posting_by: 'attempt-1', posting_until: '2026-11-23T00:00:20.000Z' });
    const { store } = await openTable(start);
    await store.replace(start, applyFact(start, aFact({ kind: 'unreceived', attempt: 'attempt-1' })).payout);
    const key = { TableName: TABLE, Key: { transaction_id: TRANSACTION_ID } };
    const { Item } = await dynamo.documents.send(new GetCommand(key));
    expect(Item).not.toHaveProperty('posting_by');
    expect(Item).toMatchObject({ posts: 0, revision: 2 });
  });

  it('throws on what is not a refused condition', async () => {
    const store = createPayoutStore(dynamo.documents, 'no-such-table');
    await expect(store.replace(aPayout(), aPayout({ posts: 1 }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('lists a customer, newest first, page by page, by status where asked', async () => {
    for (let day = 1; day <= 7; day++) {
      const payout = aPayout({
        transaction_id: `txn-list-${day}`,
        customer_id: 'cust-list',
        created_at: `2026-11-0${day}T00:00:00.000Z`,
        status: day % 2 === 0 ? 'Completed' : 'Pending',
      });
      await dynamo.documents.send(new PutCommand({ TableName: TABLE, Item: payout }));
    }
    const store = createPayoutStore(dynamo.documents, TABLE);
    const days = (page: { payouts: readonly { transaction_id: string }[] }) =>
      page.payouts.map(({ transaction_id }) => Number(transaction_id.at(-1)));

    const first = await store.list({ customerId: 'cust-list', limit: 3 });
    expect(days(first)).toEqual([7, 6, 5]);
    const second = await store.list({ customerId: 'cust-list', limit: 3, cursor: first.cursor ?? '' });
    expect(days(second)).toEqual([4, 3, 2]);
    const third = await store.list({ customerId: 'cust-list', limit: 3, cursor: second.cursor ?? '' });
    expect(days(third)).toEqual([1]);
    expect(third.cursor).toBeUndefined();
    expect(days(await store.list({ customerId: 'cust-list', status: 'Completed', limit: 2 }))).toEqual([6, 4]);
    expect(days(await store.list({ customerId: 'nobody', limit: 2 }))).toEqual([]);
  });
});
