import { describe, expect, it } from 'vitest';
import { PARTLY_RETURNED_MESSAGE } from '../../domain/payout-view.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, uniqueKey } from '../support/payouts.ts';
import { returnOf, tell } from '../support/webhooks.ts';

const run = useLocalRun();

describe('returns', () => {
  it('in parts add up, each once, and are seen in every view', async () => {
    const key = uniqueKey();
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-instant', key });
    const first = returnOf(id, { Amount: 10, ReturnTransactionId: 71 });
    for (const body of [first, first, { ...first, ReturnDate: '2026-11-25T00:00:00' }]) {
      expect((await tell(run(), body)).status).toBe(200);
    }
    expect(await getPayout(run(), id)).toMatchObject({ status: 'Completed', returned_amount: 10 });
    const replay = await createPayout(run(), { customer_id: 'cust-demo-instant', key });
    expect(replay.body).toMatchObject({ status: 'Completed', message: PARTLY_RETURNED_MESSAGE });
    const { body } = await run().request('GET', '/payouts?customer_id=cust-demo-instant&limit=1');
    expect(body).toMatchObject({ payouts: [{ message: PARTLY_RETURNED_MESSAGE }] });

    expect((await tell(run(), { ...first, Amount: 2.34, ReturnTransactionId: 72 })).status).toBe(200);
    const returned = await getPayout(run(), id);
    expect(returned).toMatchObject({ status: 'Returned', returned_amount: 12.34 });
    expect(returned).not.toHaveProperty('conflict');
  });
});
