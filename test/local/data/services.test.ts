import { describe, expect, it } from 'vitest';
import { ROOT } from '../../../local/aws/credentials.ts';
import { DynamoDbService } from '../../../local/aws/dynamodb/service.ts';
import { KmsService } from '../../../local/aws/kms/service.ts';
import { SecretsManagerService } from '../../../local/aws/secrets-manager/service.ts';
import { SqsService } from '../../../local/aws/sqs/service.ts';
import { SsmService } from '../../../local/aws/ssm/service.ts';
import type { WireService } from '../../../local/aws/wire.ts';
import { ShiftableClock } from '../../../local/clock.ts';
import { keepOffset, OFFSET_KEY } from '../../../local/data/kept-offset.ts';
import type { JsonObject } from '../../../local/json.ts';
import { ManualClock } from '../api-gateway/manual-clock.ts';
import { MemoryMap } from './memory-map.ts';

const call = (service: WireService, action: string, input: JsonObject) =>
  service.handle({ action, input, principal: ROOT });

/** Each test makes its service twice over the same map: before a kill and after it. */
describe('a queue after a restart', () => {
  const settings = {
    visibilityTimeoutS: 30,
    retentionS: 3_600,
    delayS: 0,
    receiveWaitS: 0,
    messageBytesMax: 1_024,
  };
  const clock = new ManualClock();

  async function take(sqs: SqsService, QueueUrl: string): Promise<JsonObject[]> {
    const { Messages } = await call(sqs, 'ReceiveMessage', { QueueUrl, MessageSystemAttributeNames: ['All'] });
    return (Messages ?? []) as JsonObject[];
  }

  /** A service whose map is the one given, so that the next one can be made of it. */
  function over(kept: MemoryMap) {
    const sqs = new SqsService({ clock, kept });
    const arn = 'arn:aws:sqs:ap-southeast-2:000000000000:dead';
    sqs.createQueue({ name: 'dead', arn, url: 'dead', settings });
    const redrive = { deadLetterTargetArn: arn, maxReceiveCount: 2 };
    sqs.createQueue({ name: 'work', arn: `${arn}2`, url: 'work', settings: { ...settings, redrive } });
    return sqs;
  }

  it('has its messages, as often received and as long invisible as before', async () => {
    const kept = new MemoryMap();
    const before = over(kept);
    await call(before, 'SendMessage', { QueueUrl: 'work', MessageBody: 'taken' });
    const [taken] = await take(before, 'work');
    await call(before, 'SendMessage', { QueueUrl: 'work', MessageBody: 'waiting' });

    const after = over(kept);
    expect((await take(after, 'work')).map(({ Body }) => Body)).toEqual(['waiting']);
    clock.advance(30_000);
    const [again] = await take(after, 'work');
    expect(again).toMatchObject({ Body: 'taken', Attributes: { ApproximateReceiveCount: '2' } });
    // An older receipt no longer deletes it, here as before.
    await call(after, 'DeleteMessage', { QueueUrl: 'work', ReceiptHandle: taken?.['ReceiptHandle'] ?? '' });
    clock.advance(30_000);
    expect((await take(over(kept), 'work')).map(({ Body }) => Body)).toEqual(['waiting']);
    expect((await take(over(kept), 'dead')).map(({ Body }) => Body)).toEqual(['taken']);
  });

  it('does not have what was deleted, purged or moved', async () => {
    const kept = new MemoryMap();
    const before = over(kept);
    await call(before, 'SendMessage', { QueueUrl: 'work', MessageBody: 'done' });
    const [done] = await take(before, 'work');
    await call(before, 'DeleteMessage', { QueueUrl: 'work', ReceiptHandle: done?.['ReceiptHandle'] ?? '' });
    await call(before, 'SendMessage', { QueueUrl: 'dead', MessageBody: 'looked at' });
    await call(before, 'PurgeQueue', { QueueUrl: 'dead' });
    expect([...kept.entries()]).toEqual([]);
  });

  it('deletes by a receipt that was given before', async () => {
    const kept = new MemoryMap();
    const before = over(kept);
    await call(before, 'SendMessage', { QueueUrl: 'work', MessageBody: 'x' });
    const [taken] = await take(before, 'work');
    await call(over(kept), 'DeleteMessage', { QueueUrl: 'work', ReceiptHandle: taken?.['ReceiptHandle'] ?? '' });
    expect([...kept.entries()]).toEqual([]);
  });
});

describe('keys after a restart', () => {
  it('open what they sealed, and stay disabled', async () => {
    const kept = new MemoryMap();
    const keyId = 'c26ec4be-89de-87c0-a7bc-e17ae22117fb';
    const make = () => {
      const kms = new KmsService({ clock: new ManualClock(), kept });
      kms.createKey({ keyId, description: '', isEnabled: true });
      return kms;
    };
    const Plaintext = Buffer.from('secret').toString('base64');
    const before = make();
    const { CiphertextBlob = '' } = await call(before, 'Encrypt', { KeyId: keyId, Plaintext });
    expect(await call(make(), 'Decrypt', { CiphertextBlob })).toMatchObject({ Plaintext });
    await call(before, 'DisableKey', { KeyId: keyId });
    await expect(call(make(), 'Decrypt', { CiphertextBlob })).rejects.toMatchObject({ code: 'DisabledException' });
  });
});

