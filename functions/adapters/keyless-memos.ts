import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PayoutConflictError } from '../../domain/errors.ts';
import type { KeylessMemos, NowMs } from '../shared/ports.ts';

/** A memo of an earlier version has no `counts_until`: it counted until it expired. */
const memoSchema = z
  .object({ reference: z.string(), counts_until: z.int().optional(), expires_at: z.int() })
  .transform(({ reference, counts_until, expires_at }) => ({ reference, countsUntil: counts_until ?? expires_at }));

/** A memo can expire between a refused write and the read; it cannot keep doing so. */
const TRIES_MAX = 3;
/**
 * How long a memo is kept, in seconds: it is asked about its payout after its window, as long as that may be open. 90 days; whoever is
 * told of an open payout every morning ends it sooner.
 */
const KEPT_SECONDS = 90 * 86_400;

type MemoOptions = {
  readonly tableName: string;
  readonly windowSeconds: number;
  readonly nowMs: NowMs;
  /** Whether the outcome of the payout with this reference is still to come; false where there is none. Read strongly. */
  readonly isOpen: (reference: string) => Promise<boolean>;
};

/**
 * One item for each fingerprint remembers the reference of its first request: for the window, and for as long after it as that payout is
 * open, since whoever asks again for what nobody knows the outcome of must not pay a second time. All times are epoch seconds.
 * DynamoDB's TTL (`expires_at`) only tidies up; whether a memo counts is decided by `counts_until`, and a final payout never opens again.
 */
export function createKeylessMemos(
  client: DynamoDBDocumentClient,
  { tableName, windowSeconds, nowMs, isOpen }: MemoOptions,
): KeylessMemos {
  /** In place of nothing, or of the memo that was seen to count no more. */
  async function write(id: string, reference: string, seen?: string): Promise<boolean> {
    const counts_until = Math.floor(nowMs() / 1000) + windowSeconds;
    try {
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: { id, reference, counts_until, expires_at: counts_until + KEPT_SECONDS },
          ...(seen === undefined
            ? { ConditionExpression: 'attribute_not_exists(id)' }
            : {
                ConditionExpression: '#reference = :seen',
                ExpressionAttributeNames: { '#reference': 'reference' },
                ExpressionAttributeValues: { ':seen': seen },
              }),
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
        if (await write(id, candidate)) return candidate;
        const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }));
        if (!Item) continue;
        const { reference, countsUntil } = memoSchema.parse(Item);
        if (countsUntil > Math.floor(nowMs() / 1000) || (await isOpen(reference))) return reference;
        if (await write(id, candidate, reference)) return candidate;
      }
      throw new PayoutConflictError(`The memo of request ${fingerprint} kept changing.`);
    },
  };
}
