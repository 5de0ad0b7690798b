import { setTimeout as wait } from 'node:timers/promises';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type ComparedPayout, comparedPayoutSchema, STATUSES } from '../../domain/payout.ts';
import type { PayoutSweeps, SweptPage, SweptRange } from '../shared/ports.ts';

const OPEN_INDEX = 'OpenPayoutsIndex';
const DAY_INDEX = 'DayIndex';
/** BatchGetItem takes no more (its API reference). */
const BATCH_MAX = 100;
/** What a busy table leaves out of a batch is asked for again, after a growing pause. */
const BATCH_TRIES_MAX = 5;
const BATCH_PAUSE_MS = 50;

const sweptSchema = z.object({
  transaction_id: z.string(),
  created_at: z.string(),
  status: z.enum(STATUSES),
  posts: z.int().min(0),
});
/** `status` is a reserved word of DynamoDB, and so is a name or two of each year: each field gets an alias. */
const COMPARED_NAMES = Object.keys(comparedPayoutSchema.shape);
const COMPARED_ALIASES = Object.fromEntries(COMPARED_NAMES.map((name) => [`#${name}`, name]));

/** Many payouts at once in DynamoDB. Safe to repeat, all of it. */
export function createPayoutSweeps(client: DynamoDBDocumentClient, tableName: string): PayoutSweeps {
  async function page(query: Partial<QueryCommandInput>, keys: object, range: SweptRange): Promise<SweptPage> {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        ...query,
        TableName: tableName,
        Limit: range.limit,
        ...(range.after && { ExclusiveStartKey: { ...range.after, ...keys } }),
      }),
    );
    return { payouts: Items.map((item) => sweptSchema.parse(item)), isEnd: LastEvaluatedKey === undefined };
  }

  async function readBatch(transactionIds: readonly string[]): Promise<ComparedPayout[]> {
    const items: ComparedPayout[] = [];
    let keys: Record<string, unknown>[] = transactionIds.map((transaction_id) => ({ transaction_id }));
    for (let tries = 0; tries < BATCH_TRIES_MAX; tries++) {
      if (tries > 0) await wait(BATCH_PAUSE_MS * 2 ** tries);
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({
          RequestItems: {
            [tableName]: {
              Keys: keys,
              ConsistentRead: true,
              ProjectionExpression: Object.keys(COMPARED_ALIASES).join(', '),
              ExpressionAttributeNames: COMPARED_ALIASES,
            },
          },
        }),
      );
      items.push(...(Responses?.[tableName] ?? []).map((item) => comparedPayoutSchema.parse(item)));
      keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
      if (keys.length === 0) return items;
    }
    throw new Error(`The table left ${keys.length} payouts unread ${BATCH_TRIES_MAX} times in a row.`);
  }

  return {
    open: (until, range) =>
      page(
        {
          IndexName: OPEN_INDEX,
          KeyConditionExpression: '#open = :open AND created_at <= :until',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: { ':open': 'open', ':until': until },
        },
        { open: 'open' },
        range,
      ),

    ofDay: (day, range) =>
      page(
        {
          IndexName: DAY_INDEX,
          KeyConditionExpression: 'created_day = :day',
          ExpressionAttributeValues: { ':day': day },
        },
        { created_day: day },
        range,
      ),

    async readMany(transactionIds) {
      const ids = [...new Set(transactionIds)];
      const found = new Map<string, ComparedPayout>();
      for (let start = 0; start < ids.length; start += BATCH_MAX) {
        for (const item of await readBatch(ids.slice(start, start + BATCH_MAX))) found.set(item.transaction_id, item);
      }
      return found;
    },

    async record(payout) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: payout,
            ConditionExpression: 'attribute_not_exists(transaction_id)',
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
