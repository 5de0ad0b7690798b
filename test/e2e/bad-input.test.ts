import { describe, expect, it } from 'vitest';
import { type RequestOptions, useLocalRun } from '../support/local-run.ts';

const GOOD = { customer_id: 'cust-demo-payid', amount: 12.34, payout_method: 'PayId' };
const json = { 'content-type': 'application/json' };

type Case = readonly [name: string, options: RequestOptions, status: number, code: string, says: string];

const CASES: readonly Case[] = [
  ['no body', { headers: json, body: '' }, 400, 'invalid_request', ''],
  ['a body that is no JSON', { headers: json, body: '{' }, 400, 'invalid_request', ''],
  ['an array', { body: [] }, 400, 'invalid_request', ''],
  ['null', { headers: json, body: 'null' }, 400, 'invalid_request', ''],
  ['no customer_id', { body: { ...GOOD, customer_id: undefined } }, 400, 'invalid_request', 'customer_id'],
  ['an injected customer_id', { body: { ...GOOD, customer_id: "x' OR '1'='1" } }, 400, 'invalid_request', ''],
  ['an amount of 0', { body: { ...GOOD, amount: 0 } }, 400, 'invalid_request', ''],
  ['a negative amount', { body: { ...GOOD, amount: -1 } }, 400, 'invalid_request', ''],
  ['an amount over the limit', { body: { ...GOOD, amount: 1000.01 } }, 400, 'invalid_request', ''],
  ['an amount as text', { body: { ...GOOD, amount: '12.34' } }, 400, 'invalid_request', ''],
  ['a third decimal place', { body: { ...GOOD, amount: 12.345 } }, 400, 'invalid_request', 'two places'],
  ['an unknown method', { body: { ...GOOD, payout_method: 'Cheque' } }, 400, 'invalid_request', ''],
  ['an unknown field', { body: { ...GOOD, currency: 'USD' } }, 400, 'invalid_request', ''],
  ['a description of 201 characters', { body: { ...GOOD, description: 'x'.repeat(201) } }, 400, 'invalid_request', ''],
  ['an unknown customer', { body: { ...GOOD, customer_id: 'cust-nobody' } }, 400, 'unknown_customer', 'register'],
  ['an empty key', { body: GOOD, headers: { 'Idempotency-Key': '' } }, 400, 'invalid_idempotency_key', '1 to 255'],
  ['a key with a space', { body: GOOD, headers: { 'Idempotency-Key': 'a b' } }, 400, 'invalid_idempotency_key', ''],
  [
    'a key too long',
    { body: GOOD, headers: { 'Idempotency-Key': 'x'.repeat(256) } },
    400,
    'invalid_idempotency_key',
    '',
  ],
  [
    'another content type',
    { headers: { 'content-type': 'text/plain' }, body: 'x' },
    415,
    'unsupported_media_type',
    'application/json',
  ],
  ['no signature', { body: GOOD, signed: false }, 403, 'unsigned', 'Signature Version 4'],
];

describe('a request that cannot be a payout', () => {
  const run = useLocalRun();

  it.each(CASES)(
    'with %s is refused with a problem that says what to change',
    async (_, options, status, code, says) => {
      const paidBefore = run().simulator?.requests().length;
      const executionsBefore = settlements();

      const answer = await run().request('POST', '/payouts', options);

      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.body).toMatchObject({ code, status, title: expect.any(String), detail: expect.any(String) });
      expect(answer.text).toContain(says);
      expect(answer.text).not.toMatch(/arn:aws|"cause"|stack|node_modules/);
      expect(run().simulator?.requests().length).toBe(paidBefore);
      expect(settlements()).toBe(executionsBefore);
    },
  );

  it('reads the key from the header alone, in any letter case', async () => {
    const lower = await run().request('POST', '/payouts?Idempotency-Key=from-query', {
      body: { ...GOOD, amount: 1.01 },
      headers: { 'idempotency-KEY': 'from-header-1' },
    });
    expect(lower.status).toBe(202);
    const again = await run().request('POST', '/payouts', {
      body: { ...GOOD, amount: 1.01 },
      headers: { 'Idempotency-Key': 'from-header-1' },
    });
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it.each([
    ['/payouts/txn-0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d', 404, 'not_found'],
    ['/payouts/nonsense', 404, 'not_found'],
    ['/payouts', 400, 'invalid_request'],
    ['/payouts?customer_id=-bad', 400, 'invalid_request'],
    ['/payouts?customer_id=cust-1&limit=0', 400, 'invalid_request'],
    ['/payouts?customer_id=cust-1&limit=101', 400, 'invalid_request'],
    ['/payouts?customer_id=cust-1&status=Paid', 400, 'invalid_request'],
    ['/payouts?customer_id=cust-1&cursor=x', 400, 'invalid_request'],
  ])('GET %s is %i', async (path, status, code) => {
    const answer = await run().request('GET', path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(answer.body).toMatchObject({ code });
  });

  it('answers an unsigned GET with 403, and a wrong signature too', async () => {
    expect((await run().request('GET', '/payouts?customer_id=cust-1', { signed: false })).status).toBe(403);
    const forged = { Authorization: 'AWS4-HMAC-SHA256 Credential=x/20261123/ap-southeast-2/execute-api/aws4_request' };
    const answer = await run().request('GET', '/payouts?customer_id=c', { signed: false, headers: forged });
    expect(answer.status).toBe(403);
  });

  it('is healthy to anyone', async () => {
    const answer = await run().request('GET', '/health', { signed: false });
    expect([answer.status, answer.body]).toEqual([200, { status: 'ok' }]);
  });

  function settlements(): number {
    const arn = 'arn:aws:states:ap-southeast-2:000000000000:stateMachine:payouts-dev-settlement';
    return run().stepFunctions.listExecutions(arn).length;
  }
});
