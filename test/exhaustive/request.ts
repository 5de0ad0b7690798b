import { referenceOfKey, transactionIdOf } from '../../domain/reference.ts';
import { submissionInputOf } from '../simulation/api.ts';
import { CUSTOMER_ID } from './clients.ts';

/** The one request that is explored, sent once or twice. */
const KEY = 'order-17';
export const AMOUNT = 12.34;
export const REFERENCE = referenceOfKey(KEY);
export const TRANSACTION_ID = transactionIdOf(REFERENCE);

export const SUBMISSION_INPUT = submissionInputOf(
  { body: JSON.stringify({ customer_id: CUSTOMER_ID, amount: AMOUNT, payout_method: 'PayId' }), key: KEY },
  'request',
);
