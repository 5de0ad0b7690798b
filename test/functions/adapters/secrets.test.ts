import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '../../../domain/errors.ts';
import { createApiKeySecret, createWebhookSecret } from '../../../functions/adapters/secrets.ts';
import { AwsError, type WireService } from '../../../local/aws/wire.ts';
import { type Served, serve } from '../../local/aws/serve.ts';

const SECRET = 'arn:aws:secretsmanager:ap-southeast-2:000000000000:secret:monoova/dev/api-key-AbCdEf';

let served: Served;
let client: SecretsManagerClient;
let content: string | AwsError | { SecretBinary: string } = '';
let reads = 0;

const secrets: WireService = {
  signingNames: ['secretsmanager'],
  async handle() {
    reads += 1;
    if (content instanceof AwsError) throw content;
    return typeof content === 'string' ? { SecretString: content } : content;
  },
};

beforeAll(async () => {
  served = await serve([secrets]);
  client = new SecretsManagerClient(served.settings);
});
beforeEach(() => {
  reads = 0;
});
afterAll(async () => {
  vi.useRealTimers();
  client.destroy();
  await served.close();
});

const provider = () => new SecretsProvider({ awsSdkV3Client: client });
const HOSTS = ['api.m-pay.com.au', 'loopback'];
const KEY = { apiKey: 'key-one', environment: 'sandbox', baseUrl: 'https://api.m-pay.com.au/' };

const apiKey = () =>
  createApiKeySecret({ provider: provider(), secretArn: SECRET, environment: 'sandbox', hosts: HOSTS });
const webhook = () =>
  createWebhookSecret({ provider: provider(), secretArn: SECRET, hosts: HOSTS, baseUrl: 'https://api.m-pay.com.au' });

describe('the API key', () => {
  it('is read once in five minutes, and afresh on demand', async () => {
    content = JSON.stringify(KEY);
    const read = apiKey();
    const expected = { ...KEY, baseUrl: 'https://api.m-pay.com.au' };
    expect(await read()).toEqual(expected);
    expect(await read()).toEqual(expected);
    expect(reads).toBe(1);
    content = JSON.stringify({ ...KEY, apiKey: 'key-two' });
    expect(await read({ isFresh: true })).toHaveProperty('apiKey', 'key-two');
    expect(await read()).toHaveProperty('apiKey', 'key-two');
    expect(reads).toBe(2);
  });

  it('is read again after five minutes', async () => {
    content = JSON.stringify(KEY);
    const read = apiKey();
    await read();
    const startedMs = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(startedMs + 301_000);
    await read();
    vi.restoreAllMocks();
    expect(reads).toBe(2);
  });

  it.each([
    [{ environment: 'production' }, /is for production, and this stage is for sandbox/],
    [{ baseUrl: 'https://api.mpay.com.au' }, /api\.mpay\.com\.au is not one of this stage's/],
    [{ baseUrl: 'http://api.m-pay.com.au' }, /scheme http: is not allowed/],
    [{ apiKey: '' }, /lacks or misspells: apiKey/],
    [{ apiKey: 'with:colon' }, /lacks or misspells: apiKey/],
    [{ apiKey: 'two\r\nlines' }, /lacks or misspells: apiKey/],
    [{ environment: 'live', baseUrl: undefined }, /lacks or misspells: environment, baseUrl/],
  ])('is refused where it is not for this stage: %j', async (fields, message) => {
    content = JSON.stringify({ ...KEY, ...fields });
    await expect(apiKey()()).rejects.toThrow(ConfigurationError);
    await expect(apiKey()()).rejects.toThrow(message);
  });

  it.each(['not json: key-one', '[]', '"key-one"'])(
    'is never quoted where it cannot be understood: %s',
    async (text) => {
      content = text;
      const error: unknown = await apiKey()().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(`${error}${JSON.stringify(error)}`).not.toContain('key-one');
      expect(error).not.toHaveProperty('cause');
    },
  );

  it('that cannot be had is a configuration error that keeps its cause', async () => {
    content = new AwsError('ResourceNotFoundException', 'no such secret');
    const error: unknown = await apiKey()().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toHaveProperty('cause');
    content = { SecretBinary: Buffer.from('x').toString('base64') };
    await expect(apiKey()()).rejects.toThrow('is not text');
  });
});

describe('the webhook secret', () => {
  it('holds one or two tokens, and the base URL of the stage unless it names its own', async () => {
    content = JSON.stringify({ tokens: ['one'] });
    expect(await webhook()()).toEqual({ tokens: ['one'], baseUrl: 'https://api.m-pay.com.au' });
    content = JSON.stringify({ tokens: ['one', 'two'], baseUrl: 'http://127.0.0.1:4010' });
    expect(await webhook()()).toEqual({ tokens: ['one', 'two'], baseUrl: 'http://127.0.0.1:4010' });
  });

  it.each([
    {},
    { tokens: [] },
    { tokens: ['a', 'b', 'c'] },
    { tokens: [''] },
    { tokens: ['a'], baseUrl: 'https://x.example' },
  ])('is refused as %j', async (secret) => {
    content = JSON.stringify(secret);
    await expect(webhook()()).rejects.toThrow(ConfigurationError);
  });
});
