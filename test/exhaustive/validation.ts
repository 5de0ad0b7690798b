import { isDeepStrictEqual } from 'node:util';
import type { ProblemDocument } from '../../domain/answers.ts';
import { STATUSES } from '../../domain/payout.ts';
import { referenceOfKey } from '../../domain/reference.ts';
import { createHandler, isOpenIn } from '../../functions/validate-payout/handler.ts';
import { aPayout, aReference, REFERENCE, TRANSACTION_ID } from '../builders/payout.ts';
import { createFakePayoutStore } from '../fakes/payout-store.ts';

/** What a request has to be, which reference it gets, and which payouts keep a request without a key what it was. */

const VALID = '{"customer_id":"cust-1","amount":12.34,"payout_method":"PayId"}';
const AMOUNT_MAX_CENTS = 10_000;

const BODIES: Readonly<Record<string, { readonly bytes: Buffer; readonly says?: string }>> = {
  valid: { bytes: Buffer.from(VALID) },
  'at the limit': { bytes: Buffer.from(VALID.replace('12.34', '100')) },
  'over the limit': { bytes: Buffer.from(VALID.replace('12.34', '100.01')), says: 'amount is at most 100.00' },
  'of a tenth of a cent': {
    bytes: Buffer.from(VALID.replace('12.34', '12.345')),
    says: 'amount is written as plain decimal AUD with at most two places',
  },
  'no JSON': { bytes: Buffer.from('{'), says: 'the body is not JSON' },
  // As text it would be valid, with another character in place of the byte.
  'no UTF-8': {
    bytes: Buffer.concat([Buffer.from(VALID.replace('}', ',"description":"')), Buffer.from([0xff]), Buffer.from('"}')]),
    says: 'the body is not UTF-8',
  },
};
const KEYS: Readonly<Record<string, { readonly keys: readonly string[]; readonly isValid: boolean }>> = {
  none: { keys: [], isValid: true },
  one: { keys: ['order-17'], isValid: true },
  two: { keys: ['order-17', 'order-18'], isValid: false },
  empty: { keys: [''], isValid: false },
  'in another charset': { keys: ['ä'], isValid: false },
};
const MEMOS = { 'a new one': aReference(1), 'an earlier one': aReference(2), garbage: 'what nobody wrote' } as const;

export type Validations = { readonly requests: number; readonly broken: string | undefined };

/** Validates until something is broken, or to the end. */
export async function validateAll(): Promise<Validations> {
  let requests = 0;
  for (const body of Object.keys(BODIES)) {
    for (const key of Object.keys(KEYS)) {
      for (const memo of Object.keys(MEMOS) as (keyof typeof MEMOS)[]) {
        requests += 1;
        const [told, expected] = [await toldOf(body, key, memo), expectedOf(body, key, memo)];
        const words = `a body ${body}, key ${key}, memo ${memo}: ${JSON.stringify(told)}, not ${JSON.stringify(expected)}`;
        if (!isDeepStrictEqual(told, expected)) return { requests, broken: words };
      }
    }
  }
  return { requests, broken: await brokenOpen() };
}

type Told = {
  /** Of the first field that is wrong. */
  readonly says?: string;
  readonly reference?: string;
  readonly hasKey?: boolean;
  readonly code?: string;
  readonly counted?: string;
};

function expectedOf(body: string, key: string, memo: keyof typeof MEMOS): Told {
  if (!KEYS[key]?.isValid) return { code: 'invalid_idempotency_key', counted: 'PayoutRefused' };
  const says = BODIES[body]?.says;
  if (says !== undefined) return { code: 'invalid_request', counted: 'PayoutRefused', says };
  const [given] = KEYS[key]?.keys ?? [];
  if (given !== undefined) return { reference: referenceOfKey(given), hasKey: true, counted: 'PayoutRequested' };
  return memo === 'garbage' ? {} : { reference: MEMOS[memo], hasKey: false, counted: 'PayoutRequested' };
}

/** Nothing of it where it throws. */
async function toldOf(body: string, key: string, memo: keyof typeof MEMOS): Promise<Told> {
  const counted: string[] = [];
  const validate = createHandler({
    memos: { remember: async () => MEMOS[memo] },
    metrics: { count: (metric) => void counted.push(metric), measure: () => undefined },
    newReference: () => MEMOS['a new one'],
    amountMaxCents: AMOUNT_MAX_CENTS,
    nowMs: () => Date.parse('2026-11-23T00:00:00.000Z'),
  });
  const event = {
    body_base64: BODIES[body]?.bytes.toString('base64') ?? '',
    idempotency_keys_base64: (KEYS[key]?.keys ?? []).map((text) => Buffer.from(text).toString('base64')),
  };
  const validated = await validate(event).catch(() => undefined);
  if (!validated) return {};
  const told = { counted: counted.join() };
  if (validated.refusal) {
    const { code, errors } = JSON.parse(validated.refusal.body) as ProblemDocument;
    return { ...told, code, ...(errors?.[0] && { says: errors[0].message }) };
  }
  const { unique_reference: reference, has_key: hasKey, transaction_id } = validated.request;
  return transaction_id === `txn-${reference}` ? { ...told, reference, hasKey } : told;
}

/** Only what is recorded and still to come. */
async function brokenOpen(): Promise<string | undefined> {
  for (const status of [...STATUSES, 'not recorded'] as const) {
    const record = status === 'not recorded' ? [] : [aPayout({ transaction_id: TRANSACTION_ID, status })];
    const isOpen = isOpenIn(createFakePayoutStore(...record));
    for (const reference of [REFERENCE, 'what nobody wrote']) {
      const expected = status === 'Pending' && reference === REFERENCE;
      if ((await isOpen(reference).catch(() => undefined)) !== expected)
        return `a payout that is ${status} is open, asked for ${reference}: not ${expected}`;
    }
  }
  return undefined;
}
