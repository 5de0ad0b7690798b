import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PayoutConflictError } from '../../domain/errors.ts';
import type { KeylessMemos, NowMs } from '../shared/ports.ts';

const memoSchema = z.object({ reference: z.string(), expires_at: z.int() });

/** A memo can expire between a refused write and the read; it cannot keep doing so. */
const TRIES_MAX = 3;

/**
 * One item for each fingerprint remembers the reference of its first request. DynamoDB's TTL only tidies up: whether a memo
 * counts is decided by its own `expires_at` (epoch seconds), since TTL deletes days late.
 */
export function createKeylessMemos(
  client: DynamoDBDocumentClient,
  { tableName, windowSeconds, nowMs }: { tableName: string; windowSeconds: number; nowMs: NowMs },
): KeylessMemos {
  async function write(id: string, reference: string, nowSeconds: number): Promise<boolean> {
    try {
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: { id, reference, expires_at: nowSeconds + windowSeconds },
          ConditionExpression: 'attribute_not_exists(id) OR expires_at <= :now',
          ExpressionAttributeValues: { ':now': nowSeconds },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  return {
    async remember(fingerprint, candidate) {
      const id = `memo#${fingerprint}`;
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        const nowSeconds = Math.floor(nowMs() / 1000);
        if (await write(id, candidate, nowSeconds)) return candidate;
        const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }));
        if (!Item) continue;
        const memo = memoSchema.parse(Item);
        if (memo.expires_at > nowSeconds) return memo.reference;
      }
      throw new PayoutConflictError(`The memo of request ${fingerprint} kept changing.`);
    },
  };
}
