import type { Fact } from '../../../domain/fact.ts';
import { type Cents, centsFromJson } from '../../../domain/money.ts';
import { parseReference, type TransactionId, transactionIdOf } from '../../../domain/reference.ts';
import { wordsOfBanks } from './bank-words.ts';
import { scrub } from './scrub.ts';

/** What a proven webhook says, and nothing of it but what is listed here. */
export type Understood =
  | {
      readonly kind: 'fact';
      readonly fact: Fact;
      /** Undefined where the reference is none of ours. */
      readonly transactionId: TransactionId | undefined;
    }
  /** Another event of Monoova's, or an event nobody knows. */
  | { readonly kind: 'ignored'; readonly event: string }
  /** Ours by its form, but not to be understood: field names and what is wrong with them, never their values. */
  | { readonly kind: 'unreadable'; readonly problems: readonly string[] };

type Json = Readonly<Record<string, unknown>>;
type Read = (pascalName: string) => unknown;

const BODY_BYTES_MAX = 64 * 1024;
const REFERENCE_MAX_CHARACTERS = 200;
const EVENT_NAME = /^[A-Za-z]{1,50}$/;
const UNNAMED = 'unnamed';
const PAYMENT_STATUS = 'NppPaymentStatus';
const RETURN = 'NppReturn';
/** "The final status of a transaction, either `Payment Successful` or `Rejected`" (OpenAPI v5.29); Monoova's own plugin ignores the case. */
const KIND_OF_STATUS: Readonly<Record<string, 'completed' | 'rejected'>> = {
  'payment successful': 'completed',
  rejected: 'rejected',
};
/** The fields that say who is paid: their values are taken out of Monoova's free text. */
const PAYEE_FIELDS = ['AccountName', 'AccountNumber', 'Bsb', 'PayId'] as const;

/** Whether an event of this name is about a payout: one that is lost has to be sent for again. */
export function isPayoutEvent(eventName: string): boolean {
  return [PAYMENT_STATUS, RETURN].some((name) => name.toLowerCase() === eventName.toLowerCase());
}

/**
 * Reads the raw body of a proven webhook. Field names are Monoova's (PascalCase) or, in a body without `UniqueReference`, the
 * same in camelCase. The event is named by the path or the body's `eventName`; Monoova sends neither by default, so without
 * a name the fields tell.
 */
export function understandWebhook(
  body: Buffer,
  told: { readonly eventName?: string | undefined; readonly observedAt: string },
): Understood {
  if (body.length > BODY_BYTES_MAX) return unreadable('the body is larger than 64 kB');
  const json = parseObject(body);
  if (!json) return unreadable('the body is no JSON object');
  const read = readerOf(json);
  const event = eventOf(told.eventName ?? json['eventName'] ?? undefined, read);
  // Monoova's newer gateway spells the same events in camelCase.
  if (event.toLowerCase() === PAYMENT_STATUS.toLowerCase()) return paymentStatus(read, told.observedAt);
  if (event.toLowerCase() === RETURN.toLowerCase()) return paymentReturn(read, told.observedAt);
  return { kind: 'ignored', event };
}

