import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceTypes } from '../../../../local/aws/secrets-manager/resources.ts';
import { SecretsManagerService } from '../../../../local/aws/secrets-manager/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import type { JsonObject } from '../../../../local/json.ts';
import { type Served, serve } from '../serve.ts';

const secretsManager = new SecretsManagerService({ clock: new ShiftableClock() });
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
let served: Served;
let client: SecretsManagerClient;

beforeAll(async () => {
  served = await serve([secretsManager]);
  client = new SecretsManagerClient(served.settings);
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

function create(logicalId: string, properties: JsonObject): string {
  const type = 'AWS::SecretsManager::Secret';
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`no ${type}`);
  const identity = resourceType.identity(logicalId, properties, PLACE);
  void resourceType.create({ logicalId, type, properties, ...identity }, { secretsManager });
  return identity.ref;
}

async function stringOf(SecretId: string, VersionStage?: string): Promise<string | undefined> {
  const answer = await client.send(new GetSecretValueCommand({ SecretId, ...(VersionStage ? { VersionStage } : {}) }));
  return answer.SecretString;
}

describe('a secret of the template', () => {
  test('has its text, by name, by ARN and by ARN without its tail', async () => {
    const arn = create('ApiKey', { Name: 'monoova/dev/api-key', SecretString: '{"apiKey":"k"}', KmsKeyId: 'key-1' });
    const ids = ['monoova/dev/api-key', arn, arn.slice(0, -7)];
    expect(await Promise.all(ids.map((id) => stringOf(id)))).toEqual(Array(3).fill('{"apiKey":"k"}'));
  });

  test('is generated into its template, as asked for', async () => {
    const arn = create('Webhook', {
      GenerateSecretString: {
        SecretStringTemplate: '{"environment":"sandbox"}',
        GenerateStringKey: 'token',
        PasswordLength: 40,
        ExcludePunctuation: true,
        ExcludeCharacters: 'abcXYZ019',
      },
    });
    const { environment, token } = JSON.parse((await stringOf(arn)) ?? '');
    expect([environment, token]).toEqual(['sandbox', expect.stringMatching(/^[d-zA-W2-8]{40}$/)]);
  });

  test('is generated with one character of each kind even when short', async () => {
    for (let n = 0; n < 50; n++) {
      const value = await stringOf(create(`Short${n}`, { GenerateSecretString: { PasswordLength: 4 } }));
      expect(value).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^a-zA-Z\d]).{4}$/);
    }
  });

  test('without a value has no current version', async () => {
    const arn = create('Empty', {});
    await expect(stringOf(arn)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('AWSCURRENT'),
    });
  });

  test('whose generation asks for something unknown stops the start', () => {
    expect(() => create('Odd', { GenerateSecretString: { Colour: 'red' } })).toThrow(/Odd.*Colour/s);
  });
});

test('a new value becomes current and the one before it previous', async () => {
  const SecretId = create('Rotated', { SecretString: 'one' });
  for (const SecretString of ['two', 'three']) {
    await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  }
  expect([await stringOf(SecretId), await stringOf(SecretId, 'AWSPREVIOUS')]).toEqual(['three', 'two']);
  const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId }));
  expect(Object.values(VersionIdsToStages ?? {})).toEqual(expect.arrayContaining([['AWSCURRENT'], ['AWSPREVIOUS']]));
});

test('a value under a stage of its own leaves the current one alone', async () => {
  const SecretId = create('Staged', { SecretString: 'one' });
  const put = new PutSecretValueCommand({ SecretId, SecretString: 'next', VersionStages: ['AWSPENDING'] });
  const { VersionId } = await client.send(put);
  expect([await stringOf(SecretId), await stringOf(SecretId, 'AWSPENDING')]).toEqual(['one', 'next']);
  const byId = await client.send(new GetSecretValueCommand({ SecretId, VersionId }));
  expect([byId.SecretString, byId.VersionStages]).toEqual(['next', ['AWSPENDING']]);
});

test('the same token may repeat the same value and no other', async () => {
  const SecretId = create('Repeated', { SecretString: 'one' });
  const ClientRequestToken = 'a'.repeat(32);
  const put = (SecretString: string) =>
    client.send(new PutSecretValueCommand({ SecretId, SecretString, ClientRequestToken }));
  await put('two');
  await put('two');
  await expect(put('three')).rejects.toMatchObject({ name: 'ResourceExistsException' });
  expect(await stringOf(SecretId)).toBe('two');
});

test('a secret is made over the wire once, with bytes or text', async () => {
  const made = new CreateSecretCommand({ Name: 'by/hand', SecretBinary: Buffer.from([1, 2, 3]) });
  const { ARN } = await client.send(made);
  const { SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: ARN }));
  expect([...(SecretBinary ?? [])]).toEqual([1, 2, 3]);
  await expect(client.send(made)).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('secrets are listed a page at a time, without their values', async () => {
  const names: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListSecretsCommand({ MaxResults: 20, ...(NextToken ? { NextToken } : {}) }));
    names.push(...(page.SecretList ?? []).map((secret) => secret.Name));
    expect(JSON.stringify(page.SecretList)).not.toContain('SecretString');
    NextToken = page.NextToken;
  } while (NextToken);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain('monoova/dev/api-key');
});

test('a secret that is not there is ResourceNotFoundException', async () => {
  await expect(stringOf('nowhere')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
