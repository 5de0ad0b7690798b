import { describe, expect, it } from 'vitest';
import { referenceOfKey } from '../../../domain/reference.ts';
import { createHandler, isOpenIn } from '../../../functions/validate-payout/handler.ts';
import { aPayout, REFERENCE } from '../../builders/payout.ts';
import { createWorld } from '../../fakes/world.ts';

const BODY = { customer_id: 'cust-1', amount: 12.34, payout_method: 'PayId' };
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');

function open() {
  const world = createWorld();
  const remembered = new Map<string, string>();
  let made = 0;
  const validate = createHandler({
    metrics: world.deps.metrics,
    amountMaxCents: 100_000,
    nowMs: () => Date.parse('2026-11-25T13:30:00Z'),
    newReference: () => `00000000-0000-4000-8000-00000000000${++made}`,
    memos: {
      async remember(fingerprint, candidate) {
        const known = remembered.get(fingerprint) ?? candidate;
        remembered.set(fingerprint, known);
        return known;
      },
    },
  });
  return { ...world, validate };
}

const event = (body: unknown, ...keys: string[]) => ({
  body_base64: base64(typeof body === 'string' ? body : JSON.stringify(body)),
  idempotency_keys_base64: keys.map(base64),
});

describe('ValidatePayout', () => {
  it('derives the reference from the key, so that a key can never become a second payout', async () => {
    const { validate } = open();
    const { request } = await validate(event(BODY, 'order-17'));
    expect(request).toEqual({
      customer_id: 'cust-1',
      amount_cents: 1234,
      payout_method: 'PayId',
      description: null,
      unique_reference: referenceOfKey('order-17'),
      transaction_id: `txn-${referenceOfKey('order-17')}`,
      has_key: true,
      day: '2026-11-26',
      day_ends_at: '2026-11-26T13:00:00.000Z',
    });
  });

  it('gives the same request without a key the same reference, and another request another', async () => {
    const { validate } = open();
    const first = await validate(event(BODY));
    const again = await validate(event({ ...BODY }));
    const other = await validate(event({ ...BODY, amount: 12.35 }));
    expect(again.request?.transaction_id).toBe(first.request?.transaction_id);
    expect(other.request?.transaction_id).not.toBe(first.request?.transaction_id);
    expect(first.request?.has_key).toBe(false);
  });

  it.each([
    'quotes " and \\ backslashes',
    "it's $100 #if(true) @@ ${x} $context.requestId #end",
    'é and 💸 and \u2028',
    '<script>alert(1)</script>',
    "'; DROP TABLE payouts; --",
  ])('keeps the description %j unharmed', async (description) => {
    const { validate } = open();
    expect((await validate(event({ ...BODY, description }, 'k'))).request?.description).toBe(description);
  });

  it.each([
    ['an amount over the limit', { ...BODY, amount: 1000.01 }, [], 400, 'invalid_request'],
    ['no JSON', '{', [], 400, 'invalid_request'],
    ['two keys', BODY, ['a', 'b'], 400, 'invalid_idempotency_key'],
    ['an empty key', BODY, [''], 400, 'invalid_idempotency_key'],
    ['a key with a space', BODY, ['a b'], 400, 'invalid_idempotency_key'],
  ])('refuses %s with a problem that says what to change', async (_, body, keys, statusCode, code) => {
    const { validate, counted } = open();
    const { request, refusal } = await validate(event(body, ...(keys as string[])));
    expect(request).toBeNull();
    expect(refusal).toMatchObject({ statusCode, headers: { 'Content-Type': 'application/problem+json' } });
    expect(JSON.parse(refusal?.body ?? '')).toMatchObject({ code, status: statusCode });
    expect(counted).toEqual(['PayoutRefused']);
  });

  it('refuses bytes that are no UTF-8 rather than change what was asked for', async () => {
    const { validate } = open();
    const { refusal } = await validate({
      body_base64: base64(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])),
      idempotency_keys_base64: [],
    });
    expect(JSON.parse(refusal?.body ?? '').errors).toEqual([{ field: 'body', message: 'the body is not UTF-8' }]);
  });

  it('fails by name when a memo holds no reference', async () => {
    const world = createWorld();
    const validate = createHandler({
      metrics: world.deps.metrics,
      amountMaxCents: 100_000,
      nowMs: () => Date.parse('2026-11-25T13:30:00Z'),
      newReference: () => 'x',
      memos: { remember: async () => 'no reference' },
    });
    await expect(validate(event(BODY))).rejects.toThrow(TypeError);
  });
});

describe('whether a payout is open', () => {
  it.each([
    ['Pending', true],
    ['Failed', false],
    ['Completed', false],
  ] as const)('%s: %j', async (status, isOpen) => {
    expect(await isOpenIn(createWorld(aPayout({ status })).store)(REFERENCE)).toBe(isOpen);
  });

  it('is false where nothing was recorded, or the reference is none of ours', async () => {
    expect(await isOpenIn(createWorld().store)(REFERENCE)).toBe(false);
    expect(await isOpenIn(createWorld(aPayout()).store)('first')).toBe(false);
  });
});
