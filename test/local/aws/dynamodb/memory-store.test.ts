import db from 'dynalite/db/index.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_ID, REGION } from '../../../../local/aws/account.ts';
import { DynaliteStore } from '../../../../local/aws/dynamodb/store.ts';
import { AwsError } from '../../../../local/aws/wire.ts';
import type { JsonObject, JsonValue } from '../../../../local/json.ts';

const TableName = 'things';
const RUNS = 100;

const TABLE = {
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [
    { AttributeName: 'id', KeyType: 'HASH' },
    { AttributeName: 'place', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' },
    { AttributeName: 'place', AttributeType: 'N' },
    { AttributeName: 'colour', AttributeType: 'S' },
    { AttributeName: 'weight', AttributeType: 'B' },
  ],
  LocalSecondaryIndexes: [
    {
      IndexName: 'ByColour',
      KeySchema: [
        { AttributeName: 'id', KeyType: 'HASH' },
        { AttributeName: 'colour', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'ByWeight',
      KeySchema: [
        { AttributeName: 'colour', KeyType: 'HASH' },
        { AttributeName: 'weight', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['note'] },
    },
  ],
};

/** dynalite over the database that it comes with. */
function dynaliteAsItIs(): DynaliteStore {
  const store = db.create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  Object.assign(store.tableDb, { awsAccountId: ACCOUNT_ID, awsRegion: REGION });
  return new DynaliteStore(store);
}

type Call = readonly [action: string, input: JsonObject];

/** Few, so that calls meet on the same items; in every form that a key is sorted by. */
const id = fc.constantFrom('a', 'b', 'ä', '~').map((S) => ({ S }));
const place = fc.constantFrom('-12.5', '-1', '0', '0.002', '7', '70', '1e30').map((N) => ({ N }));
const colour = fc.constantFrom('red', 're', 'green', 'grün', '').map((S) => ({ S }));
const weight = fc.constantFrom('AA==', 'AQI=', '/w==').map((B) => ({ B }));
const key = fc.record({ id, place });
const note = fc.constantFrom<JsonValue>(
  { S: 'a note' },
  { N: '5' },
  { BOOL: false },
  { NULL: true },
  { SS: ['x', 'y'] },
  { L: [{ N: '1' }, { M: { deep: { L: [] } } }] },
  { M: { count: { N: '1' }, list: { L: [{ S: 'first' }] } } },
);
const item = fc
  .record({ id, place, colour, weight, note, rest: note }, { requiredKeys: ['id', 'place'] })
  .map((value) => value as JsonObject);

const condition = fc.constantFrom<JsonObject>(
  {},
  { ConditionExpression: 'attribute_exists(id)' },
  { ConditionExpression: 'attribute_not_exists(id)' },
  {
    ConditionExpression: 'attribute_exists(note) AND NOT (note = :five) OR begins_with(colour, :re)',
    ExpressionAttributeValues: { ':five': { N: '5' }, ':re': { S: 're' } },
  },
  { ConditionExpression: 'size(note.#list) > :none', ExpressionAttributeValues: { ':none': { N: '0' } } },
);
const update = fc.constantFrom<JsonObject>(
  { UpdateExpression: 'SET note = :map', ExpressionAttributeValues: { ':map': { M: { count: { N: '3' } } } } },
  { UpdateExpression: 'SET note.#count = note.#count + :one', ExpressionAttributeValues: { ':one': { N: '1' } } },
  { UpdateExpression: 'SET colour = :red REMOVE weight', ExpressionAttributeValues: { ':red': { S: 'red' } } },
  { UpdateExpression: 'SET colour = :one', ExpressionAttributeValues: { ':one': { N: '1' } } },
  {
    UpdateExpression: 'ADD tally :one, tags :set',
    ExpressionAttributeValues: { ':one': { N: '1' }, ':set': { SS: ['t'] } },
  },
  { UpdateExpression: 'REMOVE note.#list[0], colour' },
  { UpdateExpression: 'SET weight = :light', ExpressionAttributeValues: { ':light': { B: 'AQ==' } } },
  {
    UpdateExpression: 'SET note.#list = list_append(if_not_exists(note.#list, :none), :more)',
    ExpressionAttributeValues: { ':none': { L: [] }, ':more': { L: [{ S: 'more' }] } },
  },
);

/** dynalite refuses a name or a value that no expression uses. */
function withNames(input: JsonObject): JsonObject {
  const text = JSON.stringify([input['ConditionExpression'], input['UpdateExpression']]);
  const names = ['#list', '#count'].filter((name) => text.includes(name));
  if (names.length === 0) return input;
  return { ...input, ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])) };
}

function merged(...inputs: readonly JsonObject[]): JsonObject {
  const values = inputs.map((input) => input['ExpressionAttributeValues'] as JsonObject | undefined);
  const all = Object.assign({}, ...values);
  const input = Object.assign({}, ...inputs);
  return withNames(Object.keys(all).length === 0 ? input : { ...input, ExpressionAttributeValues: all });
}

const returnOld = fc.constantFrom('NONE', 'ALL_OLD');
const returnAny = fc.constantFrom('NONE', 'ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW');
const capacity = fc.constantFrom<JsonObject>({}, { ReturnConsumedCapacity: 'INDEXES' });

const put = fc
  .tuple(item, condition, returnOld, capacity)
  .map(
    ([Item, where, ReturnValues, more]): Call => ['PutItem', merged({ TableName, Item, ReturnValues }, where, more)],
  );
const updateOne = fc
  .tuple(key, update, condition, returnAny)
  .map(
    ([Key, change, where, ReturnValues]): Call => [
      'UpdateItem',
      merged({ TableName, Key, ReturnValues }, change, where),
    ],
  );
const remove = fc
  .tuple(key, condition, returnOld)
  .map(([Key, where, ReturnValues]): Call => ['DeleteItem', merged({ TableName, Key, ReturnValues }, where)]);
const get = fc.tuple(key, capacity).map(([Key, more]): Call => ['GetItem', { TableName, Key, ...more }]);
const getPart = key.map(
  (Key): Call => ['GetItem', { TableName, Key, ProjectionExpression: 'note.deep, rest[1], colour' }],
);
const paging = fc
  .record({ Limit: fc.integer({ min: 1, max: 5 }), ScanIndexForward: fc.boolean() }, { requiredKeys: [] })
  .map((value) => value as JsonObject);
const start = fc.option(
  key.map((ExclusiveStartKey): JsonObject => ({ ExclusiveStartKey })),
  { nil: {} },
);
const query = fc.tuple(id, place, fc.constantFrom('=', '<', '<=', '>', '>='), paging, start).map(
  ([hash, range, operator, page, from]): Call => [
    'Query',
    {
      TableName,
      KeyConditionExpression: `id = :id AND place ${operator} :place`,
      ExpressionAttributeValues: { ':id': hash, ':place': range },
      ...page,
      ...from,
    },
  ],
);
const queryLocal = fc.tuple(id, paging).map(
  ([hash, page]): Call => [
    'Query',
    {
      TableName,
      IndexName: 'ByColour',
      KeyConditionExpression: 'id = :id AND begins_with(colour, :re)',
      ExpressionAttributeValues: { ':id': hash, ':re': { S: 're' } },
      ReturnConsumedCapacity: 'INDEXES',
      ...page,
    },
  ],
);
const queryGlobal = fc.tuple(colour, weight, weight, paging).map(
  ([hash, low, high, page]): Call => [
    'Query',
    {
      TableName,
      IndexName: 'ByWeight',
      KeyConditionExpression: 'colour = :colour AND weight BETWEEN :low AND :high',
      ExpressionAttributeValues: { ':colour': hash, ':low': low, ':high': high },
      ...page,
    },
  ],
);
const scan = fc
  .tuple(
    paging,
    start,
    fc.constantFrom<JsonObject>({}, { IndexName: 'ByWeight' }, { FilterExpression: 'attribute_exists(note)' }),
  )
  .map(([{ Limit }, from, more]): Call => ['Scan', { TableName, ...(Limit ? { Limit } : {}), ...from, ...more }]);
const batchWrite = fc
  .uniqueArray(item, { maxLength: 4, minLength: 1, selector: (one) => JSON.stringify([one['id'], one['place']]) })
  .map((items): Call => {
    const requests = items.map((Item, index) =>
      index % 2 === 0
        ? { PutRequest: { Item } }
        : { DeleteRequest: { Key: { id: Item['id'] ?? null, place: Item['place'] ?? null } } },
    );
    return ['BatchWriteItem', { RequestItems: { [TableName]: requests } }];
  });
const batchGet = fc
  .array(key, { minLength: 1, maxLength: 4 })
  .map((Keys): Call => ['BatchGetItem', { RequestItems: { [TableName]: { Keys } } }]);
const tag = fc.constantFrom<Call>(
  [
    'TagResource',
    {
      ResourceArn: arn(),
      Tags: [
        { Key: 'team', Value: 'payouts' },
        { Key: 'cost', Value: '' },
      ],
    },
  ],
  ['UntagResource', { ResourceArn: arn(), TagKeys: ['team'] }],
  ['ListTagsOfResource', { ResourceArn: arn() }],
  ['ListTables', {}],
  ['DescribeTable', { TableName: 'nothing' }],
  ['GetItem', { TableName: 'nothing', Key: { id: { S: 'a' } } }],
  ['CreateTable', TABLE],
);

function arn(): string {
  return `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/${TableName}`;
}

const call = fc.oneof(
  { weight: 4, arbitrary: put },
  { weight: 4, arbitrary: updateOne },
  { weight: 2, arbitrary: remove },
  { weight: 1, arbitrary: get },
  { weight: 1, arbitrary: getPart },
  { weight: 2, arbitrary: query },
  { weight: 2, arbitrary: queryLocal },
  { weight: 2, arbitrary: queryGlobal },
  { weight: 2, arbitrary: scan },
  { weight: 1, arbitrary: batchWrite },
  { weight: 1, arbitrary: batchGet },
  { weight: 1, arbitrary: tag },
);

/** What a caller sees, as text. The order of a batch is random on purpose. */
async function answer(store: DynaliteStore, [action, input]: Call): Promise<string> {
  try {
    const output = await store.run(action, structuredClone(input));
    if (action !== 'BatchGetItem') return JSON.stringify(output);
    const { [TableName]: items = [] } = output['Responses'] as Record<string, JsonValue[]>;
    return JSON.stringify(items.map((one) => JSON.stringify(one)).sort());
  } catch (error) {
    return error instanceof AwsError ? `${error.code}: ${error.message}` : `not refused: ${String(error)}`;
  }
}

async function madeTable(store: DynaliteStore): Promise<DynaliteStore> {
  await store.run('CreateTable', TABLE);
  const isActive = async () => {
    const { Table } = await store.run('DescribeTable', { TableName });
    return (Table as JsonObject)['TableStatus'] === 'ACTIVE';
  };
  await expect.poll(isActive, { interval: 1 }).toBe(true);
  return store;
}

describe('the store in memory', () => {
  it('answers every call as the database that dynalite comes with', async () => {
    const answered = new Set<string>();

    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 60, size: 'max' }), async (calls) => {
        const ours = await madeTable(new DynaliteStore());
        const theirs = await madeTable(dynaliteAsItIs());
        for (const one of calls) {
          const expected = await answer(theirs, one);
          expect([one, await answer(ours, one)]).toEqual([one, expected]);
          if (expected.startsWith('{') || expected.startsWith('[')) answered.add(one[0]);
        }
        await Promise.all([ours.close(), theirs.close()]);
      }),
      { numRuns: RUNS },
    );

    // Equal refusals alone would show little.
    expect([...answered].sort()).toEqual([
      'BatchGetItem',
      'BatchWriteItem',
      'DeleteItem',
      'GetItem',
      'ListTables',
      'ListTagsOfResource',
      'PutItem',
      'Query',
      'Scan',
      'UpdateItem',
    ]);
  }, 120_000);

  it('keeps what it was given, whatever becomes of the input and of the answer', async () => {
    const store = await madeTable(new DynaliteStore());
    const Key = { id: { S: 'a' }, place: { N: '1' } };
    const input = { TableName, Item: { ...Key, note: { L: [{ S: 'first' }] } } };

    await store.run('PutItem', input);
    input.Item.note.L.push({ S: 'second' });
    const { Item } = (await store.run('GetItem', { TableName, Key })) as { Item: { note: { L: unknown[] } } };
    Item.note.L.push({ S: 'third' });

    expect(await store.run('GetItem', { TableName, Key })).toMatchObject({ Item: { note: { L: [{ S: 'first' }] } } });
  });
});
