import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { sydneyDayOf } from '../../domain/sydney-day.ts';
import { STAGES } from '../../infra/stages.ts';
import type { JsonObject } from '../../local/json.ts';
import { runCommand } from '../ops/run-command.ts';
import { type RequestOptions, ROOT, type TestRun, useLocalRun } from '../support/local-run.ts';
import { createPayout, uniqueKey } from '../support/payouts.ts';
import { statusOf, tell } from '../support/webhooks.ts';
import { OPERATIONS, undocumented } from './documented.ts';

const exec = promisify(execFile);

/** What a whole system does not answer. Failures of AWS are compared in test/infra/payouts-api.test.ts; of the firewall and its 403 nothing runs here. */
const NOT_BROUGHT_ABOUT: Readonly<Record<string, readonly number[]>> = {
  createPayout: [500, 504],
  listPayouts: [500, 504],
  readPayout: [500, 504],
  readHealth: [403, 429, 500],
  receiveWebhook: [413, 429, 500, 504],
  receiveNamedWebhook: [413, 429, 500, 504],
};

const GOOD = { customer_id: 'cust-demo-payid', amount: 12.34, payout_method: 'PayId' };
const POST_PAYOUTS = ['POST', '/payouts', '/payouts'] as const;
const json = { 'content-type': 'application/json' };
const unknownId = 'txn-0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d';

type Case = readonly [
  says: string,
  method: string,
  path: string,
  sent: string,
  status: number,
  options: RequestOptions,
];

/** One for each status that a request alone brings about. */
const REQUESTS: readonly Case[] = [
  ['a payout', ...POST_PAYOUTS, 202, { body: GOOD, headers: { 'Idempotency-Key': 'documented-1' } }],
  ['its replay', ...POST_PAYOUTS, 202, { body: GOOD, headers: { 'Idempotency-Key': 'documented-1' } }],
  [
    'its key, for another',
    ...POST_PAYOUTS,
    422,
    { body: { ...GOOD, amount: 1 }, headers: { 'Idempotency-Key': 'documented-1' } },
  ],
  ['one that Monoova declines', ...POST_PAYOUTS, 422, { body: { ...GOOD, customer_id: 'cust-demo-no-funds' } }],
  ['its replay', ...POST_PAYOUTS, 422, { body: { ...GOOD, customer_id: 'cust-demo-no-funds' } }],
  ["what the gateway's model refuses", ...POST_PAYOUTS, 400, { body: {} }],
  ['a third decimal place', ...POST_PAYOUTS, 400, { body: { ...GOOD, amount: 12.345 } }],
  ['a key with a space', ...POST_PAYOUTS, 400, { body: GOOD, headers: { 'Idempotency-Key': 'a b' } }],
  ['an unknown customer', ...POST_PAYOUTS, 400, { body: { ...GOOD, customer_id: 'cust-nobody' } }],
  ['no signature', ...POST_PAYOUTS, 403, { body: GOOD, signed: false }],
  ['a body of 11 MB', ...POST_PAYOUTS, 413, { body: 'x'.repeat(11 * 1024 * 1024), headers: json }],
  ['another content type', ...POST_PAYOUTS, 415, { body: 'x', headers: { 'content-type': 'text/plain' } }],
  ['a list', 'GET', '/payouts', '/payouts?customer_id=cust-demo-payid', 200, {}],
  ['a list of nobody', 'GET', '/payouts', '/payouts', 400, {}],
  ['an unsigned list', 'GET', '/payouts', '/payouts?customer_id=c', 403, { signed: false }],
  ['an unknown payout', 'GET', '/payouts/{transaction_id}', `/payouts/${unknownId}`, 404, {}],
  ['an unsigned look', 'GET', '/payouts/{transaction_id}', `/payouts/${unknownId}`, 403, { signed: false }],
  ['health', 'GET', '/health', '/health', 200, { signed: false }],
  ['a webhook without proof', 'POST', '/webhooks/monoova', '/webhooks/monoova', 401, { signed: false, body: {} }],
  [
    'a named one without proof',
    'POST',
    '/webhooks/monoova/{eventName}',
    '/webhooks/monoova/NppReturn',
    401,
    { signed: false, body: {} },
  ],
];

