import { referenceOfKey, transactionIdOf } from '../../domain/reference.ts';
import { CUSTOMER_ID } from './functions.ts';

/** The one request that is explored, sent once or twice. */
const KEY = 'order-17';
export const AMOUNT = 12.34;
export const REFERENCE = referenceOfKey(KEY);
export const TRANSACTION_ID = transactionIdOf(REFERENCE);

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** As API Gateway starts the submission (infra/api/start-submission.request.vtl). */
export const SUBMISSION_INPUT = {
  body_base64: base64(JSON.stringify({ customer_id: CUSTOMER_ID, amount: AMOUNT, payout_method: 'PayId' })),
  idempotency_keys_base64: [base64(KEY)],
  requested_by: 'arn:aws:iam::000000000000:user/client',
  request_id: 'request',
};
