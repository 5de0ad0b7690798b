import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DynamoDbService } from '../../local/aws/dynamodb/service.ts';
import { AwsError } from '../../local/aws/wire.ts';
import type { JsonObject } from '../../local/json.ts';
import { ManualClock } from '../conformance/manual-clock.ts';
import { readWireRequest } from './aws/clients.ts';
import { Database } from './database/database.ts';
import { toAttributes } from './database/stored-value.ts';

const TABLE = 'payouts-dev-transactions';
const INDEX = { hash: 'customer_id', range: 'created_at', shows: new Set(['state']) };

let local: DynamoDbService;
beforeAll(async () => {
  local = new DynamoDbService({ clock: new ManualClock() });
  await local.createTable({
    table: {
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: ['id', 'customer_id', 'created_at'].map((name) => ({
        AttributeName: name,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'CustomerIndex',
          KeySchema: [
            { AttributeName: 'customer_id', KeyType: 'HASH' },
            { AttributeName: 'created_at', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state'] },
        },
      ],
    },
  });
});
afterAll(() => local.close());

function newDatabase(): Database {
  return new Database({
    shapes: [{ name: TABLE, hash: 'id', indexes: new Map([['CustomerIndex', INDEX]]) }],
    nowMs: () => 0,
    indexLagMs: () => 0,
    onWrite: () => undefined,
  });
}

type Told = { readonly refused: string } | { readonly answer: unknown };

/** What both say of one request, without what only one of them says (capacity, and the wording of a refusal). */
async function ask(database: Database, action: string, input: JsonObject): Promise<{ ours: Told; theirs: Told }> {
  const told = async (run: () => Promise<JsonObject> | JsonObject): Promise<Told> => {
    try {
      const { Item, Items, Attributes } = await run();
      return { answer: { Item, Items, Attributes } };
    } catch (error) {
      if (error instanceof AwsError) return { refused: error.code };
      throw error;
    }
  };
  const ours = await told(() => {
    const { Item, Items, Attributes } = database.call(action, readWireRequest(input));
    return {
      ...(Item && { Item: toAttributes(Item) }),
      ...(Items && { Items: Items.map(toAttributes) }),
      ...(Attributes && { Attributes: toAttributes(Attributes) }),
    };
  });
  return { ours, theirs: await told(() => local.call(action, { TableName: TABLE, ...input })) };
}

const id = fc.constantFrom('a', 'b');
const state = fc.constantFrom('Pending', 'Completed');
const count = fc.integer({ min: 0, max: 3 });
const item = fc.record(
  {
    id,
    customer_id: fc.constantFrom('one', 'two'),
    created_at: fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-03'),
    state,
    count,
    until: fc.constantFrom('1', '2'),
    seen: fc.array(fc.record({ at: fc.string({ maxLength: 3 }), isTrue: fc.boolean() }), { maxLength: 2 }),
  },
  { requiredKeys: ['id'] },
);

/** Every sort of expression that the machines, the adapters and Powertools write. */
const CONDITIONS = [
  ...['=', '<>', '<', '<=', '>', '>='].flatMap((sign) => [`#until ${sign} :until`, `#count ${sign} :count`]),
  'attribute_not_exists(id)',
  'attribute_exists(id) AND #state = :state',
  'attribute_exists(id) AND #count = :count AND (attribute_not_exists(#until) OR #until <= :until)',
  'attribute_not_exists(id) OR #count < :count OR (#state = :state AND attribute_exists(#until) AND #until < :until)',
  'NOT #state <> :state',
  '#count >= :count AND #until > :until',
  'begins_with(#state, :until) OR contains(#state, :until) OR size(#state) > :count',
  '#state IN (:state, :until)',
];
const UPDATES = [
  'SET #state = :state',
  'SET #state = :state, #count = :count REMOVE #until',
  'SET #count = #count + :count',
  'SET #count = if_not_exists(#count, :count) + :count',
  'ADD #count :count',
  'REMOVE #state, #until',
] as const;
const NAMES = ['state', 'count', 'until'] as const;

/** With those names and values that its expressions use: any other is refused. */
function request(input: JsonObject, texts: JsonObject, values: JsonObject): JsonObject {
  const text = Object.values(texts).join(' ');
  const names = NAMES.filter((name) => text.includes(`#${name}`));
  const used = Object.entries(values).filter(([name]) => text.includes(name));
  return {
    TableName: TABLE,
    ...input,
    ...texts,
    ...(names.length > 0 && { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])) }),
    ...(used.length > 0 && { ExpressionAttributeValues: Object.fromEntries(used) }),
  };
}

const values = fc.record({ ':state': state, ':count': count, ':until': fc.constantFrom('1', '2') }).map(toAttributes);
const condition = fc.constantFrom(undefined, ...CONDITIONS).map((text) => (text ? { ConditionExpression: text } : {}));
const key = id.map((value) => ({ Key: { id: { S: value } } }));
const returned = fc.constantFrom('ALL_OLD', 'ALL_NEW', 'NONE');

const requests = fc.oneof(
  fc
    .tuple(item, condition, values)
    .map(([given, texts, told]) => ['PutItem', request({ Item: toAttributes(given) }, texts, told)]),
  fc
    .tuple(key, condition, fc.constantFrom(...UPDATES), values, returned)
    .map(([where, texts, UpdateExpression, told, ReturnValues]) => [
      'UpdateItem',
      request({ ...where, ReturnValues }, { ...texts, UpdateExpression }, told),
    ]),
  fc.tuple(key, condition, values).map(([where, texts, told]) => ['DeleteItem', request(where, texts, told)]),
  fc
    .tuple(key, fc.constantFrom({}, { ProjectionExpression: 'id, #state' }))
    .map(([where, texts]) => ['GetItem', request({ ...where, ConsistentRead: true }, texts, {})]),
  fc.boolean().map((ScanIndexForward) => [
    'Query',
    {
      TableName: TABLE,
      IndexName: 'CustomerIndex',
      KeyConditionExpression: 'customer_id = :customer',
      ExpressionAttributeValues: { ':customer': { S: 'one' } },
      ScanIndexForward,
    },
  ]),
) as fc.Arbitrary<[string, JsonObject]>;

describe('the simulated database', () => {
  it('answers as the local DynamoDB does, whatever was asked before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { minLength: 1, maxLength: 12 }), async (asked) => {
        const database = newDatabase();
        for (const name of ['a', 'b']) await local.call('DeleteItem', { TableName: TABLE, Key: { id: { S: name } } });
        for (const [action, input] of asked) {
          const { ours, theirs } = await ask(database, action, input);
          expect(ours).toEqual(theirs);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses an expression that DynamoDB refuses', async () => {
    const faults = ['#state =', 'status = :state', 'attribute_exists(id) AND', '#state = :nothing'];
    for (const ConditionExpression of faults) {
      const input = request({ Item: { id: { S: 'a' } } }, { ConditionExpression }, { ':state': { S: 'x' } });
      const { ours, theirs } = await ask(newDatabase(), 'PutItem', input);
      expect([ours, theirs]).toEqual([{ refused: 'ValidationException' }, { refused: 'ValidationException' }]);
    }
  });
});
