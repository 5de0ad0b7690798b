import type { HttpOutcome } from '../../../functions/adapters/monoova/http-exchange.ts';
import type { JsonObject } from '../../../local/json.ts';
import type { Payment, Received } from './bank.ts';

/** Monoova's answers, in the shapes of its OpenAPI v5.29 and of third parties' tests of v2. */

type Answer = Extract<HttpOutcome, { kind: 'answer' }>;

const OK_TEXT = 'Operation completed successfully';
const PENDING_TEXT =
  'Payment is in progress, please do not resubmit the transaction. Use the /financial/v2/status/ API to check the status at a later time.';

export function answer(status: number, json: JsonObject, headers: Record<string, string> = {}): Answer {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(json),
  };
}

export function page(status: number, headers: Record<string, string> = {}): Answer {
  const body = `<html><body><h1>${status}</h1></body></html>`;
  return { kind: 'answer', status, headers: { 'content-type': 'text/html', ...headers }, body };
}

/** Monoova's error envelope. */
export function coded(httpStatus: number, code: string, text: string, fields: JsonObject = {}): Answer {
  return answer(httpStatus, { durationMs: 5, status: code, statusDescription: text, transactionId: 0, ...fields });
}

/** What the engine says of a request for a payment. `payee` is quoted, as Monoova does. */
export function executed(received: Received, uniqueReference: string, payee: string): Answer {
  const named = { callerUniqueReference: uniqueReference };
  switch (received.kind) {
    case 'taken': {
      const { state, number } = received.payment;
      const isFinal = state !== 'Pending';
      return answer(200, {
        durationMs: 15,
        status: isFinal ? 'Ok' : 'Pending',
        statusDescription: isFinal ? OK_TEXT : PENDING_TEXT,
        transactionId: number,
        ...named,
      });
    }
    case 'duplicate': {
      const fields = { ...named, transactionId: received.number };
      return coded(400, 'UniqueReferenceExists', 'The uniqueReference already exists', fields);
    }
    case 'declined': {
      const text = `The amount to debit will exceed your credit limit - payee "${payee}"`;
      return coded(400, 'DebitTransactionWillExceedSignInCreditLimit', text, named);
    }
  }
}

export const NOT_FOUND: Answer = answer(400, {
  durationMs: 5,
  status: 'UniqueIdNotFound',
  statusDescription: 'The Unique ID was not found',
});

/** A returned payment stays Complete: there is no other value for it. */
const TRANSACTION_STATUS = {
  Pending: 'Pending',
  Complete: 'Complete',
  Rejected: 'Rejected',
  Returned: 'Complete',
} as const;

export function statusOf(payment: Payment | undefined): Answer {
  if (!payment) return NOT_FOUND;
  return answer(200, statusFields(payment));
}

export function statusFields({ state, uniqueReference }: Payment): JsonObject {
  return {
    durationMs: 5,
    status: 'Ok',
    statusDescription: state === 'Pending' ? PENDING_TEXT : OK_TEXT,
    completedDate: state === 'Pending' ? null : '2026-11-23',
    transactionStatus: TRANSACTION_STATUS[state],
    uniqueReference,
  };
}
