import { describe, expect, it } from 'vitest';
import { takeAway } from '../iam/template-without.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, settled, uniqueKey } from '../support/payouts.ts';

/** The first wait of the guard, and a little. */
const FIRST_WAIT_MS = 61_000;

describe('the guard of a payout', () => {
  const run = useLocalRun();

  const guardOf = (id: string) =>
    run().stepFunctions.describeExecution(
      `arn:aws:states:ap-southeast-2:000000000000:execution:payouts-dev-settlement:${id}`,
    );

  it('completes a payout whose webhook never comes, by asking', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-no-webhook' });
    await run().advance(FIRST_WAIT_MS);
    const payout = await settled(run(), id);
    expect(payout.status).toBe('Completed');
    expect(payout.history.at(-1)).toMatchObject({ source: 'status', event: 'completed' });
    expect(guardOf(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('completes a payout whose answer was lost, and pays it once', async () => {
    const created = await createPayout(run(), { customer_id: 'cust-demo-lost-response' });
    expect(created).toMatchObject({ status: 202, body: { status: 'Pending' } });
    await run().advance(FIRST_WAIT_MS);
    const payout = await settled(run(), created.id);
    expect(payout.status).toBe('Completed');
    expect(payout.history.map(({ event }) => event)).toEqual(['recorded', 'unanswered', 'completed']);
    expect(paymentsOf(created.id)).toHaveLength(1);
    expect(postsOf(created.id)).toHaveLength(1);
  });

  it('ends when the webhook rings, long before its wait is over', async () => {
    const { id } = await createPayout(run(), {});
    expect(guardOf(id)).toMatchObject({ status: 'RUNNING' });
    await run().advance(1_500);
    await settled(run(), id);
    await run().until(() => (guardOf(id).status === 'SUCCEEDED' ? true : undefined));
  });

  it('is left alone by a replay while it runs', async () => {
    const key = uniqueKey();
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-no-webhook', key });
    const before = guardOf(id);
    await createPayout(run(), { customer_id: 'cust-demo-no-webhook', key });
    expect(guardOf(id).startMs).toEqual(before.startMs);
  });

  it('is started by a replay where it could not be started before, and then pays once', async () => {
    const request = { customer_id: 'cust-demo-instant', key: uniqueKey() };
    const giveBack = takeAway(run(), { holder: 'PayoutSubmissionRole', action: 'states:StartExecution' });
    const { id, status } = await createPayout(run(), request);
    giveBack();
    expect(status).toBe(202);
    expect(() => guardOf(id)).toThrow();
    expect(postsOf(id)).toHaveLength(0);
    const replayed = await createPayout(run(), request);
    expect(replayed.headers.get('idempotent-replayed')).toBe('true');
    expect(guardOf(id)).toMatchObject({ status: 'RUNNING' });
    expect(postsOf(id)).toHaveLength(0);
    await run().advance(FIRST_WAIT_MS);
    expect(await settled(run(), id)).toMatchObject({ status: 'Completed' });
    expect(paymentsOf(id)).toHaveLength(1);
  });

  it('does not believe whoever rings: a payout that is still Pending is looked up, and watched on', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-error' });
    const record = await run().services.dynamodb.call('GetItem', {
      TableName: 'payouts-dev-transactions',
      Key: { transaction_id: { S: id } },
    });
    const token = (record['Item'] as { task_token: { S: string } }).task_token.S;
    run().stepFunctions.sendTaskSuccess(token, '{}');
    await run().advance(1_000);
    expect(guardOf(id)).toMatchObject({ status: 'RUNNING' });
    expect(await getPayout(run(), id)).toMatchObject({ status: 'Pending' });
  });

  it('gives a record that is gone to a person, and does not end in green', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-no-webhook' });
    await run().services.dynamodb.call('DeleteItem', {
      TableName: 'payouts-dev-transactions',
      Key: { transaction_id: { S: id } },
    });
    await run().advance(4 * 86_400_000);
    await run().until(() => (guardOf(id).status === 'FAILED' ? true : undefined));
    expect(guardOf(id)).toMatchObject({ error: 'PayoutEscalated' });
    expect(published(id)).toEqual([expect.stringContaining('There is no record of it any more.')]);
  });

  it('never calls Failed, nor pays twice, what a filter in front of Monoova answered with 403 after it was paid', async () => {
    const answer = { kind: 'verbatim', httpStatus: 403, headers: {}, body: '<html>Forbidden</html>' } as const;
    run().simulator?.script('*', { answer, webhooks: [] }, { times: 1 });
    const { id } = await createPayout(run(), {});
    // A 403 makes the key rest for a quarter of an hour, for look-ups too.
    await run().advance(FIRST_WAIT_MS);
    expect(await getPayout(run(), id)).toMatchObject({ status: 'Pending' });
    await run().advance(20 * 60_000);
    expect(await settled(run(), id)).toMatchObject({ status: 'Completed' });
    expect(postsOf(id)).toHaveLength(1);
  });

  it('sends again what never reached Monoova, with the same reference, once it can be reached', async () => {
    const simulator = run().simulator;
    const takeBack = simulator?.script(() => true, 'throttled', { on: 'execute' });
    const { id, status } = await createPayout(run(), { customer_id: 'cust-demo-instant' });
    expect(status).toBe(202);
    expect(await getPayout(run(), id)).toMatchObject({ status: 'Pending' });
    expect(paymentsOf(id)).toHaveLength(0);
    takeBack?.();
    await run().advance(FIRST_WAIT_MS);
    expect(await settled(run(), id)).toMatchObject({ status: 'Completed' });
    expect(paymentsOf(id)).toHaveLength(1);
  });

  it('gives to a person, and never calls Failed, what stays unknown: it names the payout, what is known and what to do', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-error' });
    await run().advance(4 * 86_400_000);
    await run().until(() => (guardOf(id).status === 'FAILED' ? true : undefined));
    const payout = await getPayout(run(), id);
    expect(payout.status).toBe('Pending');
    expect(payout.history.at(-1)).toMatchObject({ event: 'escalated' });
    const told = published(id);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('3 POSTs of it may have arrived; the last was sent at 20');
    expect(told[0]).toContain('The last that was learnt: not-found, by status, at 20');
    expect(told[0]).toContain(`\`payouts explain ${id}\``);
    expect(told[0]).toContain(`\`payouts resolve ${id} --as completed|rejected|failed|resend --evidence TEXT\``);
  });

  /** What its guard told the people on call; the daily reconciliation names it as well. */
  function published(id: string): string[] {
    const topic = run().template.resources.find(({ type }) => type === 'AWS::SNS::Topic');
    return run()
      .services.sns.published(topic?.ref ?? '')
      .filter(({ subject }) => subject === `Payout needs a person: ${id}`)
      .map(({ message }) => message);
  }

  function paymentsOf(id: string) {
    return (run().simulator?.payments() ?? []).filter(({ uniqueReference }) => `txn-${uniqueReference}` === id);
  }

  function postsOf(id: string) {
    const requests = run().simulator?.requests() ?? [];
    return requests.filter(({ method, uniqueReference }) => method === 'POST' && `txn-${uniqueReference}` === id);
  }
});
