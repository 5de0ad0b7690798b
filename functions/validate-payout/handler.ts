import * as z from 'zod';
import { isFinal } from '../../domain/payout.ts';
import {
  type FieldErrors,
  type PayoutRequest,
  parseIdempotencyKey,
  parsePayoutRequest,
} from '../../domain/payout-request.ts';
import { type Answer, problemAnswer } from '../../domain/problem.ts';
import { fingerprintOf, parseReference, referenceOfKey, transactionIdOf } from '../../domain/reference.ts';
import { endOfDayMs, sydneyDayOf } from '../../domain/sydney-day.ts';
import type { KeylessMemos, Metrics, NowMs, PayoutStore } from '../shared/ports.ts';

const eventSchema = z.object({
  body_base64: z.base64(),
  idempotency_keys_base64: z.array(z.base64()),
});

/** What the submission machine goes on with. `description` is null where there is none: JSONata has no undefined. */
export type ValidRequest = Omit<PayoutRequest, 'description'> & {
  readonly description: string | null;
  readonly transaction_id: string;
  readonly unique_reference: string;
  readonly has_key: boolean;
  /** The day in Sydney: of the limits that it counts against, and of the books that it is reconciled with. */
  readonly day: string;
  /** When that day ends: ISO 8601, UTC. */
  readonly day_ends_at: string;
};

export type Validation =
  | { readonly request: ValidRequest; readonly refusal: null }
  | { readonly request: null; readonly refusal: Answer };

export type ValidatePayoutDeps = {
  readonly memos: KeylessMemos;
  readonly metrics: Metrics;
  readonly newReference: () => string;
  readonly amountMaxCents: number;
  readonly nowMs: NowMs;
};

/**
 * Decodes and checks a request and fixes its reference for ever: from the key, or, without one, from the memo of the same
 * request in the window. A refusal is data, an answer ready to be sent. Safe to repeat.
 */
export function createHandler(deps: ValidatePayoutDeps): (event: unknown) => Promise<Validation> {
  return async function validatePayout(event) {
    const { body_base64, idempotency_keys_base64 } = eventSchema.parse(event);
    const key = parseIdempotencyKey(
      idempotency_keys_base64.map((text) => Buffer.from(text, 'base64').toString('latin1')),
    );
    if (!key.ok) return refuse(deps, problemAnswer('invalid_idempotency_key'));
    const bodyText = decodeUtf8(body_base64);
    if (bodyText === undefined) return refuseFields(deps, [{ field: 'body', message: 'the body is not UTF-8' }]);
    const parsed = parsePayoutRequest(bodyText, deps.amountMaxCents);
    if (!parsed.ok) return refuseFields(deps, parsed.errors);
    const reference = await referenceFor(deps, parsed.request, key.key);
    deps.metrics.count('PayoutRequested');
    const day = sydneyDayOf(deps.nowMs());
    return {
      request: {
        ...parsed.request,
        description: parsed.request.description ?? null,
        transaction_id: transactionIdOf(reference),
        unique_reference: reference,
        has_key: key.key !== undefined,
        day,
        day_ends_at: new Date(endOfDayMs(day)).toISOString(),
      },
      refusal: null,
    };
  };
}

async function referenceFor(deps: ValidatePayoutDeps, request: PayoutRequest, key: string | undefined) {
  if (key !== undefined) return referenceOfKey(key);
  const remembered = await deps.memos.remember(fingerprintOf(request), deps.newReference());
  const reference = parseReference(remembered);
  if (!reference)
    throw new TypeError(`The memo of a request without a key holds no reference: ${fingerprintOf(request)}.`);
  return reference;
}

/** Whether the payout of a reference is recorded and its outcome still to come. */
export function isOpenIn(store: Pick<PayoutStore, 'read'>): (reference: string) => Promise<boolean> {
  return async (text) => {
    const reference = parseReference(text);
    const payout = reference && (await store.read(transactionIdOf(reference)));
    return payout !== undefined && !isFinal(payout.status);
  };
}

function refuseFields(deps: ValidatePayoutDeps, errors: FieldErrors): Validation {
  return refuse(deps, problemAnswer('invalid_request', { errors }));
}

function refuse(deps: ValidatePayoutDeps, refusal: Answer): Validation {
  deps.metrics.count('PayoutRefused');
  return { request: null, refusal };
}

/** Replacement characters would change what the client asked for, so bytes that are no UTF-8 are refused. */
function decodeUtf8(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
