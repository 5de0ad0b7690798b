import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resourceTypes } from '../../../../local/aws/ssm/resources.ts';
import { SsmService } from '../../../../local/aws/ssm/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import type { JsonObject } from '../../../../local/json.ts';
import { type Served, serve } from '../serve.ts';

const ssm = new SsmService({ clock: new ShiftableClock() });
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
let served: Served;
let client: SSMClient;

async function create(logicalId: string, properties: JsonObject) {
  const type = 'AWS::SSM::Parameter';
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`no ${type}`);
  const identity = resourceType.identity(logicalId, properties, PLACE);
  await resourceType.create({ logicalId, type, properties, ...identity }, { ssm });
  return identity;
}

beforeAll(async () => {
  served = await serve([ssm]);
  client = new SSMClient(served.settings);
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

test('a parameter of the template is read by its name', async () => {
  const properties = { Name: '/payouts/dev/resources', Type: 'String', Value: '{"apiUrl":"u"}', Tags: { a: 'b' } };
  const identity = await create('Resources', properties);
  expect(identity).toEqual({ ref: '/payouts/dev/resources', attributes: { Type: 'String', Value: '{"apiUrl":"u"}' } });
  const { Parameter } = await client.send(new GetParameterCommand({ Name: '/payouts/dev/resources' }));
  expect(Parameter).toMatchObject({
    Value: '{"apiUrl":"u"}',
    Version: 1,
    ARN: 'arn:aws:ssm:ap-southeast-2:000000000000:parameter/payouts/dev/resources',
  });
});

test('a parameter is overwritten only when asked to be, and counts its versions', async () => {
  const put = (Value: string, Overwrite: boolean) =>
    client.send(new PutParameterCommand({ Name: '/a/b', Value, Overwrite, Type: 'String' }));
  await put('one', false);
  await expect(put('two', false)).rejects.toMatchObject({ name: 'ParameterAlreadyExists' });
  expect((await put('two', true)).Version).toBe(2);
  const { Parameter } = await client.send(new GetParameterCommand({ Name: '/a/b', WithDecryption: true }));
  expect(Parameter?.Value).toBe('two');
});

test('parameters are found by path, one level or all, a page at a time', async () => {
  for (const Name of ['/p/1', '/p/2', '/p/deep/3', '/pq/4']) await create(Name, { Name, Type: 'String', Value: 'v' });
  const names = async (input: { Recursive?: boolean; MaxResults?: number; NextToken?: string }) => {
    const page = await client.send(new GetParametersByPathCommand({ Path: '/p', ...input }));
    return { names: page.Parameters?.map((parameter) => parameter.Name), next: page.NextToken };
  };
  expect((await names({})).names).toEqual(['/p/1', '/p/2']);
  const first = await names({ Recursive: true, MaxResults: 2 });
  expect(first.names).toEqual(['/p/1', '/p/2']);
  expect((await names({ Recursive: true, MaxResults: 2, NextToken: first.next ?? '' })).names).toEqual(['/p/deep/3']);
});

test('a parameter that is not there is ParameterNotFound, and a secure one is refused', async () => {
  const get = client.send(new GetParameterCommand({ Name: '/nowhere' }));
  await expect(get).rejects.toMatchObject({ name: 'ParameterNotFound' });
  const secure = client.send(new PutParameterCommand({ Name: '/s', Value: 'v', Type: 'SecureString' }));
  await expect(secure).rejects.toMatchObject({ name: 'ValidationException' });
});
