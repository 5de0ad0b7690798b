import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { StsService } from '../../../../local/aws/sts/service.ts';
import { type Served, serve } from '../serve.ts';

let served: Served;
beforeAll(async () => {
  served = await serve([new StsService()]);
});
afterAll(() => served.close());

async function whoIs(accessKeyId: string, secretAccessKey: string) {
  const client = new STSClient({ ...served.settings, credentials: { accessKeyId, secretAccessKey } });
  const { Arn, Account, UserId } = await client.send(new GetCallerIdentityCommand({}));
  client.destroy();
  return { Arn, Account, UserId };
}

test('the root of the account is told so', async () => {
  const root = { Arn: 'arn:aws:iam::000000000000:root', Account: '000000000000', UserId: '000000000000' };
  expect(await whoIs('local', 'local')).toEqual(root);
});

test('the second person is a user of their own', async () => {
  expect(await whoIs('second', 'second')).toEqual({
    Arn: 'arn:aws:iam::000000000000:user/second',
    Account: '000000000000',
    UserId: expect.stringMatching(/^AIDA[0-9A-F]{17}$/),
  });
});

test('a role is told by its session', async () => {
  const { accessKeyId, secretAccessKey } = served.credentials.forRole('arn:aws:iam::000000000000:role/x/SubmitRole');
  const { Arn, UserId } = await whoIs(accessKeyId, secretAccessKey);
  expect(Arn).toBe('arn:aws:sts::000000000000:assumed-role/SubmitRole/local');
  expect(UserId).toMatch(/^AROA[0-9A-F]{17}:local$/);
});

test('nobody is told to whom the secret does not belong', async () => {
  await expect(whoIs('second', 'local')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' });
});

test('roles are not handed out', async () => {
  const client = new STSClient(served.settings);
  const assume = new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::000000000000:role/x', RoleSessionName: 's' });
  await expect(client.send(assume)).rejects.toThrow('sts:AssumeRole is not run');
});
