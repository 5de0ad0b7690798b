import type { Sent } from './payout-client.ts';
import type { SystemUnderTest } from './system-under-test.ts';

export type PaymentCount = {
  /** Payouts that were answered with 202. */
  readonly accepted: number;
  /** Payments at Monoova, of any payout. */
  readonly taken: number;
  /** Accepted payouts without a payment, and payouts with more than one. */
  readonly missing: number;
  readonly doubled: number;
};

/** A payout whose submission met an error is submitted by its guard a minute later. */
const WAIT_MAX_MS = 90_000;
const POLL_MS = 1_000;

/** Compares what was accepted with what Monoova has paid, once all is paid, or after 90 s. */
export async function countPayments(system: SystemUnderTest, sent: readonly Sent[]): Promise<PaymentCount> {
  const accepted = new Set(sent.flatMap(({ transactionId }) => transactionId ?? []));
  const givenUpAtMs = performance.now() + WAIT_MAX_MS;
  for (;;) {
    const payments = await system.payments();
    const missing = [...accepted].filter((transactionId) => !payments.has(transactionId.slice('txn-'.length))).length;
    const isOver = missing === 0 || performance.now() > givenUpAtMs;
    if (isOver) return { accepted: accepted.size, missing, ...totals(payments) };
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

function totals(payments: ReadonlyMap<string, number>): { taken: number; doubled: number } {
  const counts = [...payments.values()];
  return { taken: counts.reduce((sum, count) => sum + count, 0), doubled: counts.filter((count) => count > 1).length };
}
