import { describe, expect, it } from 'vitest';
import { AwsError, type WireRequest } from '../../local/aws/wire.ts';
import type { WebhookPlan } from '../../local/monoova/behaviours.ts';
import { runCommand } from '../ops/run-command.ts';
import { useLocalRun } from '../support/local-run.ts';
import { returnOf, statusOf } from '../support/webhooks.ts';

/** Of a payment that is none of ours: what is asked here is only whether it is believed to be Monoova's. */
const FOREIGN = 'txn-0fdc3a52-7be1-4c55-9c7d-8e9f0a1b2c3d';
const DAY_MS = 86_400_000;
const TIMEOUT_MS = 60_000;
const SECRET = 'monoova/dev/webhook';

const run = useLocalRun();

const webhooks = (...args: string[]) => webhooksWaiting((ms) => run().advance(ms), ...args);

function webhooksWaiting(wait: (ms: number) => Promise<void>, ...args: string[]) {
  const env = { AWS_ENDPOINT_URL: run().awsUrl };
  return runCommand(['webhooks', ...args], { env, nowMs: run().clock.nowMs(), wait });
}

/** As Monoova sends both events now, with whatever token and key it has; their statuses. */
async function told(plan: WebhookPlan = {}): Promise<(number | null)[]> {
  const before = run().simulator?.webhooks().length ?? 0;
  await run().simulator?.tell('NppPaymentStatus', statusOf(FOREIGN), plan);
  await run().simulator?.tell('NppReturn', returnOf(FOREIGN), plan);
  const tries = run().simulator?.webhooks().slice(before) ?? [];
  return tries.map(({ statusCode }) => statusCode);
}

async function secret(): Promise<{ tokens: string[] }> {
  const request = { action: 'GetSecretValue', input: { SecretId: SECRET } };
  const { SecretString } = await run().services.secretsManager.handle({ ...request, principal: PERSON });
  return JSON.parse(String(SecretString));
}

const tokens = async () => (await secret()).tokens;

const PERSON = { accessKeyId: 'local', secretAccessKey: 'local', principalArn: 'arn:aws:iam::000000000000:root' };

type Break = { readonly where: string; readonly put: () => () => void };

/** The person's calls to Secrets Manager fail, and have had their effect or not. */
function secretsFail(action: string, hasEffect: boolean): () => () => void {
  return () => {
    const { secretsManager } = run().services;
    const handle = secretsManager.handle;
    secretsManager.handle = async (request: WireRequest) => {
      const isMeant = request.action === action && request.principal.accessKeyId === PERSON.accessKeyId;
      if (isMeant && !hasEffect) throw new AwsError('InternalServiceError', 'Away', { statusCode: 500 });
      const output = await handle.call(secretsManager, request);
      if (isMeant) throw new AwsError('InternalServiceError', 'Away', { statusCode: 500 });
      return output;
    };
    return () => {
      secretsManager.handle = handle;
    };
  };
}

/** Monoova does what it is asked, and its answer is lost: the command does not go on. */
function answerIsLost(on: 'subscription-list' | 'subscription-update', calls: number): () => () => void {
  return () => {
    const stops = Array.from({ length: calls }, (_, index) =>
      run().simulator?.script('*', index === 0 ? 'unavailable' : {}, { on, times: 1 }),
    );
    return () => {
      for (const stop of stops) stop?.();
    };
  };
}

const BREAKS: readonly Break[] = [
  { where: 'the tokens cannot be read', put: secretsFail('GetSecretValue', false) },
  { where: 'the tokens cannot be stored', put: secretsFail('PutSecretValue', false) },
  { where: 'the tokens are stored, and nothing tells so', put: secretsFail('PutSecretValue', true) },
  { where: 'Monoova tells no subscription', put: answerIsLost('subscription-list', 1) },
  { where: 'Monoova has the first, and does not say so', put: answerIsLost('subscription-update', 1) },
  { where: 'Monoova has both, and does not say so', put: answerIsLost('subscription-update', 2) },
];

