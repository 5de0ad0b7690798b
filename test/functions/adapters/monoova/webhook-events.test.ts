import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factSchema } from '../../../../domain/fact.ts';
import { understandWebhook } from '../../../../functions/adapters/monoova/webhook-events.ts';
import { REFERENCE, TRANSACTION_ID } from '../../../builders/payout.ts';

const observedAt = '2026-11-23T00:00:00.000Z';

/** In the order and with the nulls of Monoova's specification. */
const PAYMENT_STATUS = {
  TransactionDate: '2026-11-23T00:00:00',
  UniqueReference: REFERENCE,
  TransactionId: 1022,
  Status: 'Payment Successful',
  Amount: 123.45,
  Bsb: null,
  AccountNumber: null,
  AccountName: 'Jane Citizen',
  PayId: 'jane@example.com',
  PayIdType: 'Email',
  EndToEndId: REFERENCE.replaceAll('-', ''),
  RemitterName: 'Us',
  LodgementRef: 'Invoice 7',
  RejectionDateTime: null,
  RejectionReasonDescription: null,
  RejectionTransactionId: null,
};
const RETURN = {
  ReturnDate: '2026-11-24T00:00:00',
  Amount: 123.45,
  Bsb: '062-205',
  AccountNumber: 'AB12cd34',
  AccountName: 'Jane Citizen',
  ReturnReason: 'Account ab12 CD34 of J Citizen is closed',
  TransactionId: 1022,
  UniqueReference: REFERENCE,
  ReturnTransactionId: 1023,
};

function understand(body: unknown, eventName?: string) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return understandWebhook(Buffer.from(text, 'utf8'), { eventName, observedAt });
}

const COMPLETED = {
  kind: 'fact',
  transactionId: TRANSACTION_ID,
  fact: {
    kind: 'completed',
    source: 'webhook',
    observed_at: observedAt,
    unique_reference: REFERENCE,
    amount_cents: 12_345,
    monoova_transaction_id: 1022,
  },
};

describe('a payment status', () => {
  it('is understood from its fields alone, and only the listed ones come out', () => {
    expect(understand(PAYMENT_STATUS)).toEqual(COMPLETED);
  });

  it.each(['NppPaymentStatus', 'nppPaymentStatus'])('is understood under its name %s', (eventName) => {
    expect(understand(PAYMENT_STATUS, eventName)).toEqual(COMPLETED);
  });

  it.each(['payment successful', 'PAYMENT SUCCESSFUL', ' Payment Successful '])('is completed by %j', (Status) => {
    expect(understand({ ...PAYMENT_STATUS, Status })).toEqual(COMPLETED);
  });

  it('is rejected, with the reason without the payee', () => {
    const RejectionReasonDescription = 'JANE CITIZEN <jane@example.com> at 062 205 123456: account closed';
    const rejected = understand({ ...PAYMENT_STATUS, Status: 'Rejected', RejectionReasonDescription });
    expect(rejected).toMatchObject({ fact: { kind: 'rejected', detail: '*** <***> at ***: account closed' } });
  });

  it('is rejected without a reason where there is none', () => {
    expect(understand({ ...PAYMENT_STATUS, Status: 'Rejected' })).toHaveProperty('fact.kind', 'rejected');
    expect(understand({ ...PAYMENT_STATUS, Status: 'Rejected' })).not.toHaveProperty('fact.detail');
  });

  it('is understood in the camelCase of the plan, whose transaction number is a text', () => {
    const planned = { eventName: 'NppPaymentStatus', uniqueReference: REFERENCE, status: 'Payment Successful' };
    const { monoova_transaction_id: _id, amount_cents: _amount, ...fact } = COMPLETED.fact;
    expect(understand(planned)).toEqual({ ...COMPLETED, fact });
    const full = { ...planned, transactionId: 'monoova-789', amount: 123.45, currency: 'AUD', timestamp: observedAt };
    expect(understand(full)).toEqual({ ...COMPLETED, fact: { ...fact, amount_cents: 12_345 } });
  });

  it.each([
    ['123.4500', 12_345],
    [100, 10_000],
    [0.1, 10],
    [0, 0],
  ])('reads an amount of %j as %i cents', (Amount, cents) => {
    expect(understand({ ...PAYMENT_STATUS, Amount })).toHaveProperty('fact.amount_cents', cents);
  });

  it('finds our payout by a reference in another letter case', () => {
    expect(understand({ ...PAYMENT_STATUS, UniqueReference: REFERENCE.toUpperCase() })).toEqual(COMPLETED);
  });

  it('belongs to no payout of ours where the reference is none of ours', () => {
    const foreign = understand({ ...PAYMENT_STATUS, UniqueReference: 'ORDER-17' });
    expect(foreign).toMatchObject({ kind: 'fact', transactionId: undefined, fact: { unique_reference: 'ORDER-17' } });
  });

  it('survives bytes that are no UTF-8 in a name, and a byte order mark', () => {
    const text = JSON.stringify({ ...PAYMENT_STATUS, AccountName: 'Ren~' });
    const latin = Buffer.from(`\uFEFF${text}`, 'utf8').map((byte) => (byte === 0x7e ? 0xe9 : byte));
    expect(understandWebhook(Buffer.from(latin), { observedAt })).toEqual(COMPLETED);
  });
});

