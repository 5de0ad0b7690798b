import { randomUUID } from 'node:crypto';
import type { PayoutDetails } from '../../domain/answers.ts';
import type { Credentials } from '../../local/aws/credentials.ts';
import type { TestRun } from './local-run.ts';

export const uniqueKey = (): string => `test-${randomUUID()}`;

export type PayoutRequest = {
  readonly customer_id?: string;
  readonly amount?: number;
  readonly payout_method?: string;
  readonly description?: string;
  /** Default: a key of its own. `null`: none. */
  readonly key?: string | null;
  /** Who asks; default: the account's root. */
  readonly as?: Credentials;
};

/** Asks for a payout of 12.34 to the PayID of cust-demo-payid, unless told otherwise. */
export async function createPayout(run: TestRun, request: PayoutRequest = {}) {
  const { key = uniqueKey(), as, ...fields } = request;
  const answer = await run.request('POST', '/payouts', {
    body: { customer_id: 'cust-demo-payid', amount: 12.34, payout_method: 'PayId', ...fields },
    headers: key === null ? {} : { 'Idempotency-Key': key },
    ...(as && { as }),
  });
  const body = answer.body as Record<string, unknown>;
  return { status: answer.status, headers: answer.headers, body, id: String(body?.['transaction_id']) };
}

export async function getPayout(run: TestRun, transactionId: string): Promise<PayoutDetails> {
  const { status, body, text } = await run.request('GET', `/payouts/${transactionId}`);
  if (status !== 200) throw new Error(`GET ${transactionId} answered ${status}: ${text}`);
  return body as unknown as PayoutDetails;
}

/** The payout once it is final; time stands still meanwhile. */
export function settled(run: TestRun, transactionId: string): Promise<PayoutDetails> {
  return run.until(async () => {
    const payout = await getPayout(run, transactionId);
    return payout.status === 'Pending' ? undefined : payout;
  });
}
