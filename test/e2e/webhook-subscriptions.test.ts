import { describe, expect, it } from 'vitest';
import { ROOT } from '../../local/aws/credentials.ts';
import { runCommand } from '../ops/run-command.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, settled } from '../support/payouts.ts';

describe('the subscriptions of a stage', () => {
  const run = useLocalRun();

  const webhooks = (...args: string[]) =>
    runCommand(['webhooks', ...args], { env: { AWS_ENDPOINT_URL: run().awsUrl }, nowMs: run().clock.nowMs() });

  async function tokens(): Promise<string[]> {
    const input = { SecretId: 'monoova/dev/webhook' };
    const { SecretString } = await run().services.secretsManager.handle({
      action: 'GetSecretValue',
      input,
      principal: ROOT,
    });
    return JSON.parse(String(SecretString)).tokens;
  }

  /** The payout ends by its webhook; time stands still after it. */
  async function paidByWebhook() {
    const { id } = await createPayout(run(), {});
    await run().advance(1_500);
    const payout = await settled(run(), id);
    expect(payout.history.at(-1)).toMatchObject({ source: 'webhook', event: 'completed' });
    // The outcome is written before the webhook is answered.
    return run().until(() =>
      run()
        .simulator?.webhooks()
        .findLast(({ uniqueReference }) => id.endsWith(uniqueReference)),
    );
  }

  const receive = (token: string) =>
    fetch(`${run().apiUrl}/webhooks/monoova`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: '{}',
    });

  it('are found wrong, made right, and stay so when asked for again', async () => {
    const [token = ''] = await tokens();
    run().simulator?.subscribe({ url: `${run().apiUrl}/webhooks/monoova`, token });
    const before = await webhooks('status');
    expect(before).toMatchObject({ code: 1, err: expect.stringContaining('run payouts webhooks subscribe') });
    expect(before.out).toContain(`should be On at ${run().apiUrl}/webhooks/monoova/NppPaymentStatus`);

    const first = await webhooks('subscribe');
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toContain(`moved from ${run().apiUrl}/webhooks/monoova `);
    const again = await webhooks('subscribe');
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).not.toContain('moved');

    const after = await webhooks('status');
    expect(after).toMatchObject({ code: 0, err: '' });
    expect(after.out).toContain('One token is valid.');
    const delivered = await paidByWebhook();
    expect(delivered).toMatchObject({
      url: `${run().apiUrl}/webhooks/monoova/NppPaymentStatus`,
      statusCode: 200,
    });
  });

  it('exchange their token without a webhook refused, and without a token shown', async () => {
    const [old = ''] = await tokens();
    const rotated = await webhooks('rotate-token');
    expect(rotated).toMatchObject({ code: 0 });
    expect(rotated.out).toContain('Two tokens are valid');
    const [fresh = '', kept] = await tokens();
    expect(kept).toBe(old);
    expect(fresh).toMatch(/^[\w-]{43}$/);
    expect(await paidByWebhook()).toMatchObject({ statusCode: 200 });
    expect((await receive(old)).status).toBe(200);

    const repeated = await webhooks('rotate-token');
    expect(await tokens()).toEqual([fresh, old]);

    const finished = await webhooks('rotate-token', '--finish');
    expect(finished).toMatchObject({ code: 0, out: expect.stringContaining('One token is valid.') });
    expect(await tokens()).toEqual([fresh]);
    expect(await paidByWebhook()).toMatchObject({ statusCode: 200 });
    // What an environment has read is forgotten after five minutes.
    await run().advance(6 * 60_000);
    expect((await receive(old)).status).toBe(401);
    expect(await paidByWebhook()).toMatchObject({ statusCode: 200 });
    expect(await webhooks('rotate-token', '--finish')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no exchange is under way'),
    });
    for (const { out, err } of [rotated, repeated, finished, await webhooks('status', '--json')]) {
      for (const token of [old, fresh]) expect(out + err).not.toContain(token);
    }
  });

  it('tell what was not received, and have it sent once more', async () => {
    const forged = { webhooks: [{ authorization: 'wrong' }] } as const;
    run().simulator?.script('*', forged, { times: 1 });
    const { id } = await createPayout(run(), {});
    await run().advance(1_500);
    await run().advance(31_000);
    const { out } = await webhooks('status');
    const webhookId = /resend --id (\d+)/.exec(out)?.[1] ?? '';
    expect(out).toContain('1 not received');
    const tries = () =>
      run()
        .simulator?.webhooks()
        .filter((one) => String(one.webhookId) === webhookId) ?? [];
    const before = tries().length;
    expect(await webhooks('resend', '--id', webhookId)).toMatchObject({ code: 0 });
    await run().advance(1_000);
    await run().until(() => (tries().length > before ? true : undefined));
    expect(await getPayout(run(), id)).toMatchObject({ status: 'Pending' });
    expect(await webhooks('resend', '--id', '1')).toMatchObject({
      code: 1,
      err: expect.stringContaining('WebhookNotFound'),
    });
    expect(await webhooks('resend', '--id', 'x')).toMatchObject({ code: 2 });
  });
});
