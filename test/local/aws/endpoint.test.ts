import { KMSClient, ListAliasesCommand } from '@aws-sdk/client-kms';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Credentials } from '../../../local/aws/credentials.ts';
import { AwsError, type WireRequest, type WireService } from '../../../local/aws/wire.ts';
import type { JsonObject } from '../../../local/json.ts';
import { type Served, serve } from './serve.ts';

const seen: WireRequest[] = [];
let answer: () => Promise<JsonObject> = async () => ({});
const service: WireService = {
  signingNames: ['ssm', 'sns'],
  handle: (request) => {
    seen.push(request);
    return answer();
  },
};
let served: Served;
let ssm: SSMClient;

beforeAll(async () => {
  served = await serve([service]);
  ssm = new SSMClient(served.settings);
});
afterAll(() => served.close());

const get = new GetParameterCommand({ Name: 'n' });
const keysOf = ({ accessKeyId, secretAccessKey }: Credentials) => ({ accessKeyId, secretAccessKey });

test('a call reaches the service with its action, its input and who made it', async () => {
  const role = served.credentials.forRole('arn:aws:iam::000000000000:role/ReadPayoutsRole');
  const client = new SSMClient({ ...served.settings, credentials: keysOf(role) });
  await client.send(get);
  expect(seen.at(-1)).toMatchObject({ action: 'GetParameter', input: { Name: 'n' } });
  expect(seen.at(-1)?.principal.principalArn).toBe('arn:aws:sts::000000000000:assumed-role/ReadPayoutsRole/local');
});

test('an error of the service has its name and message at the client', async () => {
  answer = () => Promise.reject(new AwsError('ParameterNotFound', 'no "n" & <more>'));
  await expect(ssm.send(get)).rejects.toMatchObject({ name: 'ParameterNotFound', message: 'no "n" & <more>' });
});

test('a defect is an InternalFailure that tells nothing of itself to the client', async () => {
  const printed = vi.spyOn(console, 'error').mockReturnValue();
  answer = () => Promise.reject(new Error('account 123456789'));
  const error = await ssm.send(get).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
  expect(String(error)).not.toContain('123456789');
  expect(printed).toHaveBeenCalled();
  printed.mockRestore();
});

describe('without the right signature nothing reaches a service', () => {
  test.each([
    ['a wrong secret', { accessKeyId: 'local', secretAccessKey: 'guess' }, 'InvalidSignatureException'],
    ['an unknown key', { accessKeyId: 'AKIANOBODY', secretAccessKey: 'local' }, 'UnrecognizedClientException'],
  ])('%s', async (_name, credentials, name) => {
    const before = seen.length;
    const client = new SSMClient({ ...served.settings, credentials });
    await expect(client.send(get)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 403 } });
    expect(seen.length).toBe(before);
  });

  test('none at all, in either protocol', async () => {
    const post = async (type: string) => {
      const headers = { 'content-type': type, 'x-amz-target': 'AmazonSSM.GetParameter' };
      const response = await fetch(served.settings.endpoint, { method: 'POST', headers, body: '{}' });
      return [response.status, await response.text()];
    };
    expect(await post('application/x-amz-json-1.1')).toEqual([403, expect.stringContaining('MissingAuthentication')]);
    const xml = expect.stringContaining('<Code>MissingAuthenticationToken</Code>');
    expect(await post('application/x-www-form-urlencoded')).toEqual([403, xml]);
  });

  test('a wrong secret in the query protocol is named as there', async () => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'guess' };
    const client = new SNSClient({ ...served.settings, credentials });
    await expect(client.send(new ListTopicsCommand({}))).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
  });
});

test('a service that is not run is refused by name', async () => {
  const client = new KMSClient(served.settings);
  await expect(client.send(new ListAliasesCommand({}))).rejects.toThrow('the service kms is not run here');
});
