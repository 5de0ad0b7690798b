import { beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbService } from '../../../../local/aws/dynamodb/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import type { JsonObject } from '../../../../local/json.ts';

const TableName = 'payouts';
const Key = { id: { S: 'one' } };
let service: DynamoDbService;

beforeEach(async () => {
  service = new DynamoDbService({ clock: new ShiftableClock() });
  await service.createTable({
    table: {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    },
  });
  await service.call('PutItem', { TableName, Item: { ...Key, revision: { N: '1' }, status: { S: 'Pending' } } });
});

/** Raises the revision where it is as given. */
function raise(fromRevision: string, toRevision: string, more: JsonObject = {}): Promise<JsonObject> {
  return service.call('UpdateItem', {
    TableName,
    Key,
    ConditionExpression: 'attribute_exists(id) AND (#revision = :from)',
    UpdateExpression: 'SET #revision = :to',
    ExpressionAttributeNames: { '#revision': 'revision' },
    ExpressionAttributeValues: { ':from': { N: fromRevision }, ':to': { N: toRevision } },
    ReturnValues: 'ALL_NEW',
    ...more,
  });
}

const revision = async () => ((await service.call('GetItem', { TableName, Key }))['Item'] as JsonObject)['revision'];

describe('an expression that was seen before', () => {
  it('is tried with the values of each call', async () => {
    await raise('1', '2');
    await raise('2', '3');

    await expect(raise('2', '9')).rejects.toMatchObject({ code: 'ConditionalCheckFailedException' });
    expect(await revision()).toEqual({ N: '3' });
  });

  it('is tried with the names of each call', async () => {
    await raise('1', '2');

    const renamed = await raise('2', '3', {
      ConditionExpression: 'attribute_exists(id) AND (#revision = :from)',
      ExpressionAttributeNames: { '#revision': 'status' },
    }).catch((error: unknown) => error);

    expect(renamed).toMatchObject({ code: 'ConditionalCheckFailedException' });
  });

  it('keeps values apart that were one and the same object the first time', async () => {
    const same = { N: '1' };
    await raise('1', '1', { ExpressionAttributeValues: { ':from': same, ':to': same } });

    await raise('1', '2');

    expect(await revision()).toEqual({ N: '2' });
  });

  it('is refused again for a value that it does not use', async () => {
    await raise('1', '2');
    const values = { ':from': { N: '2' }, ':to': { N: '3' }, ':unused': { S: '' } };

    for (const _ of [1, 2]) {
      await expect(raise('', '', { ExpressionAttributeValues: values })).rejects.toThrow(
        /unused in expressions.*:unused/,
      );
    }
  });

  it('is refused again for a value of a type that does not fit', async () => {
    const UpdateExpression = 'SET #revision = #revision + :to';
    const condition = { UpdateExpression, ConditionExpression: 'attribute_exists(id) AND (#revision <> :from)' };
    await raise('7', '2', condition);

    const text = { ':from': { N: '7' }, ':to': { S: 'two' } };
    await expect(raise('', '', { ...condition, ExpressionAttributeValues: text })).rejects.toThrow(/operand type: S/);
    expect(await revision()).toEqual({ N: '3' });
  });

  it('is refused for bounds that are the wrong way round, whatever they were before', async () => {
    const between = (low: string, high: string) =>
      service.call('Scan', {
        TableName,
        FilterExpression: 'revision BETWEEN :low AND :high',
        ExpressionAttributeValues: { ':low': { N: low }, ':high': { N: high } },
      });

    expect(await between('1', '2')).toMatchObject({ Count: 1 });
    await expect(between('2', '1')).rejects.toThrow(/upper bound to be greater/);
  });
});
