import { beforeAll, describe, expect, it } from 'vitest';
import { useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout } from '../support/payouts.ts';
import { BEARER, statusOf } from '../support/webhooks.ts';

const RECEIVER = 'payouts-dev-receive-webhook';

describe('webhooks where the stage asks for both proofs, as production does', () => {
  const run = useLocalRun();
  let id = '';

  beforeAll(async () => {
    const described = run().lambda.describe(RECEIVER);
    const environment = { ...described.environment, WEBHOOK_PROOF: 'signature-and-bearer' };
    run().lambda.publishVersion(RECEIVER, '2', { ...described, environment });
    run().lambda.setAlias(RECEIVER, 'live', '2');
    // Nobody but this test tells what became of it.
    ({ id } = await createPayout(run(), { customer_id: 'cust-demo-no-webhook' }));
  });

  const body = () => JSON.stringify(statusOf(id));

  async function sent(proofs: { readonly bearer?: string; readonly signature?: string }): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      ...(proofs.bearer === undefined ? {} : { authorization: proofs.bearer }),
      ...(proofs.signature === undefined ? {} : { 'verification-signature': proofs.signature }),
    };
    const answer = await run().request('POST', '/webhooks/monoova', { signed: false, headers, body: body() });
    return answer.status;
  }

  async function signature(text = body()): Promise<string> {
    const made = await run().simulator?.sign(Buffer.from(text));
    if (made === undefined) throw new Error('Only the simulated Monoova signs for us');
    return made;
  }

  it('are refused with one of them alone, with none, and with the signature of another body', async () => {
    expect(await sent({ bearer: BEARER })).toBe(401);
    expect(await sent({ signature: await signature() })).toBe(401);
    expect(await sent({})).toBe(401);
    expect(await sent({ bearer: BEARER, signature: await signature('{}') })).toBe(401);
    expect(await sent({ bearer: 'Bearer another', signature: await signature() })).toBe(401);
    expect((await getPayout(run(), id)).status).toBe('Pending');
  });

  it('are applied with both, and once more with 200 where their guard has ended long ago', async () => {
    expect(await sent({ bearer: BEARER, signature: await signature() })).toBe(200);
    expect((await getPayout(run(), id)).status).toBe('Completed');
    // Powertools has forgotten it by then: it is looked at anew, and its doorbell is nobody's any more.
    await run().advance(10 * 60_000);
    const { history } = await getPayout(run(), id);
    expect(await sent({ bearer: BEARER, signature: await signature() })).toBe(200);
    expect((await getPayout(run(), id)).history).toEqual(history);
  });
});
