import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../local/aws/credentials.ts';
import { SecretsManagerService } from '../../local/aws/secrets-manager/service.ts';
import { ShiftableClock } from '../../local/clock.ts';
import { connectionOf } from '../../ops/connection.ts';
import type { Resources } from '../../ops/resources.ts';
import { newToken, readWebhookSecret, writeWebhookSecret } from '../../ops/webhook-secret.ts';
import { type Served, serve } from '../local/aws/serve.ts';

const NAME = 'monoova/dev/webhook';
const resources = { webhook_secret: NAME } as Resources;
const secretsManager = new SecretsManagerService({ clock: new ShiftableClock() });
let served: Served;
beforeAll(async () => {
  served = await serve([secretsManager]);
});
afterAll(() => served.close());

const connection = () => connectionOf({}, { AWS_ENDPOINT_URL: served.settings.endpoint });
const call = (action: string, input: Record<string, string>) =>
  secretsManager.handle({ action, input, principal: ROOT });

describe('the webhook secret', () => {
  it('is undefined where nobody has put a value, then what was put', async () => {
    await call('CreateSecret', { Name: NAME });
    expect(await readWebhookSecret(connection(), resources)).toBeUndefined();
    await writeWebhookSecret(connection(), resources, { tokens: ['one'] });
    expect(await readWebhookSecret(connection(), resources)).toEqual({
      secret: { tokens: ['one'] },
      storedAtMs: expect.closeTo(Date.now(), -4),
    });
  });

  it('keeps what else it says', async () => {
    await call('PutSecretValue', { SecretId: NAME, SecretString: '{"tokens":["one"],"baseUrl":"https://a.example"}' });
    const stored = await readWebhookSecret(connection(), resources);
    expect(stored?.secret).toEqual({ tokens: ['one'], baseUrl: 'https://a.example' });
  });

  it.each(['', 'no-json', '{"tokens":[]}', '{"tokens":["a","b","c"]}', '["one"]'])(
    'is refused, and not repeated, where it is something else: %j',
    async (SecretString) => {
      await call('PutSecretValue', { SecretId: NAME, SecretString: SecretString || ' ' });
      const refused = readWebhookSecret(connection(), resources);
      await expect(refused).rejects.toThrow('nothing was changed');
      await expect(refused).rejects.not.toThrow('no-json');
    },
  );

  it('has tokens that are no two alike and fit a header', () => {
    const tokens = Array.from({ length: 100 }, newToken);
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
  });
});
