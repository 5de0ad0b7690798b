import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { KeyMemory } from './monoova/signing-keys.ts';

const itemSchema = z.object({
  current: z.string(),
  previous: z.object({ hex: z.string(), untilMs: z.int() }).optional(),
});

/** One item for each Monoova, in the receiver's own table. It has no `expiration`, so that nothing ever deletes it. */
export function createSigningKeyMemory(client: DynamoDBDocumentClient, tableName: string): KeyMemory {
  const idOf = (baseUrl: string) => `signing-keys ${baseUrl}`;
  return {
    async recall(baseUrl) {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { id: idOf(baseUrl) } }));
      return Item ? itemSchema.parse(Item) : undefined;
    },
    async keep(baseUrl, keys) {
      await client.send(new PutCommand({ TableName: tableName, Item: { ...keys, id: idOf(baseUrl) } }));
    },
  };
}