describe('secrets after a restart', () => {
  it('have their versions, whatever the template generates', async () => {
    const kept = new MemoryMap();
    const make = (text: string) => {
      const secrets = new SecretsManagerService({ clock: new ManualClock(), kept });
      secrets.createSecret({ arn: 'arn:x', name: 'key', description: '', content: { text } });
      return secrets;
    };
    await call(make('generated'), 'PutSecretValue', { SecretId: 'key', SecretString: 'given' });
    const after = make('generated anew');
    expect(await call(after, 'GetSecretValue', { SecretId: 'key' })).toMatchObject({ SecretString: 'given' });
    const VersionStage = 'AWSPREVIOUS';
    expect(await call(after, 'GetSecretValue', { SecretId: 'key', VersionStage })).toMatchObject({
      SecretString: 'generated',
    });
    await expect(call(after, 'CreateSecret', { Name: 'key' })).rejects.toMatchObject({
      code: 'ResourceExistsException',
    });
  });
});

describe('parameters after a restart', () => {
  it('have their values and versions', async () => {
    const kept = new MemoryMap();
    const make = () => new SsmService({ clock: new ManualClock(), kept });
    for (const Value of ['1', '2']) {
      await call(make(), 'PutParameter', { Name: '/a', Value, Type: 'String', Overwrite: true });
    }
    expect(await call(make(), 'GetParameter', { Name: '/a' })).toMatchObject({ Parameter: { Value: '2', Version: 2 } });
  });
});

describe('a table after a restart', () => {
  const table = {
    TableName: 'payouts',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'customer', AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'ByCustomer',
        KeySchema: [{ AttributeName: 'customer', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  };
  const Key = (id: string) => ({ id: { S: id } });

  async function make(kept: MemoryMap, clock = new ManualClock()) {
    const dynamodb = new DynamoDbService({ clock, kept });
    await dynamodb.createTable({ table, timeToLiveAttribute: 'expires' });
    return dynamodb;
  }

  it('has its items as they were written last, in its indexes too', async () => {
    const kept = new MemoryMap();
    const before = await make(kept);
    const TableName = 'payouts';
    await before.call('PutItem', { TableName, Item: { ...Key('a'), customer: { S: 'x' }, count: { N: '1' } } });
    await before.call('UpdateItem', {
      TableName,
      Key: Key('a'),
      UpdateExpression: 'SET customer = :y ADD #count :one',
      ExpressionAttributeNames: { '#count': 'count' },
      ExpressionAttributeValues: { ':y': { S: 'y' }, ':one': { N: '1' } },
    });
    const put = (id: string) => ({ PutRequest: { Item: Key(id) } });
    await before.call('BatchWriteItem', { RequestItems: { payouts: [put('b'), put('c')] } });
    await before.call('DeleteItem', { TableName, Key: Key('b') });
    const refused = { TableName, Item: Key('c'), ConditionExpression: 'attribute_not_exists(id)' };
    await expect(before.call('PutItem', refused)).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });

    const after = await make(new MemoryMap(kept.writes));
    const { Items } = await after.call('Scan', { TableName });
    expect((Items as JsonObject[]).length).toBe(2);
    const query = { TableName, IndexName: 'ByCustomer', KeyConditionExpression: 'customer = :c' };
    const byCustomer = (name: string) =>
      after.call('Query', { ...query, ExpressionAttributeValues: { ':c': { S: name } } });
    expect(await byCustomer('x')).toMatchObject({ Count: 0 });
    expect(await byCustomer('y')).toMatchObject({ Items: [{ ...Key('a'), count: { N: '2' } }] });
  });

  it('loses what has expired meanwhile, for good', async () => {
    const kept = new MemoryMap();
    const clock = new ManualClock();
    const before = await make(kept, clock);
    const expires = { N: String(Math.floor(clock.nowMs() / 1000) + 100) };
    await before.call('PutItem', { TableName: 'payouts', Item: { ...Key('a'), expires } });
    clock.advance(200_000);
    const again = new MemoryMap(kept.writes);
    const after = await make(again, clock);
    clock.advance(61_000);
    await after.settled();
    expect([...again.entries()]).toEqual([]);
  });

  it('refuses a write that cannot be kept, and stays as it was', async () => {
    const kept = new MemoryMap([], () => {
      throw new Error('no space left on the device');
    });
    const dynamodb = await make(kept);
    await expect(dynamodb.call('PutItem', { TableName: 'payouts', Item: Key('a') })).rejects.toThrow('no space left');
    expect(await dynamodb.call('GetItem', { TableName: 'payouts', Key: Key('a') })).toEqual({});
  });
});

describe('a clock after a restart', () => {
  it('stands no earlier than it stood, and is kept as it moves', async () => {
    const kept = new MemoryMap([JSON.stringify([[OFFSET_KEY, 60_000]])]);
    const clock = new ShiftableClock();
    keepOffset(kept, clock);
    expect(clock.offset.ms()).toBe(60_000);
    await clock.advance(5_000);
    // The five seconds are made of the offset and of the real time that the call took.
    expect(Number(new Map(kept.entries()).get(OFFSET_KEY))).toBeGreaterThan(61_000);
    clock.stop();
  });
});
