import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSigningKeyMemory } from '../../../functions/adapters/signing-key-memory.ts';
import { startDynamoDb } from '../../support/dynamodb.ts';

const TABLE = 'idempotency';
const HERE = 'https://here.example';

let dynamo: Awaited<ReturnType<typeof startDynamoDb>>;
beforeAll(async () => {
  dynamo = await startDynamoDb({
    TableName: TABLE,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
});
afterAll(() => dynamo.stop());

const open = () => {
  const marshallOptions = { removeUndefinedValues: true };
  return createSigningKeyMemory(DynamoDBDocumentClient.from(dynamo.client, { marshallOptions }), TABLE);
};

it('recalls what was kept last of each Monoova, also in another environment', async () => {
  expect(await open().recall(HERE)).toBeUndefined();
  await open().keep(HERE, { current: 'aa', previous: undefined });
  await open().keep('https://there.example', { current: 'cc' });
  expect(await open().recall(HERE)).toEqual({ current: 'aa' });
  await open().keep(HERE, { current: 'bb', previous: { hex: 'aa', untilMs: 5 } });
  expect(await open().recall(HERE)).toEqual({ current: 'bb', previous: { hex: 'aa', untilMs: 5 } });
});

it('refuses what it has not kept itself', async () => {
  const Item = { id: `signing-keys ${HERE}`, current: 7 };
  await dynamo.documents.send(new PutCommand({ TableName: TABLE, Item }));
  await expect(open().recall(HERE)).rejects.toThrow('current');
});
