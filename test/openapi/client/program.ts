/**
 * What somebody writes who has nothing but docs/openapi.json and a generator: pays, looks, lists, and reads a refusal.
 * `node program.ts URL`; prints what it was told, as JSON.
 */
import { fetchSigned } from '../../../local/demo-signer.ts';
import { createPayout, defaults, listPayouts, type PayoutRequest, readHealth, readPayout } from './generated.ts';

const [baseUrl = ''] = process.argv.slice(2);
defaults.baseUrl = baseUrl;
defaults.fetch = async (url, { method = 'GET', headers, body } = {}) =>
  fetchSigned({
    method,
    url: String(url),
    headers: Object.fromEntries(new Headers(headers)),
    ...(typeof body === 'string' && { body }),
    nowMs: Date.now(),
  });

const request: PayoutRequest = { customer_id: 'cust-demo-payid', amount: 12.34, payout_method: 'PayId' };
const idempotencyKey = `client-${crypto.randomUUID()}`;

const health = await readHealth();
const created = await createPayout(request, { idempotencyKey });
if (created.status !== 202) throw new Error(`POST /payouts answered ${created.status}`);
const found = await readPayout(created.data.transaction_id);
if (found.status !== 200) throw new Error(`GET /payouts/… answered ${found.status}`);
const listed = await listPayouts('cust-demo-payid', { limit: 100 });
if (listed.status !== 200) throw new Error(`GET /payouts answered ${listed.status}`);
const refused = await createPayout({ ...request, amount: 1 }, { idempotencyKey });
if (refused.status !== 422) throw new Error(`The key of another request was answered with ${refused.status}`);

console.log(
  JSON.stringify({
    health: health.status,
    created: created.data.transaction_id,
    // Typed: a field that the document does not have would not compile.
    found: [found.data.transaction_id, found.data.customer_id, found.data.history[0]?.event],
    listed: listed.data.payouts.map(({ transaction_id }) => transaction_id),
    refused: refused.data.code,
  }),
);
