import { describe, expect, it } from 'vitest';
import { connectionOf } from '../../ops/connection.ts';

const REAL_KEYS = { AWS_ACCESS_KEY_ID: 'AKIAREAL', AWS_SECRET_ACCESS_KEY: 'real' };
const LOCAL = { region: 'ap-southeast-2', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

describe('connectionOf', () => {
  it('speaks to a local run by itself, whatever keys lie in the environment', () => {
    expect(connectionOf({}, REAL_KEYS)).toMatchObject({
      stage: 'dev',
      localEndpoint: 'http://127.0.0.1:3001',
      client: { endpoint: 'http://127.0.0.1:3001', ...LOCAL },
    });
  });

  it("leaves a named stage to the SDK's own chain", () => {
    const connection = connectionOf({ stage: 'prod' }, REAL_KEYS);
    expect(connection.stage).toBe('prod');
    expect(connection.localEndpoint).toBeUndefined();
    for (const name of ['endpoint', 'region', 'credentials']) expect(connection.client).not.toHaveProperty(name);
  });

  it.each(['http://127.0.0.1:4001', 'http://localhost:4001', 'http://[::1]:4001'])(
    'signs as the local root for %s, with a stage or without',
    (endpoint) => {
      for (const options of [{}, { stage: 'dev' }]) {
        const connection = connectionOf(options, { ...REAL_KEYS, AWS_ENDPOINT_URL: endpoint });
        expect(connection).toMatchObject({ localEndpoint: endpoint, client: { endpoint, ...LOCAL } });
      }
    },
  );

  it('signs as the second person of a local run where the environment names them', () => {
    const { client } = connectionOf({}, { AWS_ACCESS_KEY_ID: 'second', AWS_SECRET_ACCESS_KEY: 'second' });
    expect(client).toMatchObject({ credentials: { accessKeyId: 'second', secretAccessKey: 'second' } });
  });

  it('keeps real keys for an endpoint elsewhere', () => {
    const { client, localEndpoint } = connectionOf({}, { AWS_ENDPOINT_URL: 'https://vpce.example.com' });
    expect({ client, localEndpoint }).toMatchObject({
      client: { endpoint: 'https://vpce.example.com' },
      localEndpoint: undefined,
    });
    expect(client).not.toHaveProperty('credentials');
  });
});
