import fc, { type Arbitrary } from 'fast-check';
import { PAYEE } from './payee.ts';

/** One member of a JSON object as text, so that it may be there twice, be misspelt, or be no JSON at all. */
export type Field = { readonly name: string; readonly text: string };

/** An event as Monoova sends it about the payout of a reference. */
export type Event = {
  /** The event that its subscription is for. */
  readonly name: string;
  readonly fields: (reference: string) => readonly Field[];
};

/** Of the payouts that are told of. */
export const AMOUNT = 12.34;
const PARTS = [AMOUNT, AMOUNT, 10, 2.34, 0.01];

const payeeFields = {
  Bsb: PAYEE.bsb,
  AccountNumber: PAYEE.accountNumber,
  AccountName: PAYEE.accountName,
  PayId: PAYEE.payId,
};

const REASONS = [
  'ACCOUNT CLOSED',
  null,
  `no account ${PAYEE.accountNumber} of ${PAYEE.accountName} at ${PAYEE.bsb}`,
  `PayID ${PAYEE.payId} not registered`,
];

const number = fc.integer({ min: 1_000_001, max: 1_000_009 });
const reason = fc.constantFrom(...REASONS);

const paymentStatus = fc.record({ number, reason, isRejected: fc.boolean() }).map(
  ({ number: TransactionId, reason: text, isRejected }): Event => ({
    name: 'NppPaymentStatus',
    fields: (UniqueReference) =>
      fieldsOf({
        TransactionDate: '2026-11-23T00:00:00',
        UniqueReference,
        TransactionId,
        Status: isRejected ? 'Rejected' : 'Payment Successful',
        Amount: AMOUNT,
        ...payeeFields,
        RejectionReasonDescription: isRejected ? text : null,
      }),
  }),
);

const returned = fc
  .record({ number, reason, part: fc.constantFrom(...PARTS), back: fc.integer({ min: 1, max: 5 }) })
  .map(
    ({ number: TransactionId, reason: ReturnReason, part: Amount, back: ReturnTransactionId }): Event => ({
      name: 'NppReturn',
      fields: (UniqueReference) =>
        fieldsOf({
          ReturnDate: '2026-11-24T00:00:00',
          Amount,
          ...payeeFields,
          ReturnReason,
          TransactionId,
          UniqueReference,
          ReturnTransactionId,
        }),
    }),
  );

const dishonour = fc.record({ number, reason, type: fc.constantFrom('Credit', 'Debit') }).map(
  ({ number: OriginalTransactionId, reason: ReturnReason, type: Type }): Event => ({
    name: 'DirectEntryDishonour',
    fields: (TransactionReference) =>
      fieldsOf({
        ReturnDate: '2026-11-24T00:00:00',
        Amount: AMOUNT,
        BankDetails: payeeFields,
        Type,
        ReturnReason,
        OriginalTransactionId,
        TransactionReference,
      }),
  }),
);

/** In the spelling of the plan. */
const camelCase = fc.constantFrom('Payment Successful', 'Rejected').map(
  (status): Event => ({
    name: 'NppPaymentStatus',
    fields: (uniqueReference) =>
      fieldsOf({
        eventName: 'NppPaymentStatus',
        uniqueReference,
        status,
        transactionId: 'monoova-789',
        currency: 'AUD',
      }),
  }),
);

const inbound = fc.constant<Event>({
  name: 'NPPReceivePayment',
  fields: () => fieldsOf({ TransactionId: 'N001', Amount: '100.0000', ...payeeFields, PaymentDescription: 'rent' }),
});

export const event: Arbitrary<Event> = fc.oneof(
  { arbitrary: paymentStatus, weight: 5 },
  { arbitrary: returned, weight: 4 },
  { arbitrary: dishonour, weight: 1 },
  { arbitrary: camelCase, weight: 1 },
  { arbitrary: inbound, weight: 1 },
);

export function fieldsOf(values: object): Field[] {
  return Object.entries(values).map(([name, value]) => ({ name, text: JSON.stringify(value) }));
}

export function objectText(fields: readonly Field[]): string {
  return `{${fields.map(({ name, text }) => `${JSON.stringify(name)}:${text}`).join(',')}}`;
}
