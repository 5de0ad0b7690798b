import { beforeAll, describe, expect, it } from 'vitest';
import { PARTLY_RETURNED_MESSAGE } from '../../domain/payout-view.ts';
import type { BehaviourName } from '../../local/monoova/behaviours.ts';
import { useLocalRun } from '../support/local-run.ts';
import { pass } from '../support/pass.ts';
import { createPayout, getPayout, uniqueKey } from '../support/payouts.ts';
import { returnOf, statusOf, tell } from '../support/webhooks.ts';

/** Longer than the latest of them takes, and than Monoova's one repeat; shorter than the guard's first wait. */
const ALL_SENT_MS = 45_000;

/** What is proven, how it is answered and what becomes of its payout, in whatever way it comes. */
const BELIEVED: readonly (readonly [BehaviourName, object])[] = [
  ['webhook-twice', { answers: [200, 200], status: 'Completed', heard: ['completed'] }],
  ['webhook-replayed', { answers: [200, 200], status: 'Completed', heard: ['completed'] }],
  ['webhook-early', { answers: [200], status: 'Completed' }],
  ['webhook-late', { answers: [200], status: 'Completed', heard: ['completed'] }],
  ['webhook-slow', { status: 'Completed', heard: ['completed'] }],
  ['webhook-reordered', { answers: [200, 200], status: 'Returned', heard: ['returned', 'completed'] }],
  ['webhook-contradictory', { answers: [200, 200], status: 'Completed', conflict: true }],
  ['returned-in-parts', { answers: [200, 200, 200], status: 'Returned' }],
  ['returned-partly', { answers: [200, 200], status: 'Completed' }],
  ['webhook-of-another-amount', { answers: [200], status: 'Pending', conflict: true }],
  // The plan's curl sends no signature, so stage dev takes the bearer alone; prod takes both or nothing.
  ['webhook-unsigned', { answers: [200], status: 'Completed' }],
];
/** What is not proven or not clear, and how it is answered. */
const REFUSED: readonly (readonly [BehaviourName, number])[] = [
  ['webhook-forged', 401],
  ['webhook-tampered', 401],
  ['webhook-unauthorised', 401],
  ['webhook-misnamed', 400],
  ['webhook-unreadable', 400],
];

/** Of a payment that is none of ours. */
const FOREIGN = 'txn-0fdc3a52-7be1-4c55-9c7d-8e9f0a1b2c3d';

const run = useLocalRun();

describe('what Monoova may send', () => {
  const payouts = new Map<BehaviourName, string>();
  beforeAll(async () => {
    for (const [behaviour] of [...BELIEVED, ...REFUSED]) {
      run().simulator?.script('*', behaviour, { on: 'execute', times: 1 });
      payouts.set(behaviour, (await createPayout(run())).id);
    }
    await pass(run(), ALL_SENT_MS);
  });

  async function whatBecameOf(behaviour: BehaviourName) {
    const id = payouts.get(behaviour) ?? '';
    const tries = run()
      .simulator?.webhooks()
      .filter(({ uniqueReference }) => id.endsWith(uniqueReference));
    const { status, conflict, history } = await getPayout(run(), id);
    const heard = history.filter(({ source }) => source === 'webhook').map(({ event }) => event);
    return { answers: tries?.map(({ statusCode }) => statusCode), status, conflict: conflict ?? false, heard };
  }

  it.each(BELIEVED)('is applied where it is proven, however it comes: %s', async (behaviour, expected) => {
    expect(await whatBecameOf(behaviour)).toMatchObject({ conflict: false, ...expected });
  });

  it.each(REFUSED)('changes nothing where it is not, and is sent once more: %s', async (behaviour, answer) => {
    const expected = { answers: [answer, answer], status: 'Pending', conflict: false, heard: [] };
    expect(await whatBecameOf(behaviour)).toEqual(expected);
  });
});

describe('what is about no payout', () => {
  it.each([
    ['money that comes in', 'NPPReceivePayment', { TransactionId: 'N001', Amount: '100.0000' }],
    ['an event that nobody knows', 'Unheard', { Anything: 1 }],
    ['a payment of another system', 'NppPaymentStatus', statusOf(FOREIGN)],
  ])('is acknowledged: %s', async (_, eventName, body) => {
    expect((await tell(run(), body, { eventName })).status).toBe(200);
    expect((await tell(run(), body, { eventName, headers: { authorization: 'Bearer x' } })).status).toBe(401);
  });

  /** 64 kB of ours, 6 MB of Lambda's and 10 MB of the gateway's; nothing of them is read without a proof. */
  it.each([
    [66_000, 400, 401],
    [6_300_000, 413, 413],
    [10_600_000, 413, 413],
  ])('is refused by its size: %i bytes', async (bytes, proven, unproven) => {
    const body = { ...statusOf(FOREIGN), Padding: 'x'.repeat(bytes) };
    expect((await tell(run(), body)).status).toBe(proven);
    expect((await tell(run(), body, { headers: { authorization: 'Bearer x' } })).status).toBe(unproven);
  });
});

describe('returns', () => {
  it('in parts add up, each once, and are seen in every view', async () => {
    const key = uniqueKey();
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-instant', key });
    const payment = run().simulator?.payments().at(-1);
    const first = returnOf(id, { Amount: 10, ReturnTransactionId: 71, TransactionId: payment?.transactionId });
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
