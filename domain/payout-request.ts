import * as z from 'zod';
import type { ProblemDocument } from './answers.ts';
import { PAYOUT_METHODS, type PayoutMethod } from './destination.ts';
import { type Cents, centsFromText } from './money.ts';

export const DESCRIPTION_MAX_CHARACTERS = 200;
export const CUSTOMER_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

/** 1 to 255 visible ASCII characters. */
export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** The body of `POST /payouts` as the gateway's model sees it: decimal AUD from 0.01 to the stage's limit. */
export function payoutRequestSchema(amountMaxCents: number) {
  return z.strictObject(
    {
      customer_id: z
        .string(told('customer_id', 'text'))
        .regex(CUSTOMER_ID, 'customer_id has 1 to 64 letters, digits or hyphens, and does not start with a hyphen'),
      amount: z
        .number(told('amount', 'a number of AUD such as 12.34'))
        .min(0.01, 'amount is at least 0.01')
        .max(amountMaxCents / 100, `amount is at most ${(amountMaxCents / 100).toFixed(2)}`),
      payout_method: z.enum(PAYOUT_METHODS, told('payout_method', 'PayId or BankAccount')),
      description: z
        .string(told('description', 'text'))
        .max(DESCRIPTION_MAX_CHARACTERS, `description holds at most ${DESCRIPTION_MAX_CHARACTERS} characters`)
        .refine((text) => text.isWellFormed(), 'description holds half of a surrogate pair')
        .optional(),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? 'the body is a JSON object' : undefined) },
  );
}

/** Tells a missing field from one of the wrong type. */
function told(field: string, kind: string) {
  return {
    error: ({ input }: { readonly input?: unknown }) =>
      input === undefined ? `${field} is required` : `${field} is ${kind}`,
  };
}

export type PayoutRequest = {
  readonly customer_id: string;
  readonly amount_cents: Cents;
  readonly payout_method: PayoutMethod;
  readonly description?: string;
};

export type FieldErrors = NonNullable<ProblemDocument['errors']>;

export type ParsedRequest =
  | { readonly ok: true; readonly request: PayoutRequest }
  | { readonly ok: false; readonly errors: FieldErrors };

/**
 * Reads the JSON text of a request. The amount's two places are checked on the text of the number, since
 * `multipleOf(0.01)` is wrong in floating point and `1.000000000000000001` parses to 1.
 */
export function parsePayoutRequest(bodyText: string, amountMaxCents: number): ParsedRequest {
  const json = parseWithAmountText(bodyText);
  if (!json) return refused([{ field: 'body', message: 'the body is not JSON' }]);
  const parsed = schemaFor(amountMaxCents).safeParse(json.value);
  if (!parsed.success) return refused(parsed.error.issues.map(fieldErrorOf));
  const amountCents = centsFromText(json.amountText);
  if (amountCents === undefined) {
    return refused([{ field: 'amount', message: 'amount is written as plain decimal AUD with at most two places' }]);
  }
  const { customer_id, payout_method, description } = parsed.data;
  const request = { customer_id, amount_cents: amountCents, payout_method };
  return { ok: true, request: description === undefined ? request : { ...request, description } };
}

/** Making a schema takes ten times as long as using it, and a process has one limit. */
const schemas = new Map<number, ReturnType<typeof payoutRequestSchema>>();

function schemaFor(amountMaxCents: number): ReturnType<typeof payoutRequestSchema> {
  const known = schemas.get(amountMaxCents) ?? payoutRequestSchema(amountMaxCents);
  schemas.set(amountMaxCents, known);
  return known;
}

function refused(errors: FieldErrors): ParsedRequest {
  return { ok: false, errors };
}

/** The reviver is told the source text of each number (ECMAScript "JSON.parse source text access", in V8 since 11.4). */
type SourceReviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

function parseWithAmountText(bodyText: string): { value: unknown; amountText: string } | undefined {
  const amounts = new Map<unknown, string>();
  const reviver: SourceReviver = function keepAmountText(key, value, context) {
    if (key === 'amount' && typeof value === 'number') amounts.set(this, context.source ?? '');
    return value;
  };
  try {
    const value: unknown = JSON.parse(bodyText, reviver as Parameters<typeof JSON.parse>[1]);
    return { value, amountText: amounts.get(value) ?? '' };
  } catch {
    return undefined;
  }
}

function fieldErrorOf(issue: z.core.$ZodIssue): FieldErrors[number] {
  if (issue.code === 'unrecognized_keys') {
    return { field: issue.keys.join(', '), message: 'this field is not known: leave it out' };
  }
  return { field: issue.path.join('.') || 'body', message: issue.message };
}

export type ParsedKey = { readonly ok: true; readonly key: string | undefined } | { readonly ok: false };

/** One Idempotency-Key or none; given twice (in any letter case), empty or with other characters it is refused. */
export function parseIdempotencyKey(values: readonly string[]): ParsedKey {
  const [key, ...others] = values;
  if (key === undefined) return { ok: true, key: undefined };
  return others.length === 0 && IDEMPOTENCY_KEY.test(key) ? { ok: true, key } : { ok: false };
}