function parseObject(body: Buffer): Json | undefined {
  try {
    // Decoding is lenient: a payee's name in another charset must not cost us the status of a payment.
    const value: unknown = JSON.parse(body.toString('utf8').replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/** `null` and an absent field are the same. */
function readerOf(json: Json): Read {
  const isPascal = Object.hasOwn(json, 'UniqueReference') || !Object.hasOwn(json, 'uniqueReference');
  return (pascalName) => {
    const name = isPascal ? pascalName : pascalName.charAt(0).toLowerCase() + pascalName.slice(1);
    return Object.hasOwn(json, name) ? (json[name] ?? undefined) : undefined;
  };
}

/** The path is not signed: a name says which event to look for, and the signed fields have to be that event's. */
function eventOf(name: unknown, read: Read): string {
  if (name !== undefined) return typeof name === 'string' && EVENT_NAME.test(name) ? name : UNNAMED;
  if (read('UniqueReference') === undefined) return UNNAMED;
  if (isReturn(read)) return RETURN;
  return read('Status') === undefined ? UNNAMED : PAYMENT_STATUS;
}

/** Fields that only a return has (OpenAPI v5.29), and not the one that only a payment's status has. */
function isReturn(read: Read): boolean {
  const isSaid = ['ReturnTransactionId', 'ReturnDate', 'ReturnReason'].some((name) => {
    const value = read(name);
    return value !== undefined && value !== '' && value !== 0;
  });
  return isSaid && read('Status') === undefined;
}

function paymentStatus(read: Read, observedAt: string): Understood {
  const status = read('Status');
  const kind = typeof status === 'string' ? KIND_OF_STATUS[status.trim().toLowerCase()] : undefined;
  const problems = kind === undefined ? ['Status is neither `Payment Successful` nor `Rejected`'] : [];
  const detail = kind === 'rejected' ? reasonOf(read, 'RejectionReasonDescription') : undefined;
  return understood(read, { kind, detail, observedAt, problems });
}

function paymentReturn(read: Read, observedAt: string): Understood {
  const problems = isReturn(read) ? [] : ['the fields are not those of a return'];
  const detail = reasonOf(read, 'ReturnReason');
  const returnNumber = numberOf(read, 'ReturnTransactionId');
  return understood(read, { kind: 'returned', detail, observedAt, problems, returnNumber });
}

type Said = {
  readonly kind: 'completed' | 'rejected' | 'returned' | undefined;
  readonly detail: string | undefined;
  readonly observedAt: string;
  readonly problems: readonly string[];
  /** Monoova's own number of a return. */
  readonly returnNumber?: Field<number>;
};

function understood(read: Read, { kind, detail, observedAt, problems, returnNumber = {} }: Said): Understood {
  const reference = referenceOf(read);
  const amount = amountOf(read);
  const number = numberOf(read, 'TransactionId');
  const wrong = [...problems, ...[reference, amount, number, returnNumber].flatMap((field) => field.problem ?? [])];
  if (wrong.length > 0 || kind === undefined || reference.value === undefined) return unreadable(...wrong);
  const ours = parseReference(reference.value.toLowerCase());
  return {
    kind: 'fact',
    transactionId: ours && transactionIdOf(ours),
    fact: {
      kind,
      source: 'webhook',
      observed_at: observedAt,
      unique_reference: ours ?? reference.value,
      ...(amount.value !== undefined && { amount_cents: amount.value }),
      ...(number.value !== undefined && { monoova_transaction_id: number.value }),
      ...(returnNumber.value !== undefined && { return_transaction_id: returnNumber.value }),
      ...(detail && { detail }),
    },
  };
}

type Field<Value> = { readonly value?: Value; readonly problem?: string };

function referenceOf(read: Read): Field<string> {
  const value = read('UniqueReference');
  if (typeof value === 'string' && value !== '' && value.length <= REFERENCE_MAX_CHARACTERS) return { value };
  return { problem: 'UniqueReference is not a text of 1 to 200 characters' };
}

/** No field is marked as required, so that an absent amount is none; one that is there has to be whole cents. */
function amountOf(read: Read): Field<Cents> {
  const amount = read('Amount');
  if (amount === undefined) return {};
  const value = centsFromJson(amount);
  return value === undefined ? { problem: 'Amount is not an amount of whole cents' } : { value };
}

/** Integer in every source of Monoova's; a text (in the plan's camelCase shape) is no number of theirs, and is left aside. */
function numberOf(read: Read, name: string): Field<number> {
  const value = read(name);
  if (value === undefined || typeof value === 'string') return {};
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return { value };
  return { problem: `${name} is not a whole number of 1 or more` };
}

function reasonOf(read: Read, name: string): string | undefined {
  const reason = read(name);
  if (typeof reason !== 'string') return undefined;
  const secrets = PAYEE_FIELDS.map(read).filter((value) => typeof value === 'string' || typeof value === 'number');
  return wordsOfBanks(scrub(reason, secrets.map(String)));
}

function unreadable(...problems: string[]): Understood {
  return { kind: 'unreadable', problems };
}
