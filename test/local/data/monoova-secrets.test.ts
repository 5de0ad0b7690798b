import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../local/aws/credentials.ts';
import { SecretsManagerService } from '../../../local/aws/secrets-manager/service.ts';
import { fillSecrets, type MonoovaAccess, otherMonoova } from '../../../local/monoova-secrets.ts';
import { ManualClock } from '../api-gateway/manual-clock.ts';
import { MemoryMap } from './memory-map.ts';

const SIMULATOR: MonoovaAccess = { url: 'http://127.0.0.1:4000', apiKey: 'simulated', webhookToken: 'token' };
const OTHER: MonoovaAccess = { url: 'https://api.example', apiKey: 'key', webhookToken: 'their token' };

/** Two runs on the same data: each makes its services, chooses its Monoova and fills the secrets. */
function data() {
  const [secrets, run] = [new MemoryMap(), new MemoryMap()];
  return {
    async start(given: MonoovaAccess | undefined, simulator = SIMULATOR) {
      const secretsManager = new SecretsManagerService({ clock: new ManualClock(), kept: secrets });
      for (const name of ['api-key', 'webhook']) {
        secretsManager.createSecret({ arn: `arn:${name}`, name: `monoova/dev/${name}`, description: '' });
      }
      const deps = { secretsManager, kept: run, stage: 'dev' };
      const other = await otherMonoova(given, deps);
      await fillSecrets(other ?? simulator, { isGiven: given !== undefined, isOther: other !== undefined }, deps);
      const call = (action: string, name: string, more = {}) =>
        secretsManager.handle({ action, input: { SecretId: `monoova/dev/${name}`, ...more }, principal: ROOT });
      const read = async (name: string) => JSON.parse(String((await call('GetSecretValue', name))['SecretString']));
      const put = (name: string, value: object) =>
        call('PutSecretValue', name, { SecretString: JSON.stringify(value) });
      return { other, read, put, writes: secrets.writes };
    },
  };
}

describe('the secrets of a run', () => {
  it('hold the key, the token and the address of the simulator, and its new address after a restart', async () => {
    const { start } = data();
    const first = await start(undefined);
    expect(await first.read('api-key')).toEqual({
      apiKey: 'simulated',
      environment: 'sandbox',
      baseUrl: SIMULATOR.url,
    });
    expect(await first.read('webhook')).toEqual({ tokens: ['token'], baseUrl: SIMULATOR.url });
    const second = await start(undefined, { ...SIMULATOR, url: 'http://127.0.0.1:5000' });
    expect(await second.read('api-key')).toMatchObject({ apiKey: 'simulated', baseUrl: 'http://127.0.0.1:5000' });
  });

  it('keep what an operator has put there since', async () => {
    const { start } = data();
    await (await start(undefined)).put('webhook', { tokens: ['new', 'token'], baseUrl: SIMULATOR.url });
    expect(await (await start(undefined)).read('webhook')).toEqual({
      tokens: ['new', 'token'],
      baseUrl: SIMULATOR.url,
    });
  });

  it('go on with another Monoova without its being given again', async () => {
    const { start } = data();
    await start(OTHER);
    const second = await start(undefined);
    expect(second.other).toEqual(OTHER);
    expect(await second.read('api-key')).toMatchObject({ apiKey: 'key', baseUrl: OTHER.url });
  });

  it('are replaced by what the command line gives, and get no new version where it is the same', async () => {
    const { start } = data();
    await start(undefined);
    const { writes } = await start(OTHER);
    const count = writes.length;
    await start(OTHER);
    expect(writes).toHaveLength(count);
    expect(await (await start({ ...OTHER, apiKey: 'newer' })).read('api-key')).toMatchObject({ apiKey: 'newer' });
  });
});
