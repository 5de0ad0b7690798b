import { describe, expect, it } from 'vitest';
import { useLocalRun } from './local-run.ts';

const run = useLocalRun();

const statusOf = async (transactionId: string) => {
  const { body } = await run().request('GET', `/payouts/${transactionId}`);
  return (body as { status: string }).status;
};

describe('a local run in a test', () => {
  it('answers signed requests, and refuses them unsigned', async () => {
    expect((await run().request('GET', '/payouts/txn-unknown', { signed: false })).status).toBe(403);
    expect((await run().request('GET', '/payouts?customer_id=cust-demo-payid')).status).toBe(200);
  });

  it('lets time pass for everything: the guard asks Monoova when no webhook comes', async () => {
    const { status, body } = await run().request('POST', '/payouts', {
      headers: { 'idempotency-key': 'no-webhook' },
      body: { customer_id: 'cust-demo-no-webhook', amount: 10, payout_method: 'PayId' },
    });
    const { transaction_id: transactionId } = body as { transaction_id: string };
    const before = await statusOf(transactionId);

    await run().advance(5 * 60_000);

    expect([status, before]).toEqual([202, 'Pending']);
    await run().until(async () => ((await statusOf(transactionId)) === 'Completed' ? true : undefined));
  });
});
