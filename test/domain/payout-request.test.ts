import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdempotencyKey, parsePayoutRequest } from '../../domain/payout-request.ts';

const LIMIT_CENTS = 100_000;
const good = { customer_id: 'cust-1', amount: 12.34, payout_method: 'PayId', description: 'wages' };
const parse = (body: unknown) => parsePayoutRequest(JSON.stringify(body), LIMIT_CENTS);
/** A body whose amount is spelt exactly so. */
const spelt = (amount: string) => `{"customer_id":"cust-1","amount":${amount},"payout_method":"PayId"}`;

describe('a payout request', () => {
  it('is read into cents', () => {
    expect(parse(good)).toEqual({
      ok: true,
      request: { customer_id: 'cust-1', amount_cents: 1234, payout_method: 'PayId', description: 'wages' },
    });
  });

  it('may come without a description', () => {
    const { description: _, ...rest } = good;
    const parsed = parse(rest);
    expect(parsed.ok && 'description' in parsed.request).toBe(false);
  });

  it.each([
    [{ ...good, customer_id: '' }, 'customer_id', 'customer_id has 1 to 64'],
    [{ ...good, customer_id: "x' OR 1=1" }, 'customer_id', 'customer_id has 1 to 64'],
    [{ ...good, customer_id: 7 }, 'customer_id', 'customer_id is text'],
    [{ ...good, customer_id: undefined }, 'customer_id', 'customer_id is required'],
    [{ ...good, amount: 0 }, 'amount', 'amount is at least 0.01'],
    [{ ...good, amount: -5 }, 'amount', 'amount is at least 0.01'],
    [{ ...good, amount: 1000.01 }, 'amount', 'amount is at most 1000.00'],
    [{ ...good, amount: '5' }, 'amount', 'amount is a number of AUD'],
    [{ ...good, amount: null }, 'amount', 'amount is a number of AUD'],
    [{ ...good, payout_method: 'Cheque' }, 'payout_method', 'payout_method is PayId or BankAccount'],
    [{ ...good, payout_method: undefined }, 'payout_method', 'payout_method is required'],
    [{ ...good, description: 'x'.repeat(201) }, 'description', 'description holds at most 200'],
    [{ ...good, description: null }, 'description', 'description is text'],
    [{ ...good, currency: 'USD' }, 'currency', 'this field is not known'],
    [[], 'body', 'the body is a JSON object'],
    ['x', 'body', 'the body is a JSON object'],
  ])('refuses %j and says what to change', (body, field, message) => {
    const parsed = parse(body);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.errors).toEqual([{ field, message: expect.stringContaining(message) }]);
  });

  it.each(['', '{', 'undefined', '{"amount":1}}'])('refuses the text %j as no JSON', (text) => {
    const parsed = parsePayoutRequest(text, LIMIT_CENTS);
    expect(parsed).toEqual({ ok: false, errors: [{ field: 'body', message: 'the body is not JSON' }] });
  });

  it.each(['0.011', '1.005', '1.000000000000000001', '1e2', '1E+2', '100.001'])(
    'refuses the amount %s by its text, whatever it is in floating point',
    (amount) => {
      const parsed = parsePayoutRequest(spelt(amount), LIMIT_CENTS);
      expect(parsed).toMatchObject({ ok: false, errors: [{ field: 'amount' }] });
    },
  );

  it.each([
    ['1.10', 110],
    ['1.1', 110],
    ['1.100', 110],
    ['1000', 100_000],
    ['1000.00', 100_000],
  ])('reads the amount %s as %i cents', (amount, cents) => {
    expect(parsePayoutRequest(spelt(amount), LIMIT_CENTS)).toMatchObject({
      ok: true,
      request: { amount_cents: cents },
    });
  });

  it('reads the amount at the top of the body and no other', () => {
    const parsed = parsePayoutRequest('{"customer_id":{"amount":5},"amount":1,"payout_method":"PayId"}', LIMIT_CENTS);
    expect(parsed).toMatchObject({ ok: false, errors: [{ field: 'customer_id' }] });
  });

  it('keeps any well-formed description as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (description) => {
        fc.pre(description.length <= 200);
        expect(parse({ ...good, description })).toMatchObject({ ok: true, request: { description } });
      }),
    );
  });

  it('refuses half of a surrogate pair, which no bank could be told', () => {
    const parsed = parsePayoutRequest(JSON.stringify({ ...good, description: '\ud83d' }), LIMIT_CENTS);
    expect(parsed).toMatchObject({ ok: false, errors: [{ field: 'description' }] });
  });
});

describe('an idempotency key', () => {
  it('may be left out', () => {
    expect(parseIdempotencyKey([])).toEqual({ ok: true, key: undefined });
  });

  it.each(['k', 'order-17', '!~', 'x'.repeat(255)])('may be %j', (key) => {
    expect(parseIdempotencyKey([key])).toEqual({ ok: true, key });
  });

  it.each([[['']], [['a b']], [['a, b']], [['é']], [['x'.repeat(256)]], [['a', 'a']], [['a\n']]])(
    'is refused when it is %j',
    (values) => {
      expect(parseIdempotencyKey(values)).toEqual({ ok: false });
    },
  );
});
