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
/** As the specification has it: no number of its own, and the bank in an object. */
const DISHONOUR = {
  ReturnDate: '2026-11-24T00:00:00',
  Amount: 123.45,
  BankDetails: { Bsb: '062-205', AccountNumber: 'AB12cd34', AccountName: 'Jane Citizen', Token: null },
  Type: 'Credit',
  ReturnReason: 'Account ab12 CD34 of J Citizen is closed',
  TransactionDate: '2026-11-23T00:00:00',
  OriginalTransactionId: 1022,
  TransactionReference: REFERENCE,
};
/** A real one of the sandbox, with made-up values. */
const RECEIPT = {
  TransactionId: 'N00123',
  DateTime: '26/05/2023 1:53:11 AM',
  RemitterName: 'Jane Citizen',
  Amount: '100.0000',
  PaymentDescription: 'rent',
  SourceBsb: '062-205',
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

  it('is understood with its numbers as texts', () => {
    expect(understand({ ...PAYMENT_STATUS, TransactionId: '1022', Amount: '123.4500' })).toEqual(COMPLETED);
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

describe('a return', () => {
  it('is understood from its fields, or under its name', () => {
    expect(understand(RETURN)).toEqual(RETURNED);
    expect(understand(RETURN, 'NppReturn')).toEqual(RETURNED);
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

  it.each([
    ['a payee', { AccountName: 'x'.repeat(60_000) }],
    ['a payee of ligatures', { AccountName: 'ﷺ'.repeat(100) }],
    ['an account of many words', { BankDetails: Array.from({ length: 4_000 }, (_, index) => `w${index}`) }],
    ['a reason', { ReturnReason: 'closed '.repeat(200) }],
  ])('is understood without its reason, and in no time, where %s is longer than can be', (_, fields) => {
    const understood = understand({ ...RETURN, ...fields });
    expect(understood).toMatchObject({ kind: 'fact', fact: { kind: 'returned', return_transaction_id: 1023 } });
    expect(understood).not.toHaveProperty('fact.detail');
  });

  it('is understood without a reason, from the number of the returning transaction', () => {
    const { detail: _detail, ...fact } = RETURNED.fact;
    expect(understand({ ...RETURN, ReturnReason: null })).toEqual({ ...RETURNED, fact });
  });
});

describe('a dishonour of direct entry', () => {
  const { return_transaction_id: _number, ...fact } = RETURNED.fact;

  it('of a credit is a return without a number of its own', () => {
    expect(understand(DISHONOUR)).toEqual({ ...RETURNED, fact });
    expect(understand(DISHONOUR, 'DirectEntryDishonour')).toEqual({ ...RETURNED, fact });
    expect(understand({ ...DISHONOUR, Type: ' credit' })).toEqual({ ...RETURNED, fact });
  });

  it('of a debit is about money that comes in', () => {
    expect(understand({ ...DISHONOUR, Type: 'Debit' })).toEqual({ kind: 'inbound', event: 'DirectEntryDishonour' });
  });

  it.each(['Both', null, 5])('of a type %j is for a person', (Type) => {
    expect(understand({ ...DISHONOUR, Type })).toMatchObject({ kind: 'unclear', error: 'unreadable' });
  });
});

describe('an event about money that comes in', () => {
  it.each(['NPPReceivePayment', 'nppReceivePayment', 'InboundDirectCredit', 'DirectDebitClearance'])(
    'is known by its name %s, whatever it holds',
    (name) => {
      for (const body of [RECEIPT, {}, [], 'x'.repeat(70_000), { ...RECEIPT, Status: 'whatever' }]) {
        expect(understand(body, name)).toMatchObject({ kind: 'inbound' });
      }
      expect(understand({ ...RECEIPT, eventName: name }, name)).toMatchObject({ kind: 'inbound' });
    },
  );

  it.each([
    [RECEIPT, 'NPPReceivePayment'],
    [{ TotalCount: 1, DirectCreditDetails: [] }, 'InboundDirectCredit'],
    [{ TotalCount: 1, TransactionIds: [] }, 'DirectDebitClearance'],
  ])('is known by fields that it alone has: %j', (body, event) => {
    expect(understand(body)).toEqual({ kind: 'inbound', event });
  });
});

describe('an event that nobody knows', () => {
  it.each([
    ['Unheard', {}],
    ['Unheard', { UniqueReference: REFERENCE }],
    ['Unheard', [1]],
    ['', {}],
    ['', [PAYMENT_STATUS]],
    ['', { TransactionId: 'N001', Amount: '100.0000' }],
    ['', { UniqueReference: 'ORDER-17' }],
  ])('is told by its name or by none: %j %j', (event, body) => {
    const name = event === '' ? undefined : event;
    expect(understand(body, name)).toEqual({ kind: 'unknown', event: name ?? 'unnamed' });
  });

  it.each(['account 123456', 'x'.repeat(51), ''])('has no name worth repeating (%j)', (event) => {
    expect(understand({}, event)).toEqual({ kind: 'unknown', event: 'odd' });
  });
});

describe('a name', () => {
  const events: readonly (readonly [string, object])[] = [
    ['NppPaymentStatus', PAYMENT_STATUS],
    ['NppReturn', RETURN],
    ['DirectEntryDishonour', DISHONOUR],
  ];
  const names = [...events.map(([name]) => name), 'NPPReceivePayment', 'Unheard', 'account 123456'];
  const pairs = events.flatMap(([event, body]) => names.map((name) => [name, event, body] as const));

  it.each(pairs)('%s of the fields of %s decides nothing: it agrees, or a person looks', (name, event, body) => {
    const agreed = name === event ? { kind: 'fact' } : { kind: 'unclear', error: 'misnamed', remains: { event } };
    expect(understand(body, name)).toMatchObject(agreed);
    expect(understand({ ...body, eventName: name })).toMatchObject(agreed);
    expect(understand({ ...body, eventName: name }, event)).toMatchObject(agreed);
    expect(understand({ ...body, eventName: event }, name)).toMatchObject(agreed);
  });

  it('that is null is none, and one that is no text agrees with nothing', () => {
    expect(understand({ ...PAYMENT_STATUS, eventName: null })).toEqual(COMPLETED);
    expect(understand({ ...PAYMENT_STATUS, eventName: 5 })).toMatchObject({ kind: 'unclear', error: 'misnamed' });
  });

  it('of an event about payouts is kept where the fields are of none, or of two', () => {
    for (const body of [
      {},
      [],
      RECEIPT,
      { ...RETURN, Status: 'Payment Successful' },
      { ...DISHONOUR, Status: 'Rejected' },
    ]) {
      expect(understand(body, 'NppReturn')).toMatchObject({ kind: 'unclear', error: 'unreadable' });
    }
    const both = understand({ ...RECEIPT, eventName: 'NppReturn' }, 'NppPaymentStatus');
    expect(both).toMatchObject({ kind: 'unclear', error: 'misnamed' });
  });

  it('is not needed for a reference of ours to reach a person', () => {
    expect(understand({ UniqueReference: REFERENCE })).toEqual({
      kind: 'unclear',
      error: 'unreadable',
      remains: { event: 'unnamed', problems: [expect.stringContaining('fields')], unique_reference: REFERENCE },
    });
  });
});

describe('an unreadable webhook', () => {
  const unclear = (event: string, ...problems: unknown[]) => ({
    kind: 'unclear',
    error: 'unreadable',
    remains: { event, problems },
  });

  it.each(['', 'null', '"x"', '5', '{', '{"a":1}x'])('is no JSON object: %j', (body) => {
    expect(understand(body)).toEqual(unclear('unnamed', 'the body is no JSON object'));
    expect(understand(body, 'NppReturn')).toEqual(unclear('NppReturn', 'the body is no JSON object'));
  });

  it('is too large', () => {
    const big = understand({ ...PAYMENT_STATUS, AccountName: 'x'.repeat(64 * 1024) });
    expect(big).toEqual(unclear('unnamed', 'the body is larger than 64 kB'));
  });

  it.each([
    [{ Status: 'Pending' }, 'Status'],
    [{ Status: 5 }, 'Status'],
    [{ UniqueReference: null }, 'UniqueReference'],
    [{ UniqueReference: '' }, 'UniqueReference'],
    [{ UniqueReference: 'x'.repeat(201) }, 'UniqueReference'],
    [{ UniqueReference: 17 }, 'UniqueReference'],
    [{ Amount: null }, 'Amount'],
    [{ Amount: -1 }, 'Amount'],
    [{ Amount: 1.005 }, 'Amount'],
    [{ Amount: 'much' }, 'Amount'],
    [{ Amount: {} }, 'Amount'],
    [{ TransactionId: null }, 'TransactionId'],
    [{ TransactionId: 0 }, 'TransactionId'],
    [{ TransactionId: 1.5 }, 'TransactionId'],
    [{ TransactionId: 'N001' }, 'TransactionId'],
    [{ TransactionId: {} }, 'TransactionId'],
  ])('says which field is wrong and not what it holds: %j', (fields, name) => {
    const understood = understand({ ...PAYMENT_STATUS, ...fields }, 'NppPaymentStatus');
    expect(understood).toMatchObject(unclear('NppPaymentStatus', expect.stringMatching(`^${name} `)));
  });

  it.each([{ Amount: null }, { ReturnTransactionId: 'R1' }, { TransactionId: null }, { UniqueReference: null }])(
    'may be a return: %j',
    (fields) => {
      expect(understand({ ...RETURN, ...fields })).toMatchObject(unclear('NppReturn', expect.any(String)));
    },
  );

  it('keeps the numbers and the reference that could be read, for whoever asks Monoova', () => {
    expect(understand({ ...RETURN, Amount: 'x' })).toMatchObject({
      remains: { unique_reference: REFERENCE, monoova_transaction_id: 1022, return_transaction_id: 1023 },
    });
    expect(understand({ ...DISHONOUR, Type: 5 })).toMatchObject({
      remains: { unique_reference: REFERENCE, monoova_transaction_id: 1022, amount_cents: 12_345 },
    });
    expect(understand({ ...PAYMENT_STATUS, UniqueReference: 'Jane Citizen', Status: 'x' })).not.toHaveProperty(
      'remains.unique_reference',
    );
  });

  it('names everything that is wrong', () => {
    const understood = understand({ ...PAYMENT_STATUS, Status: 'Odd', Amount: -1, TransactionId: null });
    expect(understood).toHaveProperty('remains.problems.length', 3);
  });

  it('may spell its fields in two ways', () => {
    const understood = understand({ ...PAYMENT_STATUS, status: 'Rejected', amount: 1 });
    expect(understood).toMatchObject(unclear('NppPaymentStatus', expect.stringContaining('two ways')));
  });
});

describe('a word that every object knows', () => {
  it.each(['__proto__', 'constructor', 'Constructor', 'toString', 'valueOf'])('is no status: %s', (Status) => {
    expect(understand({ ...PAYMENT_STATUS, Status })).toMatchObject({ kind: 'unclear', error: 'unreadable' });
    expect(understand({ status: Status, uniqueReference: REFERENCE })).toMatchObject({ kind: 'unclear' });
  });

  it.each(['__proto__', 'constructor'])('is no event: %s', (eventName) => {
    expect(understand({ ...PAYMENT_STATUS, eventName })).toMatchObject({ kind: 'unclear', error: 'misnamed' });
    expect(understand('{}', eventName)).toMatchObject({ kind: 'unknown' });
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
    const keys = [PAYMENT_STATUS, RETURN, DISHONOUR, RECEIPT].flatMap((body) => Object.keys(body));
    const camel = keys.map((key) => key.charAt(0).toLowerCase() + key.slice(1));
    const names = fc.constantFrom(...keys, ...camel, 'eventName', '__proto__');
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
