import { decimalAud } from './amount.ts';
import type { PaymentStatusText } from './behaviours.ts';
import type { JsonObject } from './json.ts';
import type { Payment } from './ledger.ts';
import type { Payee } from './payout.ts';
import { sydneyDateTime } from './sydney.ts';

/** Used where a notification claims a rejection that did not happen. */
const CLAIMED_REASON = 'ACCOUNT CLOSED';

/**
 * The body of NppPaymentStatus: PascalCase, in the order the specification declares, nulls included (known from a signed
 * sandbox webhook of another event; that absent values are null in this one is assumed).
 */
export function paymentStatusBody(payment: Payment, status: PaymentStatusText, nowMs: number): JsonObject {
  const isRejected = status === 'Rejected';
  return {
    TransactionDate: sydneyDateTime(payment.atMs),
    UniqueReference: payment.uniqueReference,
    TransactionId: payment.transactionId,
    Status: status,
    Amount: decimalAud(payment.amountCents),
    ...payeeFields(payment.payee),
    EndToEndId: payment.endToEndId,
    RemitterName: payment.remitterName,
    LodgementRef: payment.lodgementReference,
    RejectionDateTime: isRejected ? sydneyDateTime(payment.finalAtMs ?? nowMs) : null,
    RejectionReasonDescription: isRejected ? (payment.reason ?? CLAIMED_REASON) : null,
    RejectionTransactionId: isRejected ? payment.reversalTransactionId : null,
  };
}

/** The body of NppReturn, in declared order. */
export function returnBody(payment: Payment, cents: number, returnedAtMs: number): JsonObject {
  return {
    ReturnDate: sydneyDateTime(returnedAtMs),
    Amount: decimalAud(cents),
    ...payeeFields(payment.payee),
    EndToEndId: payment.endToEndId,
    ReturnReason: payment.reason,
    TransactionDate: sydneyDateTime(payment.atMs),
    TransactionId: payment.transactionId,
    UniqueReference: payment.uniqueReference,
    RemitterName: payment.remitterName,
    LodgementRef: payment.lodgementReference,
    ReturnTransactionId: payment.reversalTransactionId,
  };
}

function payeeFields(payee: Payee): JsonObject {
  const isBankAccount = payee.kind === 'BankAccount';
  return {
    Bsb: isBankAccount ? payee.bsb : null,
    AccountNumber: isBankAccount ? payee.accountNumber : null,
    AccountName: payee.accountName,
    PayId: isBankAccount ? null : payee.payId,
    PayIdType: isBankAccount ? null : payee.payIdType,
  };
}
