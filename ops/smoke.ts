import { setTimeout as wait } from 'node:timers/promises';
import { bodyOf } from './api-answer.ts';
import type { ApiClient } from './api-client.ts';
import { type PayoutDetails, type PayoutView, payoutDetailsSchema, payoutViewSchema } from './payout-text.ts';
import { submitPayout } from './submit-payout.ts';

/** The least that can be paid. */
const AMOUNT_AUD = 0.01;
const DESCRIPTION = 'Smoke test';
const POLL_MS = 1_000;

export type SmokeRequest = { readonly customerId: string; readonly method: string; readonly key: string };

/**
 * Pays a cent for real, by the way that clients take.
 * @throws {CommandError} where the API does not accept it: then nothing was paid, unless the message says otherwise.
 */
export async function paySmoke(api: ApiClient, apiUrl: string, request: SmokeRequest): Promise<PayoutView> {
  const { customerId: customer_id, method: payout_method, key } = request;
  const body = JSON.stringify({ customer_id, amount: AMOUNT_AUD, payout_method, description: DESCRIPTION });
  const repeat =
    `repeat it with payouts create --customer-id ${customer_id} --amount ${AMOUNT_AUD} --method ${payout_method} ` +
    `--description "${DESCRIPTION}" --key ${key}`;
  return bodyOf(await submitPayout(api, { body, key, apiUrl, repeat }), 202, payoutViewSchema);
}

/** The payout once it is final, or as it stands when `waitMs` are over. Reads only. */
export async function finalOf(api: ApiClient, transactionId: string, waitMs: number): Promise<PayoutDetails> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const answer = await api.send({ method: 'GET', path: `/payouts/${transactionId}` });
    const payout = bodyOf(answer, 200, payoutDetailsSchema);
    if (payout.status !== 'Pending' || performance.now() >= untilMs) return payout;
    await wait(Math.min(POLL_MS, Math.max(0, untilMs - performance.now())));
  }
}