describe('an exchange of the token', () => {
  it('that breaks off at any step goes on when it is asked for again, and no webhook is refused', {
    timeout: TIMEOUT_MS,
  }, async () => {
    expect(await webhooks('subscribe')).toMatchObject({ code: 0 });
    const [old = ''] = await tokens();
    for (const { where, put } of BREAKS) {
      const mend = put();
      expect({ where, ...(await webhooks('rotate-token')) }).toMatchObject({ where, code: 1, out: '' });
      mend();
      expect([where, await told()]).toEqual([where, [200, 200]]);
    }
    expect(await webhooks('rotate-token')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Two tokens are valid'),
    });
    const [fresh = '', kept] = await tokens();
    expect([kept, fresh === old]).toEqual([old, false]);
    expect(await told()).toEqual([200, 200]);

    for (const { where, put } of BREAKS.filter((one) => one !== BREAKS[2])) {
      const mend = put();
      expect({ where, ...(await webhooks('rotate-token', '--finish')) }).toMatchObject({ where, code: 1, out: '' });
      mend();
      expect([where, await tokens(), await told()]).toEqual([where, [fresh, old], [200, 200]]);
    }
    const mend = BREAKS[2]?.put();
    expect(await webhooks('rotate-token', '--finish')).toMatchObject({ code: 1, out: '' });
    mend?.();
    expect(await tokens()).toEqual([fresh]);
    await run().advance(6 * 60_000);
    expect(await told()).toEqual([200, 200]);
    expect(await webhooks('rotate-token', '--finish')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no exchange is under way'),
    });
  });

  it('waits until the receiver may look for it, whoever has made it look just before', async () => {
    const stranger = () =>
      fetch(`${run().apiUrl}/webhooks/monoova`, { method: 'POST', headers: { authorization: 'Bearer x' }, body: '{}' });
    expect((await stranger()).status).toBe(401);
    const beganMs = run().clock.nowMs();
    expect(await webhooks('rotate-token')).toMatchObject({ code: 0, err: expect.stringMatching(/^Waiting 2\d s/) });
    expect(run().clock.nowMs() - beganMs).toBeGreaterThan(20_000);
    expect(await told()).toEqual([200, 200]);
    // Nothing to wait for any more.
    expect(await webhooks('rotate-token')).toMatchObject({ code: 0, err: '' });
  });

  it('that somebody else has begun meanwhile tells Monoova nothing', async () => {
    const put = async (names: readonly string[]) => {
      const SecretString = JSON.stringify({ ...(await secret()), tokens: names });
      const request = { action: 'PutSecretValue', input: { SecretId: SECRET, SecretString }, principal: PERSON };
      await run().services.secretsManager.handle(request);
    };
    expect(await webhooks('rotate-token', '--finish')).toMatchObject({ code: 0 });
    const [token = ''] = await tokens();
    const outrun = await webhooksWaiting(() => put(['of-somebody-else', token]), 'rotate-token');
    expect(outrun).toMatchObject({ code: 1, err: expect.stringContaining('Monoova was told nothing') });
    expect(await told()).toEqual([200, 200]);
    expect(await webhooks('rotate-token')).toMatchObject({ code: 0 });
    expect([await tokens(), await told()]).toEqual([
      ['of-somebody-else', token],
      [200, 200],
    ]);
  });
});

describe("a change of Monoova's key", () => {
  const keyRequests = () =>
    run()
      .simulator?.requests()
      .filter(({ path }) => path.includes('public-key')).length ?? 0;

  it('is found with the first webhook that the new one signed, and both are believed for a day', async () => {
    expect(await told()).toEqual([200, 200]);
    await run().advance(20_000);
    await run().simulator?.rotateKey();
    for (const signature of ['good', 'by-the-key-before', 'good', 'by-the-key-before'] as const) {
      expect(await told({ signature })).toEqual([200, 200]);
    }
    // All at once, so that an environment starts that has never known the old one.
    const before = run().simulator?.webhooks().length ?? 0;
    await Promise.all(Array.from({ length: 4 }, () => told({ signature: 'by-the-key-before' })));
    const answers = run().simulator?.webhooks().slice(before) ?? [];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
    expect(await told({ signature: 'by-a-stranger' })).toEqual([401, 401]);
    await run().advance(DAY_MS);
    expect(await told({ signature: 'good' })).toEqual([200, 200]);
    expect(await told({ signature: 'by-the-key-before' })).toEqual([401, 401]);
  });

  it('cannot be made to be looked for more than every twenty seconds', async () => {
    await run().advance(20_000);
    const before = keyRequests();
    for (let time = 0; time < 3; time++) expect(await told({ signature: 'by-a-stranger' })).toEqual([401, 401]);
    expect(keyRequests() - before).toBe(1);
  });
});
