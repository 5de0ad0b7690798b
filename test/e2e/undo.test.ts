import { describe, expect, it } from 'vitest';
import { WEBHOOK_MS } from '../iam/scenarios.ts';
import { runCommand } from '../ops/run-command.ts';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, settled } from '../support/payouts.ts';

const run = useLocalRun();
const payouts = (...args: string[]) =>
  runCommand(args, { env: { AWS_ENDPOINT_URL: run().awsUrl }, nowMs: run().clock.nowMs() });

describe('close-api', () => {
  it('lets no client through, and every webhook, until open-api', async () => {
    const { id } = await createPayout(run());
    const closed = await payouts('close-api');
    expect(closed).toMatchObject({ code: 0, out: expect.stringContaining('429 from /payouts/POST, /payouts/GET') });

    const refused = await createPayout(run());
    expect(refused).toMatchObject({ status: 429, body: { code: 'too_many_requests' } });
    expect((await run().request('GET', `/payouts/${id}`)).status).toBe(429);
    expect((await run().request('GET', '/payouts?customer_id=cust-demo-payid')).status).toBe(429);
    expect((await run().request('GET', '/health')).status).toBe(200);
    await run().advance(WEBHOOK_MS);
    const told = await run().until(() =>
      run()
        .simulator?.webhooks()
        .find((one) => id.endsWith(one.uniqueReference)),
    );
    expect(told).toMatchObject({ statusCode: 200 });

    expect((await payouts('open-api')).out).toContain('100 requests a second, 200 at once');
    expect((await settled(run(), id)).status).toBe('Completed');
    expect((await createPayout(run())).status).toBe(202);
  });

  it('says where nothing had to be changed', async () => {
    expect((await payouts('open-api')).out).toContain('as before; nothing was changed');
    await payouts('close-api');
    expect((await payouts('close-api')).out).toContain('as before; nothing was changed');
    await payouts('open-api');
  });
});
