import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceTypes } from '../../../../local/aws/dynamodb/resources.ts';
import { DynamoDbService } from '../../../../local/aws/dynamodb/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import type { JsonObject } from '../../../../local/json.ts';
import { type Served, serve } from '../serve.ts';

const clock = new ShiftableClock();
const dynamodb = new DynamoDbService({ clock });
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
let served: Served;
let client: DynamoDBClient;

async function create(type: string, logicalId: string, properties: JsonObject): Promise<void> {
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`no ${type}`);
  const identity = resourceType.identity(logicalId, properties, PLACE);
  await resourceType.create({ logicalId, type, properties, ...identity }, { dynamodb });
}

beforeAll(async () => {
  await create('AWS::DynamoDB::Table', 'Transactions', {
    TableName: 'transactions',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'transaction_id', KeyType: 'HASH' }],
    AttributeDefinitions: [
      { AttributeName: 'transaction_id', AttributeType: 'S' },
      { AttributeName: 'customer_id', AttributeType: 'S' },
      { AttributeName: 'created_at', AttributeType: 'S' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'CustomerIndex',
        KeySchema: [
          { AttributeName: 'customer_id', KeyType: 'HASH' },
          { AttributeName: 'created_at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['status'] },
      },
    ],
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
  });
  await create('AWS::DynamoDB::GlobalTable', 'Idempotency', {
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
    Replicas: [{ Region: 'ap-southeast-2' }],
  });
  served = await serve([dynamodb], clock);
  client = new DynamoDBClient(served.settings);
});

afterAll(async () => {
  client.destroy();
  await served.close();
  await dynamodb.close();
});

function put(id: string, extra: Record<string, { S: string }> = {}) {
  return new PutItemCommand({
    TableName: 'transactions',
    Item: { transaction_id: { S: id }, ...extra },
    ConditionExpression: 'attribute_not_exists(transaction_id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
}

test('a table of the template is active, with its indexes', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'transactions' }));
  expect(Table?.TableStatus).toBe('ACTIVE');
  expect(Table?.GlobalSecondaryIndexes?.[0]?.IndexStatus).toBe('ACTIVE');
  expect(Table?.TableArn).toBe('arn:aws:dynamodb:ap-southeast-2:000000000000:table/transactions');
});

test('a failed condition is named and shows the item that stood in the way', async () => {
  await client.send(put('t-1', { status: { S: 'Pending' } }));
  await expect(client.send(put('t-1'))).rejects.toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { transaction_id: { S: 't-1' }, status: { S: 'Pending' } },
  });
});

test('an update with a failed condition shows the item, and shows none where none exists', async () => {
  await client.send(put('t-2', { status: { S: 'Pending' } }));
  const update = (id: string) =>
    new UpdateItemCommand({
      TableName: 'transactions',
      Key: { transaction_id: { S: id } },
      UpdateExpression: 'SET #s = :f',
      ConditionExpression: '#s = :c',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':f': { S: 'Failed' }, ':c': { S: 'Completed' } },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  await expect(client.send(update('t-2'))).rejects.toMatchObject({ Item: { status: { S: 'Pending' } } });
  const absent = await client.send(update('t-none')).catch((error: unknown) => error);
  expect(absent).toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect((absent as { Item?: unknown }).Item).toBeUndefined();
});

test('an index is queried newest first, with a cursor', async () => {
  for (const day of ['1', '2', '3']) {
    await client.send(put(`q-${day}`, { customer_id: { S: 'c-q' }, created_at: { S: `2026-01-0${day}` } }));
  }
  const query = {
    TableName: 'transactions',
    IndexName: 'CustomerIndex',
    KeyConditionExpression: 'customer_id = :c',
    ExpressionAttributeValues: { ':c': { S: 'c-q' } },
    ScanIndexForward: false,
  };
  const first = await client.send(new QueryCommand({ ...query, Limit: 2 }));
  expect(first.Items?.map((item) => item['transaction_id']?.S)).toEqual(['q-3', 'q-2']);
  const second = await client.send(new QueryCommand({ ...query, ExclusiveStartKey: first.LastEvaluatedKey }));
  expect(second.Items?.map((item) => item['transaction_id']?.S)).toEqual(['q-1']);
});

test('transactions are refused by name', async () => {
  const transaction = new TransactWriteItemsCommand({ TransactItems: [] });
  await expect(client.send(transaction)).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: expect.stringContaining('TransactWriteItems'),
  });
});

