import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payout, PayoutStatus } from '../../../domain/payout.ts';
import { referenceOfKey, transactionIdOf } from '../../../domain/reference.ts';
import { createPayoutStore } from '../../../functions/adapters/payout-store.ts';
import { createHandler } from '../../../functions/read-payouts/handler.ts';
import { aFact, aPayout, TRANSACTION_ID } from '../../builders/payout.ts';
import { startDynamoDb } from '../../support/dynamodb.ts';

const TABLE = 'transactions';
let dynamo: Awaited<ReturnType<typeof startDynamoDb>>;

beforeAll(async () => {
  dynamo = await startDynamoDb({
    TableName: TABLE,
    AttributeDefinitions: ['transaction_id', 'customer_id', 'created_at'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
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
  await put(
    aPayout({ status: 'Completed', history: [aFact({ kind: 'completed', detail: 'Complete' })], task_token: 'bell' }),
  );
  for (let number = 0; number < 25; number++) await put(numbered(number));
});
afterAll(() => dynamo.stop());

const put = (payout: Payout) => dynamo.documents.send(new PutCommand({ TableName: TABLE, Item: payout }));

/** Payout `number` of cust-many: made in that minute; every fifth is Completed. */
function numbered(number: number): Payout {
  const status: PayoutStatus = number % 5 === 0 ? 'Completed' : 'Pending';
  const created_at = `2026-11-23T00:${String(number).padStart(2, '0')}:00.000Z`;
  const transaction_id = transactionIdOf(referenceOfKey(`key-${number}`));
  return aPayout({ transaction_id, customer_id: 'cust-many', created_at, status });
}

const answerHeaders = { 'Access-Control-Allow-Origin': 'https://pay.example' };
const handler = () => createHandler({ store: createPayoutStore(dynamo.documents, TABLE), answerHeaders });

function ask(query: Record<string, string | string[]>) {
  const lists = Object.entries(query).map(([name, values]) => [name, [values].flat()]);
  return handler()({ pathParameters: null, multiValueQueryStringParameters: Object.fromEntries(lists), body: null });
}

async function pageOf(query: Record<string, string>): Promise<{ minutes: number[]; cursor?: string }> {
  const answer = await ask(query);
  expect(answer).toMatchObject({ statusCode: 200, headers: { 'Content-Type': 'application/json' } });
  const { payouts, ...rest } = JSON.parse(answer.body);
  return { minutes: payouts.map((payout: { created_at: string }) => Number(payout.created_at.slice(14, 16))), ...rest };
}

const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index);

describe('GET /payouts/{transaction_id}', () => {
  it('shows the payout with its history, and neither ciphertext nor token', async () => {
    const answer = await handler()({ pathParameters: { transaction_id: TRANSACTION_ID } });
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
    });
    expect(JSON.parse(answer.body)).toMatchObject({
      transaction_id: TRANSACTION_ID,
      status: 'Completed',
      amount: 123.45,
      destination: 'ja••••',
      history: [{ event: 'recorded' }, { event: 'completed', source: 'webhook', detail: 'Complete' }],
    });
    expect(answer.body).not.toMatch(/Y2lwaGVydGV4dA|bell|arn:/);
  });

  it.each([transactionIdOf(referenceOfKey('nobody')), 'nonsense', TRANSACTION_ID.toUpperCase(), ''])(
    'is a 404 for %j',
    async (transaction_id) => {
      const answer = await handler()({ pathParameters: { transaction_id } });
      expect(answer).toMatchObject({ statusCode: 404, headers: { 'Content-Type': 'application/problem+json' } });
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'not_found', status: 404 });
    },
  );
});

