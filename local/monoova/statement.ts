import { decimalAud } from './amount.ts';
import type { Context } from './context.ts';
import { type JsonAnswer, OK_TEXT, quotedFees } from './envelope.ts';
import type { Incoming } from './incoming.ts';
import type { JsonObject } from './json.ts';
import type { Payment, PaymentState } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { isDay, sydneyDate, sydneyDateTime } from './sydney.ts';

/** "All successful transactions": that a pending and a rejected one are not among them, and a returned one is, is a guess. */
const SUCCESSFUL: ReadonlySet<PaymentState> = new Set(['Complete', 'Returned']);

/**
 * GET /reports/v1/statement/{date}: the successful payments that were made on this Sydney day, with their amounts. The misspelt
 * `uniqueReferenced` is Monoova's.
 * @throws {Refusal} ValidationFailed (a guess) when the date is none
 */
export function statement(context: Context, incoming: Incoming): JsonAnswer {
  const [day = ''] = incoming.route.parameters;
  if (!isDay(day)) throw new Refusal('ValidationFailed', "date must be a date in the format 'yyyy-MM-dd'");
  const payments = context.ledger
    .payments()
    .filter(({ atMs, state }) => SUCCESSFUL.has(state) && sydneyDate(atMs) === day);
  return {
    httpStatus: 200,
    json: {
      durationMs: context.time.nowMs() - incoming.receivedAtMs,
      status: 'Ok',
      statusDescription: OK_TEXT,
      transactions: payments.map(listed),
    },
  };
}

function listed(payment: Payment): JsonObject {
  return {
    uniqueReferenced: payment.uniqueReference,
    transactionId: payment.transactionId,
    dateTime: sydneyDateTime(payment.atMs),
    status: 'Ok',
    totalAmount: decimalAud(payment.amountCents),
    ...quotedFees(payment.method),
  };
}
