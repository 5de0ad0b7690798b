import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../local/aws/credentials.ts';
import { takeAway } from '../iam/template-without.ts';
import { runCommand } from '../ops/run-command.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, settled } from '../support/payouts.ts';
import { returnOf, statusOf, tell } from '../support/webhooks.ts';

/** Longer than five receives take. */
const GIVEN_UP_MS = 45 * 60_000;
const SOON_MS = 10_000;
const UNKNOWN = 'txn-ffffffff-4e5f-8a6b-9c7d-8e9f0a1b2c3d';

const run = useLocalRun();

const payouts = (...args: string[]) => runCommand(args, { env: { AWS_ENDPOINT_URL: run().awsUrl } });

async function listed(): Promise<{ id: string; letter: Record<string, unknown> }[]> {
  const { out, err, code } = await payouts('dlq', 'list', '--json');
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out).dead_letters;
}

/** On a busy machine a call may be cut off by the clock, and the next receive comes minutes later. */
async function atLast<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let minute = 0; minute < 60; minute++) {
    const found = await look();
    if (found !== undefined) return found;
    await run().advance(60_000);
  }
  throw new Error('What was waited for has not come about after an hour more');
}

function listedAtLast(count: number) {
  return atLast(async () => {
    const letters = await listed();
    return letters.length >= count ? letters : undefined;
  });
}

afterEach(async () => {
  for (const name of ['payouts-dev-webhook-retry', 'payouts-dev-webhook-dead-letters']) {
    await run().services.sqs.handle({ action: 'PurgeQueue', input: { QueueUrl: name }, principal: ROOT });
  }
});

const depth = (name: string) =>
  run().services.sqs.findByArn(`arn:aws:sqs:ap-southeast-2:000000000000:${name}`)?.counts();

describe('dead letters', () => {
  it('are what could not be applied in five receives; once the cause is mended they are redriven and applied', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-instant' });
    const takenAway = [
      takeAway(run(), { holder: 'ReceiveWebhook', action: 'dynamodb:UpdateItem', resource: 'transactions' }),
      takeAway(run(), { holder: 'RetryWebhook', action: 'dynamodb:UpdateItem', resource: 'transactions' }),
    ];
    expect((await tell(run(), returnOf(id))).status).toBe(200);
    await run().advance(GIVEN_UP_MS);
    const [dead] = await listedAtLast(1);
    for (const giveBack of takenAway) giveBack();
    expect(dead?.letter).toMatchObject({
      transaction_id: id,
      fact: { kind: 'returned', amount_cents: 1_234, return_transaction_id: 71 },
      error: expect.stringMatching(/^(AccessDeniedException|TooSlowError)$/),
    });
    expect(Object.keys(dead?.letter ?? {}).toSorted()).toEqual(
      ['attempts', 'error', 'fact', 'received_at', 'request_id', 'transaction_id'].toSorted(),
    );
    const shown = await payouts('dlq', 'show', dead?.id ?? '');
    expect(shown.out).toContain('When the cause is mended: payouts dlq redrive.');
    expect(shown.out).not.toContain('Jane');

    expect((await payouts('dlq', 'redrive')).out).toBe('1 dead letter sent back to be applied again.\n');
    await run().advance(SOON_MS);
    await atLast(async () => ((await getPayout(run(), id)).status === 'Returned' ? true : undefined));
    expect((await payouts('dlq', 'list')).out).toBe('no dead letters\n');
  });

  it('are orphans: of a payout that nobody ever knew, with its reference and nobody named', async () => {
    expect((await tell(run(), statusOf(UNKNOWN))).status).toBe(200);
    await run().advance(SOON_MS);
    expect(await listed()).toEqual([]);
    await run().advance(GIVEN_UP_MS);
    const [dead] = await listedAtLast(1);
    expect(dead?.letter).toMatchObject({ transaction_id: UNKNOWN });
    expect((await payouts('dlq', 'show', dead?.id ?? '')).out).toMatch(/Nobody knows its payout|TooSlowError/);
    expect((await payouts('dlq', 'delete', dead?.id ?? '')).out).toBe(`${dead?.id} deleted.\n`);
    expect(await listed()).toEqual([]);
  });

  it('wait for a payout that comes after its webhook', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-no-webhook' });
    const key = { TableName: 'payouts-dev-transactions', Key: { transaction_id: { S: id } } };
    const { Item } = await run().services.dynamodb.call('GetItem', key);
    await run().services.dynamodb.call('DeleteItem', key);
    expect((await tell(run(), statusOf(id))).status).toBe(200);
    await run().advance(SOON_MS);
    await run().services.dynamodb.call('PutItem', { TableName: key.TableName, Item: Item ?? {} });
    await atLast(async () => ((await getPayout(run(), id)).status === 'Pending' ? undefined : true));
    expect((await settled(run(), id)).history.at(-1)).toMatchObject({ source: 'webhook', event: 'completed' });
    expect(depth('payouts-dev-webhook-retry')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('are what is not clear, within seconds and once, and come back however often they are redriven', async () => {
    const { id } = await createPayout(run(), { customer_id: 'cust-demo-no-webhook' });
    const odd = { ...statusOf(id), Status: 'Odd, said Jane Citizen' };
    for (let time = 0; time < 2; time++) {
      const answer = await tell(run(), odd, { headers: { Webhookid: '5000042' } });
      expect([answer.status, answer.text]).toEqual([400, expect.not.stringContaining('Jane')]);
    }
    const misnamed = await tell(run(), statusOf(id), { eventName: 'NppReturn' });
    expect(misnamed.status).toBe(400);
    for (let time = 0; time < 2; time++) {
      const letters = (await listedAtLast(2)).map(({ letter }) => letter);
      expect(letters).toHaveLength(2);
      expect(letters).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            transaction_id: id,
            error: 'WebhookUnreadable',
            fact: expect.objectContaining({ event: 'NppPaymentStatus', webhook_id: 5_000_042 }),
          }),
          expect.objectContaining({ error: 'WebhookMisnamed' }),
        ]),
      );
      expect((await payouts('dlq', 'redrive', '--max-per-second', '500')).out).toContain('2 dead letters');
    }
    const { history } = await getPayout(run(), id);
    expect(history.filter(({ source }) => source === 'webhook')).toEqual([]);
    for (const { id: messageId } of await listedAtLast(2)) {
      const shown = await payouts('dlq', 'show', messageId);
      expect(shown.out).toContain('docs/runbook.md');
      expect(shown.out).not.toContain('Jane');
      await payouts('dlq', 'delete', messageId);
    }
  });

  it('are asked for in words that can be followed', async () => {
    expect(await payouts('dlq', 'list')).toMatchObject({ code: 0, out: 'no dead letters\n' });
    expect(await payouts('dlq', 'show', 'nothing')).toMatchObject({
      code: 1,
      err: expect.stringContaining('dlq list'),
    });
    expect(await payouts('dlq', 'delete', 'nothing')).toMatchObject({ code: 1 });
    expect(await payouts('dlq', 'redrive', '--max-per-second', '501')).toMatchObject({ code: 2 });
    expect((await payouts('dlq', 'redrive')).out).toBe('0 dead letters sent back to be applied again.\n');
  });
});
