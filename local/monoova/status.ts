import type { Context } from './context.ts';
import { type JsonAnswer, OK_TEXT, PENDING_TEXT } from './envelope.ts';
import type { Incoming } from './incoming.ts';
import type { JsonObject } from './json.ts';
import type { Payment, PaymentState } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { isDay, sydneyDate } from './sydney.ts';

/** A returned payment stays Complete: the documented values have none for a return (inferred). */
const TRANSACTION_STATUS: Record<PaymentState, string> = {
  Pending: 'Pending',
  Complete: 'Complete',
  Rejected: 'Rejected',
  Returned: 'Complete',
};

/** The texts of Pending and Rejected are Monoova's; what an NPP payment says when complete is a guess. */
const DESCRIPTIONS: Record<PaymentState, string> = {
  Pending: PENDING_TEXT,
  Complete: OK_TEXT,
  Rejected: 'Transaction rejected by banking institution.',
  Returned: OK_TEXT,
};

/**
 * GET /financial/v2/status/{uniqueReference}. Carries no reason, transaction id or amount, as Monoova's does not.
 * @throws {Refusal} UniqueIdNotFound
 */
export function statusByReference(context: Context, incoming: Incoming): JsonAnswer {
  const payment = context.ledger.find(incoming.uniqueReference ?? '');
  if (!payment) throw new Refusal('UniqueIdNotFound', 'The Unique ID was not found');
  return {
    httpStatus: 200,
    json: {
      durationMs: context.time.nowMs() - incoming.receivedAtMs,
      status: 'Ok',
      statusDescription: DESCRIPTIONS[payment.state],
      completedDate: completedDate(payment),
      creditCardPaymentStatus: null,
      dishonouredDate: null,
      expectedClearanceDateForFunds: null,
      fundsClearedDate: null,
      transactionStatus: TRANSACTION_STATUS[payment.state],
      uniqueReference: payment.uniqueReference,
      bulkDirectDebits: null,
    },
  };
}

/**
 * GET /financial/v2/status/{startDate}/{endDate}: payments made on these Sydney days, both included, all in one answer
 * (no paging is documented, and no longest range).
 * @throws {Refusal} ValidationFailed (a guess) when a date is none or they are the wrong way round
 */
export function statusByDate(context: Context, incoming: Incoming): JsonAnswer {
  const [start = '', end = ''] = incoming.route.parameters;
  if (!isDay(start) || !isDay(end) || end < start) {
    throw new Refusal(
      'ValidationFailed',
      "startDate and endDate must be dates in the format 'yyyy-MM-dd', in this order",
    );
  }
  const onTheseDays = context.ledger.payments().filter(({ atMs }) => {
    const day = sydneyDate(atMs);
    return start <= day && day <= end;
  });
  return {
    httpStatus: 200,
    json: {
      durationMs: context.time.nowMs() - incoming.receivedAtMs,
      status: 'Ok',
      statusDescription: OK_TEXT,
      statuses: onTheseDays.map(listed),
    },
  };
}

function listed(payment: Payment): JsonObject {
  return {
    completedDate: completedDate(payment),
    uniqueReference: payment.uniqueReference,
    statusDescription: DESCRIPTIONS[payment.state],
    transactionStatus: TRANSACTION_STATUS[payment.state],
    dishonouredDate: null,
    creditCardPaymentStatus: null,
    waitingOnClearedFundsDate: null,
    bulkDirectDebits: null,
  };
}

function completedDate(payment: Payment): string | null {
  return payment.finalAtMs === null ? null : sydneyDate(payment.finalAtMs);
}
