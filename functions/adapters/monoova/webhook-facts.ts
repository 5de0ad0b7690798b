import type { Fact } from '../../../domain/fact.ts';
import { type TransactionId, transactionIdOf } from '../../../domain/reference.ts';
import { wordsOfBanks } from './bank-words.ts';
import { scrub } from './scrub.ts';
import {
  amountIn,
  type Field,
  type FieldName,
  type Fields,
  numberIn,
  type Read,
  referenceIn,
  required,
} from './webhook-fields.ts';
import type { PayoutEvent } from './webhook-names.ts';

/** What a proven webhook says, and nothing of it but what is listed here. */
export type Understood =
  | {
      readonly kind: 'fact';
      readonly fact: Fact;
      /** Undefined where the reference is no UUID, and so cannot be one of ours. */
      readonly transactionId: TransactionId | undefined;
    }
  /** Another event of Monoova's, which payouts do not need. */
  | { readonly kind: 'inbound'; readonly event: string }
  /** An event that nobody here knows; its name only where it is a word. */
  | { readonly kind: 'unknown'; readonly event: string }
  /** About a payout by its name or its form, and not to be believed as it is: `misnamed` where names and signed fields disagree. */
  | { readonly kind: 'unclear'; readonly error: 'unreadable' | 'misnamed'; readonly remains: Remains };

/** What could be read of a webhook that is not to be believed: for the person who asks Monoova about it. */
export type Remains = {
  /** By its fields, else by its name. */
  readonly event: string;
  /** Field names and what is wrong with them, never their values. */
  readonly problems: readonly string[];
  /** Only where it is a UUID; anything else could hold anything. */
  readonly unique_reference?: string;
  readonly amount_cents?: number;
  readonly monoova_transaction_id?: number;
  readonly return_transaction_id?: number;
};

type Kind = 'completed' | 'rejected' | 'returned';

/** "The final status of a transaction, either `Payment Successful` or `Rejected`" (OpenAPI v5.29); Monoova's own plugin ignores the case. */
const KIND_OF_STATUS: ReadonlyMap<string, Kind> = new Map([
  ['payment successful', 'completed'],
  ['rejected', 'rejected'],
]);

/** What a `Status` says; undefined for anything but the two final ones. */
export function kindOfStatus(status: unknown): Kind | undefined {
  return typeof status === 'string' ? KIND_OF_STATUS.get(status.trim().toLowerCase()) : undefined;
}

type Reading = {
  readonly kind: Kind | undefined;
  readonly reference: 'UniqueReference' | 'TransactionReference';
  readonly amount: Field<number>;
  readonly number: Field<number>;
  readonly returnNumber?: Field<number>;
  readonly reason?: FieldName;
  readonly problem?: string | undefined;
};

/** The fact of an event whose fields are there. Pure. */
export function readFact(event: PayoutEvent, fields: Fields, observedAt: string): Understood {
  if (event === 'DirectEntryDishonour' && typeIs(fields.read, 'debit')) return { kind: 'inbound', event };
  const reading = READINGS[event](fields);
  const { kind, amount, number, returnNumber } = reading;
  const reference = referenceIn(fields.read, reading.reference);
  const problems = [reading, reference, amount, number, returnNumber].flatMap((field) => field?.problem ?? []);
  if (fields.spelling === 'mixed') problems.push('the fields are spelt in two ways');
  if (problems.length > 0 || kind === undefined || reference.value === undefined) {
    return { kind: 'unclear', error: 'unreadable', remains: remainsOf(event, fields, problems) };
  }
  const detail = reading.reason && reasonOf(fields.read, reading.reason);
  return {
    kind: 'fact',
    transactionId: reference.ours && transactionIdOf(reference.ours),
    fact: {
      kind,
      source: 'webhook',
      observed_at: observedAt,
      unique_reference: reference.value,
      ...(amount.value !== undefined && { amount_cents: amount.value }),
      ...(number.value !== undefined && { monoova_transaction_id: number.value }),
      ...(returnNumber?.value !== undefined && { return_transaction_id: returnNumber.value }),
      ...(detail && { detail }),
    },
  };
}