test('a table that is not there is ResourceNotFoundException', async () => {
  const get = new GetItemCommand({ TableName: 'nowhere', Key: { id: { S: '1' } } });
  await expect(client.send(get)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

describe('in process', () => {
  test('a call needs no socket, takes a table by its ARN and leaves its input as it was', async () => {
    const TableName = 'arn:aws:dynamodb:ap-southeast-2:000000000000:table/transactions';
    const input = { TableName, Item: { transaction_id: { S: 'p-1' } }, Unknown: 1 };
    const before = structuredClone(input);
    await dynamodb.call('PutItem', input);
    expect(input).toEqual(before);
    const found = await dynamodb.call('GetItem', { TableName, Key: { transaction_id: { S: 'p-1' } } });
    expect(found['Item']).toEqual({ transaction_id: { S: 'p-1' } });
  });

  test('an error has the code and the status of AWS', async () => {
    const call = dynamodb.call('GetItem', { TableName: 'transactions', Key: { wrong: { S: '1' } } });
    await expect(call).rejects.toMatchObject({ name: 'AwsError', code: 'ValidationException', statusCode: 400 });
  });
});

describe('time to live', () => {
  const table = 'Idempotency';
  const write = (id: string, expiration: JsonObject) =>
    dynamodb.call('PutItem', { TableName: table, Item: { id: { S: id }, expiration } });
  const has = async (id: string) =>
    (await dynamodb.call('GetItem', { TableName: table, Key: { id: { S: id } } }))['Item'] !== undefined;
  const inSeconds = (seconds: number) => ({ N: String(Math.floor(clock.nowMs() / 1000) + seconds) });

  test('is described as enabled', async () => {
    const described = await client.send(new DescribeTimeToLiveCommand({ TableName: table }));
    expect(described.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiration' });
  });

  test('deletes what expired within two minutes of it, and nothing else', async () => {
    await write('soon', inSeconds(3600));
    await write('later', inSeconds(7200));
    await write('text', { S: '1' });
    await write('ancient', { N: '1' });
    await clock.advance(3_500_000);
    await dynamodb.settled();
    expect(await has('soon')).toBe(true);
    await clock.advance(220_000);
    await dynamodb.settled();
    expect(await Promise.all(['soon', 'later', 'text', 'ancient'].map(has))).toEqual([false, true, true, true]);
    await clock.advance(3_700_000);
    await dynamodb.settled();
    expect(await has('later')).toBe(false);
  });
});

test('Powertools idempotency runs once, replays the result and refuses a second run in progress', async () => {
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName: 'Idempotency', awsSdkV3Client: client });
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'id', throwOnNoIdempotencyKey: true });
  config.registerLambdaContext({ getRemainingTimeInMillis: () => 15_000 } as Context);
  let runs = 0;
  let finish: (() => void) | undefined;
  const work = makeIdempotent(
    async (_event: { id: string }) => {
      runs += 1;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { runs };
    },
    { persistenceStore, config },
  );
  const first = work({ id: 'event-1' });
  await expect.poll(() => finish).toBeDefined();
  await expect(work({ id: 'event-1' })).rejects.toThrow('in progress');
  finish?.();
  expect(await first).toEqual({ runs: 1 });
  expect(await work({ id: 'event-1' })).toEqual({ runs: 1 });
});