describe('a return', () => {
  const RETURNED = {
    kind: 'fact',
    transactionId: TRANSACTION_ID,
    fact: {
      ...COMPLETED.fact,
      kind: 'returned',
      return_transaction_id: 1023,
      detail: 'Account *** of … *** is closed',
    },
  };

  it('is understood from its fields, or under its name', () => {
    expect(understand(RETURN)).toEqual(RETURNED);
    expect(understand(RETURN, 'NppReturn')).toEqual(RETURNED);
  });

  it.each([
    [PAYMENT_STATUS, 'NppReturn'],
    [{ ...RETURN, Status: 'Payment Successful' }, 'NppReturn'],
    [{ UniqueReference: REFERENCE, ReturnReason: '' }, 'NppReturn'],
  ])('is believed by its signed fields, not by the path that nothing signs: %j', (body, event) => {
    expect(understand(body, event)).toMatchObject({ kind: 'unreadable' });
  });

  it('is not made of a success by an empty field that was added to it', () => {
    expect(understand({ ...PAYMENT_STATUS, ReturnReason: '', ReturnTransactionId: 0 })).toMatchObject({
      kind: 'fact',
      fact: { kind: 'completed' },
    });
  });

  it.each([
    ['PayID is registered to MARGARET THATCHER', 'PayID is registered to …'],
    ['ACCOUNT CLOSED', 'ACCOUNT CLOSED'],
    ["Account doesn't exist, contact Smith & Sons", "Account doesn't exist, contact … & …"],
  ])('keeps the words of banks and no name: %s', (ReturnReason, detail) => {
    expect(understand({ ...RETURN, ReturnReason })).toMatchObject({ fact: { detail } });
  });

  it('takes an account out of the words also where it was sent as a number', () => {
    const body = { ...RETURN, AccountNumber: 1234, ReturnReason: 'Account 1234 closed' };
    expect(understand(body)).toMatchObject({ fact: { detail: 'Account *** closed' } });
  });

  it('is understood without a reason, from the number of the returning transaction', () => {
    const { detail: _detail, ...fact } = RETURNED.fact;
    expect(understand({ ...RETURN, ReturnReason: null })).toEqual({ ...RETURNED, fact });
  });
});

describe('another event', () => {
  it.each([
    ['DirectEntryDishonour', { TransactionReference: REFERENCE, ReturnReason: 'x', OriginalTransactionId: 1 }],
    ['NPPReceivePayment', { TransactionId: 'N001', Amount: '100.0000', Status: 'whatever' }],
    ['Unheard', PAYMENT_STATUS],
  ])('is ignored by its name: %s', (event, body) => {
    expect(understand(body, event)).toEqual({ kind: 'ignored', event });
    expect(understand({ ...body, eventName: event })).toEqual({ kind: 'ignored', event });
  });

  it.each([
    ['', {}],
    ['', { TransactionId: 'N001', Amount: '100.0000' }],
    ['', { UniqueReference: REFERENCE }],
    ['account 123456', PAYMENT_STATUS],
    ['x'.repeat(51), PAYMENT_STATUS],
  ])('has no name worth repeating (%j)', (event, body) => {
    expect(understand(body, event === '' ? undefined : event)).toEqual({ kind: 'ignored', event: 'unnamed' });
  });

  it('is not what a name that is null makes of a payment status', () => {
    expect(understand({ ...PAYMENT_STATUS, eventName: null })).toEqual(COMPLETED);
    expect(understand({ ...PAYMENT_STATUS, eventName: 5 })).toEqual({ kind: 'ignored', event: 'unnamed' });
  });
});

