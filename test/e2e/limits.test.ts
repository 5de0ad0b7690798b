import { describe, expect, it } from 'vitest';
import { endOfDayMs, sydneyDayOf } from '../../domain/sydney-day.ts';
import { STAGES } from '../../infra/stages.ts';
import type { JsonObject } from '../../local/json.ts';
import { runCommand } from '../ops/run-command.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, uniqueKey } from '../support/payouts.ts';

const { customerCents: CUSTOMER_CENTS, stageCents: STAGE_CENTS } = STAGES.dev.dailyLimits;
const TABLE = 'payouts-dev-controls';
const CUSTOMER = 'cust-demo-instant';

describe('the daily limits', () => {
  const run = useLocalRun();

  const today = () => sydneyDayOf(run().clock.nowMs());
  const customerCounter = () => `limit#${today()}#customer#${CUSTOMER}`;
  const stageCounter = () => `limit#${today()}`;
  const pay = (amount: number, key = uniqueKey()) => createPayout(run(), { customer_id: CUSTOMER, amount, key });

  async function counted(id: string): Promise<number> {
    const { Item } = await run().services.dynamodb.call('GetItem', { TableName: TABLE, Key: { id: { S: id } } });
    return Number(((Item as JsonObject | undefined)?.['total_cents'] as { N: string } | undefined)?.N ?? 0);
  }

  /** As if so much had been asked for today already. */
  async function given(id: string, totalCents: number): Promise<void> {
    const Item = { id: { S: id }, total_cents: { N: String(totalCents) } };
    await run().services.dynamodb.call('PutItem', { TableName: TABLE, Item });
  }

  it('count what is asked for, once, in both counters, and not its replays', async () => {
    const [customer, stage] = [await counted(customerCounter()), await counted(stageCounter())];
    const key = uniqueKey();
    await pay(12.34, key);
    await pay(12.34, key);
    expect(await counted(customerCounter())).toBe(customer + 1_234);
    expect(await counted(stageCounter())).toBe(stage + 1_234);
    const { Item } = await run().services.dynamodb.call('GetItem', {
      TableName: TABLE,
      Key: { id: { S: stageCounter() } },
    });
    const env = { AWS_ENDPOINT_URL: run().awsUrl };
    const told = await runCommand(['controls', '--json', '--customer-id', CUSTOMER], {
      env,
      nowMs: run().clock.nowMs(),
    });
    expect(JSON.parse(told.out).limits).toMatchObject([
      { of: 'stage', used_cents: stage + 1_234, limit_cents: STAGE_CENTS },
      { of: CUSTOMER, used_cents: customer + 1_234, limit_cents: CUSTOMER_CENTS },
    ]);
    const week = endOfDayMs(today()) / 1000 + 7 * 86_400;
    expect(Item).toMatchObject({ expires_at: { N: String(week) } });
  });

  it('of a customer let exactly one of two pass at the edge, and record nothing of the other', async () => {
    await given(customerCounter(), CUSTOMER_CENTS - 1_234);
    const stage = await counted(stageCounter());
    const keys = [uniqueKey(), uniqueKey()];
    const answers = await Promise.all(keys.map((key) => pay(12.34, key)));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['202', '422']);
    const refused = answers.findIndex(({ status }) => status === 422);
    expect(answers[refused]?.headers.get('content-type')).toBe('application/problem+json');
    expect(answers[refused]?.body).toMatchObject({
      code: 'over_limit',
      title: 'A daily limit would be exceeded',
      limit: 'customer',
      limit_ends_at: new Date(endOfDayMs(today())).toISOString(),
    });
    expect(await counted(customerCounter())).toBe(CUSTOMER_CENTS);
    expect(await counted(stageCounter())).toBe(stage + 1_234);
    expect(await counted(`limit#${today()}#customer#cust-demo-bank`)).toBe(0);

    // The next day the very same request is new.
    await run().advance(endOfDayMs(today()) - run().clock.nowMs() + 1_000);
    const again = await pay(12.34, keys[refused]);
    expect(again).toMatchObject({ status: 202, body: { status: 'Completed' } });
    expect(again.headers.get('idempotent-replayed')).toBeNull();
  });

  it('answer the same request twice at once with its one payout, also where there is room for one alone', async () => {
    await given(customerCounter(), CUSTOMER_CENTS - 1_234);
    const key = uniqueKey();
    const answers = await Promise.all([pay(12.34, key), pay(12.34, key), pay(12.34, key)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(answers.map(({ body }) => (body as JsonObject)['transaction_id'])).size).toBe(1);
    await given(customerCounter(), 0);
  });

  it('turn no replay into an error', async () => {
    const key = uniqueKey();
    const first = await pay(1, key);
    await given(customerCounter(), CUSTOMER_CENTS);
    await given(stageCounter(), STAGE_CENTS);
    expect(await pay(1, key)).toMatchObject({ status: 202, body: first.body });
    await given(customerCounter(), 0);
    await given(stageCounter(), 0);
  });

  it('of the stage let exactly one of two pass at the edge, and give the customer back what the other took', async () => {
    await given(stageCounter(), STAGE_CENTS - 1_234);
    const customers = ['cust-demo-instant', 'cust-demo-bank'];
    const counters = customers.map((customer) => `limit#${today()}#customer#${customer}`);
    for (const id of counters) await given(id, 0);
    const answers = await Promise.all(
      customers.map((customer_id) => createPayout(run(), { customer_id, amount: 12.34, payout_method: 'BankAccount' })),
    );
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['202', '422']);
    const refused = answers.findIndex(({ status }) => status === 422);
    expect(answers[refused]?.body).toMatchObject({ code: 'over_limit', limit: 'stage' });
    expect(await counted(stageCounter())).toBe(STAGE_CENTS);
    expect(await counted(counters[refused] ?? '')).toBe(0);
    expect(await counted(counters[1 - refused] ?? '')).toBe(1_234);
    await given(stageCounter(), 0);
  });

  it('are not counted for a request that is refused before', async () => {
    const stage = await counted(stageCounter());
    expect((await createPayout(run(), { customer_id: 'cust-unknown' })).status).toBe(400);
    expect(await counted(stageCounter())).toBe(stage);
  });
});