/** The plan's own webhook has neither amount nor number, and a text of its own (`monoova-789`) where it has one. */
const READINGS: Readonly<Record<PayoutEvent, (fields: Fields) => Reading>> = {
  NppPaymentStatus({ read, spelling }) {
    const kind = kindOfStatus(read('Status'));
    const isPlans = spelling === 'camel';
    return {
      kind,
      reference: 'UniqueReference',
      amount: isPlans ? amountIn(read) : required(amountIn(read), 'Amount'),
      number: isPlans ? plansNumber(read) : required(numberIn(read, 'TransactionId'), 'TransactionId'),
      ...(kind === 'rejected' && { reason: 'RejectionReasonDescription' }),
      problem: kind === undefined ? 'Status is neither `Payment Successful` nor `Rejected`' : undefined,
    };
  },

  /** Without an amount nobody knows whether all of the money came back. */
  NppReturn: ({ read, spelling }) => ({
    kind: 'returned',
    reference: 'UniqueReference',
    amount: required(amountIn(read), 'Amount'),
    number: spelling === 'camel' ? plansNumber(read) : required(numberIn(read, 'TransactionId'), 'TransactionId'),
    returnNumber: numberIn(read, 'ReturnTransactionId'),
    reason: 'ReturnReason',
  }),

  DirectEntryDishonour: ({ read }) => ({
    kind: 'returned',
    reference: 'TransactionReference',
    amount: required(amountIn(read), 'Amount'),
    number: required(numberIn(read, 'OriginalTransactionId'), 'OriginalTransactionId'),
    reason: 'ReturnReason',
    problem: typeIs(read, 'credit') ? undefined : 'Type is neither `Credit` nor `Debit`',
  }),
};

function typeIs(read: Read, type: 'credit' | 'debit'): boolean {
  const value = read('Type');
  return typeof value === 'string' && value.trim().toLowerCase() === type;
}

function plansNumber(read: Read): Field<number> {
  const number = numberIn(read, 'TransactionId');
  return number.problem !== undefined && typeof read('TransactionId') === 'string' ? {} : number;
}

/** What a person needs to find the webhook in Monoova's report: numbers and a reference, never words. */
export function remainsOf(event: string, { read }: Fields, problems: readonly string[]): Remains {
  const reference = referenceIn(read, 'UniqueReference').ours ?? referenceIn(read, 'TransactionReference').ours;
  const amount = amountIn(read).value;
  const number = numberIn(read, 'TransactionId').value ?? numberIn(read, 'OriginalTransactionId').value;
  const returnNumber = numberIn(read, 'ReturnTransactionId').value;
  return {
    event,
    problems,
    ...(reference && { unique_reference: reference }),
    ...(amount !== undefined && { amount_cents: amount }),
    ...(number !== undefined && { monoova_transaction_id: number }),
    ...(returnNumber !== undefined && { return_transaction_id: returnNumber }),
  };
}

/** The fields that say who is paid: their values are taken out of Monoova's free text. */
const PAYEE_FIELDS = ['AccountName', 'AccountNumber', 'Bsb', 'PayId'] as const;
/** What those fields hold at most, with those of BankDetails, by the lengths of OpenAPI v5.29; and the longest reason there. */
const PAYEE_MAX_CHARACTERS = 1_000;
const REASON_MAX_CHARACTERS = 1_000;

/** Undefined too where payee and reason are so long that looking for one in the other would take the time in which Monoova is to be answered. */
function reasonOf(read: Read, name: FieldName): string | undefined {
  const reason = read(name);
  if (typeof reason !== 'string') return undefined;
  const values = [...PAYEE_FIELDS.map(read), ...Object.values(Object(read('BankDetails')) as object)];
  const texts = values.filter((value) => typeof value === 'string' || typeof value === 'number').map(String);
  const isSearchable = lengthOf(texts.join(' ')) <= PAYEE_MAX_CHARACTERS && lengthOf(reason) <= REASON_MAX_CHARACTERS;
  return isSearchable ? wordsOfBanks(scrub(reason, texts)) : undefined;
}

/** As it is searched: one ligature may stand for eighteen letters. */
function lengthOf(text: string): number {
  return text.normalize('NFKD').length;
}