describe('an unreadable webhook', () => {
  it.each(['', '[]', 'null', '"x"', '{', '{"a":1}x'])('is no JSON object: %j', (body) => {
    expect(understand(body)).toEqual({ kind: 'unreadable', problems: ['the body is no JSON object'] });
  });

  it('is too large', () => {
    const big = understand({ ...PAYMENT_STATUS, AccountName: 'x'.repeat(64 * 1024) });
    expect(big).toEqual({ kind: 'unreadable', problems: ['the body is larger than 64 kB'] });
  });

  it.each([
    [{ Status: 'Pending' }, 'Status'],
    [{ Status: 5 }, 'Status'],
    [{ UniqueReference: '' }, 'UniqueReference'],
    [{ UniqueReference: 'x'.repeat(201) }, 'UniqueReference'],
    [{ UniqueReference: 17 }, 'UniqueReference'],
    [{ Amount: -1 }, 'Amount'],
    [{ Amount: 1.005 }, 'Amount'],
    [{ Amount: 'much' }, 'Amount'],
    [{ Amount: {} }, 'Amount'],
    [{ TransactionId: 0 }, 'TransactionId'],
    [{ TransactionId: 1.5 }, 'TransactionId'],
    [{ TransactionId: {} }, 'TransactionId'],
  ])('says which field is wrong and not what it holds: %j', (fields, name) => {
    const understood = understand({ ...PAYMENT_STATUS, ...fields }, 'NppPaymentStatus');
    expect(understood).toEqual({ kind: 'unreadable', problems: [expect.stringMatching(`^${name} `)] });
  });

  it('names everything that is wrong', () => {
    const understood = understand({ Status: 'Odd', Amount: -1 }, 'NppPaymentStatus');
    expect(understood).toHaveProperty('problems.length', 3);
  });
});

describe('whatever comes', () => {
  const number = fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 28 })
    .map((digits) => digits.join(''));
  const name = fc.constantFrom('Jane Citizen', 'Nguyễn Văn An', 'ACME Holdings Pty Ltd');

  it('no account, PayID or name leaves it, and a fact is always one', () => {
    const reason = fc.constantFrom(
      (account: string, payee: string) => `Account ${account} of ${payee} closed`,
      (account: string, payee: string) => `${payee.toUpperCase()}/${account.match(/.{1,3}/g)?.join(' ')}`,
      (account: string) => `BSB 062-205 ${account}-`,
    );
    const status = fc.constantFrom('Payment Successful', 'Rejected', 'Other');
    fc.assert(
      fc.property(number, name, reason, status, fc.boolean(), (account, payee, words, Status, isReturn) => {
        const payeeFields = {
          AccountNumber: account,
          AccountName: payee,
          Bsb: '062-205',
          PayId: `${account}@x.example`,
        };
        const said = words(account, payee);
        const body = isReturn
          ? { ...RETURN, ...payeeFields, ReturnReason: said }
          : { ...PAYMENT_STATUS, ...payeeFields, Status, RejectionReasonDescription: said };
        const understood = understand(body);
        const text = JSON.stringify(understood).replaceAll(REFERENCE, '').replaceAll(observedAt, '');
        expect(text).not.toContain(account);
        expect(text.toLowerCase()).not.toContain(payee.toLowerCase());
        expect(text).not.toContain('062');
        if (understood.kind === 'fact') factSchema.parse(understood.fact);
      }),
    );
  });

  it('nothing throws, and every fact can be stored', () => {
    const field = fc.oneof(fc.jsonValue(), fc.constantFrom('Rejected', REFERENCE, 'Payment Successful', 12.5));
    const names = fc.constantFrom(...Object.keys(PAYMENT_STATUS), ...Object.keys(RETURN), 'eventName', '__proto__');
    fc.assert(
      fc.property(fc.dictionary(names, field), (body) => {
        const understood = understand(body);
        if (understood.kind === 'fact') factSchema.parse(understood.fact);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(understandWebhook(Buffer.from(bytes), { observedAt }).kind).not.toBe('fact');
      }),
    );
  });
});
