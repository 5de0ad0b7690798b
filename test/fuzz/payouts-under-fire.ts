import { isDeepStrictEqual } from 'node:util';
import type { Payout } from '../../domain/payout.ts';
import type { TestRun } from '../support/local-run.ts';
import { createPayout, getPayout, settled } from '../support/payouts.ts';
import { recordsOf } from '../support/records.ts';
import { AMOUNT } from './events.ts';

/** Two in five stay open but for what webhooks tell of them. */
const OPEN = 'cust-demo-payid';
const RETURNED = 'cust-demo-returned';
const CUSTOMERS = ['cust-demo-instant', 'cust-demo-rejected', RETURNED, OPEN, OPEN];
const OUTCOME_MS = 1_500;
const RETURN_MS = 5_500;
const TRIES_MAX = 5;

/** Payouts in every status that webhooks may find them in. */
export async function makePayouts(run: TestRun, seed: number, count: number): Promise<readonly Payout[]> {
  run.simulator?.script(({ payId }) => payId === 'payid@demo.example', 'never-final', { times: count });
  const ending: string[] = [];
  const returning: string[] = [];
  for (let index = 0; index < count; index++) {
    const customer_id = CUSTOMERS[index % CUSTOMERS.length] ?? OPEN;
    const id = await makePayout(run, customer_id, `fuzz-${seed}-${index}`);
    if (customer_id !== OPEN) ending.push(id);
    if (customer_id === RETURNED) returning.push(id);
  }
  await run.advance(OUTCOME_MS);
  for (const id of ending) await settled(run, id);
  await run.advance(RETURN_MS);
  // What the simulated Monoova tells by itself has come: nothing else is heard from then on but what is sent here.
  for (const id of returning)
    await run.until(async () => ((await getPayout(run, id)).status === 'Returned' ? true : undefined));
  return recordsOf(run);
}

/** Asks again with its key where the answer is late, as a client has to. */
async function makePayout(run: TestRun, customer_id: string, key: string): Promise<string> {
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const { id, status } = await createPayout(run, { customer_id, amount: AMOUNT, key });
    if (status === 202) return id;
  }
  throw new Error(`A payout of ${customer_id} was not accepted in ${TRIES_MAX} tries`);
}

/** What differs between two looks, by the ids of payouts; what a guard does while it waits is none of a webhook's business. */
export function changedBetween(before: readonly Payout[], after: readonly Payout[]): string[] {
  const known = new Map(before.map((payout) => [payout.transaction_id, payout]));
  const changed = after.filter((payout) => {
    const earlier = known.get(payout.transaction_id);
    return earlier === undefined || !isDeepStrictEqual(withoutGuard(earlier), withoutGuard(payout));
  });
  const isThere = new Set(after.map(({ transaction_id }) => transaction_id));
  const gone = before.filter(({ transaction_id }) => !isThere.has(transaction_id));
  return [...changed, ...gone].map(({ transaction_id }) => transaction_id);
}

function withoutGuard({
  task_token: _token,
  received: _received,
  revision: _revision,
  updated_at: _at,
  ...payout
}: Payout) {
  return { ...payout, history: payout.history.filter(({ source }) => source !== 'status') };
}