describe('GET /payouts', () => {
  it('shows the newest twenty of a customer, and then the rest', async () => {
    const first = await pageOf({ customer_id: 'cust-many' });
    expect(first.minutes).toEqual(down(24, 5));
    expect(first.cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    const second = await pageOf({ customer_id: 'cust-many', cursor: first.cursor ?? '' });
    expect(second.minutes).toEqual(down(4, 0));
    expect(second).not.toHaveProperty('cursor');
  });

  it('shows as many as were asked for, of the status that was asked for', async () => {
    expect((await pageOf({ customer_id: 'cust-many', limit: '1' })).minutes).toEqual([24]);
    expect((await pageOf({ customer_id: 'cust-many', limit: '100' })).minutes).toHaveLength(25);
    const completed = await pageOf({ customer_id: 'cust-many', status: 'Completed', limit: '100' });
    expect(completed.minutes).toEqual([20, 15, 10, 5, 0]);
  });

  it('visits every payout once, whatever the size of the pages', async () => {
    const seen: number[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 30; page++) {
      const shown = await pageOf({ customer_id: 'cust-many', limit: '7', ...(cursor && { cursor }) });
      seen.push(...shown.minutes);
      cursor = shown.cursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(down(24, 0));
  });

  it('shows nothing of a customer without payouts, and no secret of anybody', async () => {
    expect(await pageOf({ customer_id: 'cust-none' })).toEqual({ minutes: [] });
    const answer = await ask({ customer_id: 'cust-1' });
    expect(JSON.parse(answer.body).payouts).toHaveLength(1);
    expect(answer.body).not.toMatch(/Y2lwaGVydGV4dA|bell|arn:|history/);
  });

  it('reads single values where there are no lists', async () => {
    const answer = await handler()({ queryStringParameters: { customer_id: 'cust-1' } });
    expect(JSON.parse(answer.body).payouts).toHaveLength(1);
  });

  const key = { customer_id: 'cust-many', created_at: '2026-11-23T00:05:00.000Z', transaction_id: TRANSACTION_ID };
  const forged = (fields: object) => Buffer.from(JSON.stringify({ ...key, ...fields })).toString('base64url');

  it.each([
    [{}, 'customer_id', /is required/],
    [{ customer_id: '-x' }, 'customer_id', /letters, digits or hyphens/],
    [{ customer_id: '' }, 'customer_id', /letters, digits or hyphens/],
    [{ customer_id: ['a', 'b'] }, 'customer_id', /more than once/],
    [{ customer_id: 'a', status: 'completed' }, 'status', /one of Pending, Failed, Rejected, Completed, Returned/],
    [{ customer_id: 'a', limit: '0' }, 'limit', /from 1 to 100/],
    [{ customer_id: 'a', limit: '101' }, 'limit', /from 1 to 100/],
    [{ customer_id: 'a', limit: '1e1' }, 'limit', /from 1 to 100/],
    [{ customer_id: 'a', limit: '-5' }, 'limit', /from 1 to 100/],
    [{ customer_id: 'a', cursor: '' }, 'cursor', /leave it out/],
    [{ customer_id: 'a', cursor: '!' }, 'cursor', /leave it out/],
    [{ customer_id: 'a', cursor: 'AAAA' }, 'cursor', /leave it out/],
    [{ customer_id: 'cust-1', cursor: forged({}) }, 'cursor', /not one that was given out for this customer/],
    [{ customer_id: 'cust-many', cursor: forged({ created_at: 'now' }) }, 'cursor', /leave it out/],
    [{ customer_id: 'cust-many', cursor: forged({ transaction_id: 'x' }) }, 'cursor', /leave it out/],
    [{ customer_id: 'cust-many', cursor: forged({ task_token: 'x' }) }, 'cursor', /leave it out/],
    [{ customer_id: 'a', customer: 'b' }, 'customer', /not known: use customer_id, status, limit, cursor/],
  ])('says what to change about %j', async (query, field, message) => {
    const answer = await ask(query as Record<string, string>);
    expect(answer).toMatchObject({ statusCode: 400, headers: { 'Content-Type': 'application/problem+json' } });
    const problem = JSON.parse(answer.body);
    expect(problem.code).toBe('invalid_request');
    expect(problem.errors).toEqual([{ field, message: expect.stringMatching(message) }]);
  });
});