describe('the document tells the truth', () => {
  const run = useLocalRun();
  const seen = new Set<string>();

  /** Holds an answer against the document, and remembers that it was brought about. */
  async function check(method: string, path: string, answer: Awaited<ReturnType<TestRun['request']>>, status: number) {
    expect(answer.status, answer.text).toBe(status);
    expect(undocumented(method, path, answer), answer.text).toEqual([]);
    seen.add(`${method} ${path} ${status}`);
  }

  it.each(REQUESTS)('%s: %s %s (%s) is %i', async (_says, method, path, sent, status, options) => {
    await check(method, path, await run().request(method, sent, options), status);
  });

  it('of a payout, from Pending to the end, and of the webhooks that bring it there', async () => {
    const path = '/payouts/{transaction_id}';
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-no-webhook' });
    await check('GET', path, await run().request('GET', `/payouts/${id}`), 200);
    await check('POST', '/webhooks/monoova', await tell(run(), statusOf(id)), 200);
    const unclear = await tell(run(), statusOf(id, { Amount: 'much' }));
    await check('POST', '/webhooks/monoova', unclear, 400);
    const named = await tell(run(), statusOf(id), { eventName: 'NppPaymentStatus' });
    await check('POST', '/webhooks/monoova/{eventName}', named, 200);
    const misnamed = await tell(run(), statusOf(id), { eventName: 'NppReturn' });
    await check('POST', '/webhooks/monoova/{eventName}', misnamed, 400);
    const final = await run().request('GET', `/payouts/${id}`);
    expect(final.body).toMatchObject({ status: 'Completed', history: expect.anything() });
    await check('GET', path, final, 200);
  });

  it('of a customer without the destination that is asked for', async () => {
    const TableName = 'payouts-dev-customers';
    const { dynamodb } = run().services;
    const { Item } = await dynamodb.call('GetItem', { TableName, Key: { customer_id: { S: GOOD.customer_id } } });
    const { payout_destinations, ...customer } = Item as { payout_destinations: { L: JsonObject[] } };
    const payIds = payout_destinations.L.filter((destination) => JSON.stringify(destination).includes('"PayId"'));
    const withoutAccount = { ...customer, customer_id: { S: 'cust-only-payid' }, payout_destinations: { L: payIds } };
    await dynamodb.call('PutItem', { TableName, Item: withoutAccount });
    const body = { ...GOOD, customer_id: 'cust-only-payid', payout_method: 'BankAccount' };
    const refused = await run().request('POST', '/payouts', { body });
    expect(refused.body).toMatchObject({ code: 'no_such_destination' });
    await check('POST', '/payouts', refused, 400);
  });

  it('of a page that is not the last', async () => {
    const { status, body, headers, text } = await run().request('GET', '/payouts?customer_id=cust-demo-payid&limit=1');
    await check('GET', '/payouts', { status, body, headers, text }, 200);
    expect(body).toHaveProperty('cursor');
  });

  it('of a daily limit', async () => {
    const counter = `limit#${sydneyDayOf(run().clock.nowMs())}#customer#cust-demo-instant`;
    const Item = { id: { S: counter }, total_cents: { N: String(STAGES.dev.dailyLimits.customerCents) } };
    await run().services.dynamodb.call('PutItem', { TableName: 'payouts-dev-controls', Item });
    const over = await run().request('POST', '/payouts', { body: { ...GOOD, customer_id: 'cust-demo-instant' } });
    expect(over.body).toMatchObject({ code: 'over_limit', limit: 'customer' });
    await check('POST', '/payouts', over, 422);
  });

  it('of a pause', async () => {
    const options = { env: { AWS_ENDPOINT_URL: run().awsUrl }, nowMs: run().clock.nowMs() };
    await runCommand(['pause', '--reason', 'the document is compared'], options);
    const paused = await run().request('POST', '/payouts', { body: GOOD, headers: { 'Idempotency-Key': uniqueKey() } });
    expect(paused.body).toMatchObject({ code: 'paused' });
    await check('POST', '/payouts', paused, 503);
    await runCommand(['resume'], options);
  });

  it('of an API that is closed', async () => {
    const options = { env: { AWS_ENDPOINT_URL: run().awsUrl }, nowMs: run().clock.nowMs() };
    await runCommand(['close-api'], options);
    await check('POST', '/payouts', await run().request('POST', '/payouts', { body: GOOD }), 429);
    await check('GET', '/payouts', await run().request('GET', '/payouts?customer_id=c'), 429);
    await check('GET', '/payouts/{transaction_id}', await run().request('GET', `/payouts/${unknownId}`), 429);
    await runCommand(['open-api'], options);
  });

  it('of every status, but for those that are named', () => {
    for (const { path, method, operation } of OPERATIONS) {
      const documented = Object.keys(operation.responses).map(Number);
      const missing = documented.filter((status) => !seen.has(`${method.toUpperCase()} ${path} ${status}`));
      expect(missing, operation.operationId).toEqual(NOT_BROUGHT_ABOUT[operation.operationId]);
    }
  });

  it('to a generator: its client compiles, pays, looks, lists, and reads a refusal', async () => {
    const client = resolve(import.meta.dirname, 'client');
    const compiler = resolve(ROOT, 'node_modules/typescript/bin/tsc');
    const [compiled, program] = await Promise.all([
      exec(process.execPath, [compiler, '-p', client]),
      exec(process.execPath, [resolve(client, 'program.ts'), run().apiUrl]),
    ]);
    expect(compiled.stdout).toBe('');
    const told = JSON.parse(program.stdout);
    expect(told).toMatchObject({ health: 200, refused: 'idempotency_key_reused' });
    expect(told.found).toEqual([told.created, 'cust-demo-payid', 'recorded']);
    expect(told.listed).toContain(told.created);
  });
});
