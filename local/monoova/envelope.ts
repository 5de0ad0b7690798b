import type { JsonObject } from './json.ts';
import type { DisbursementMethod } from './payout.ts';
import type { Refusal } from './refusal.ts';

/** An answer before it is written, so that a script can still add fields to it. */
export type JsonAnswer = { readonly httpStatus: number; readonly json: JsonObject };

export const OK_TEXT = 'Operation completed successfully';
/** Verbatim from the status look-up of a pending payment; that execute says the same is inferred. */
export const PENDING_TEXT =
  'Payment is in progress, please do not resubmit the transaction. Use the /financial/v2/status/ API to check the status at a later time.';

/** The fees of the specification's examples, in AUD; real ones belong to an account's contract. */
const FEES: Record<DisbursementMethod, JsonObject> = {
  NppCreditPayId: { feeAmountExcludingGst: 0.1, feeAmountGstComponent: 0.01, feeAmountIncludingGst: 0.11 },
  NppCreditBankAccount: { feeAmountExcludingGst: 0.09, feeAmountGstComponent: 0.009, feeAmountIncludingGst: 0.099 },
};
/** What a payment costs, in AUD. */
export function quotedFees(method: DisbursementMethod): JsonObject {
  return { ...FEES[method] };
}

const NO_FEES = { feeAmountExcludingGst: 0, feeAmountGstComponent: 0, feeAmountIncludingGst: 0 };

/** The 200 of execute and validate; an accepted payment's `status` is `Ok` or `Pending`. */
export function acceptedAnswer(accepted: {
  status: 'Ok' | 'Pending';
  transactionId: number;
  uniqueReference: string;
  method: DisbursementMethod;
  durationMs: number;
}): JsonAnswer {
  const fees = FEES[accepted.method];
  return {
    httpStatus: 200,
    json: {
      durationMs: accepted.durationMs,
      status: accepted.status,
      statusDescription: accepted.status === 'Ok' ? OK_TEXT : PENDING_TEXT,
      transactionId: accepted.transactionId,
      ...fees,
      callerUniqueReference: accepted.uniqueReference,
      feeBreakdown: { disbursementFees: [{ disbursementArrayIndex: 0, disbursementFee: { ...fees } }] },
      bpayReceipts: null,
    },
  };
}

/** The error of execute and validate: the same envelope with the code as `status` (seen in third-party tests). */
export function refusedAnswer(refusal: Refusal, uniqueReference: string | null, durationMs: number): JsonAnswer {
  return {
    httpStatus: refusal.httpStatus,
    json: {
      durationMs,
      status: refusal.code,
      statusDescription: refusal.message,
      transactionId: refusal.transactionId,
      ...NO_FEES,
      callerUniqueReference: uniqueReference,
      feeBreakdown: null,
      bpayReceipts: null,
    },
  };
}

/** The error of every other endpoint. */
export function errorAnswer(refusal: Refusal, durationMs: number): JsonAnswer {
  return {
    httpStatus: refusal.httpStatus,
    json: { durationMs, status: refusal.code, statusDescription: refusal.message },
  };
}
