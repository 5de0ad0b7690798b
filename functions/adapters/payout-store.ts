import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { GUARDS_MAX } from '../../domain/guard.ts';
import { isFinal, type ListedPayout, listedPayoutSchema, type Payout, payoutSchema } from '../../domain/payout.ts';
import type { PayoutPage, PayoutStore } from '../shared/ports.ts';

const CUSTOMER_INDEX = 'CustomerIndex';
/** A filtered list reads at most this many pages of the index before it hands out a cursor. */
const LIST_PAGES_MAX = 10;

/** Left to the writer of the doorbell (the guard's AwaitOutcome); a final write takes them out whether it saw them or not. */
const FINAL_REMOVES = ['task_token', 'destination_ciphertext', 'open'] as const;

/** Payouts in DynamoDB. Every guarantee is one item and one condition; nothing needs a transaction. */
export function createPayoutStore(client: DynamoDBDocumentClient, tableName: string): PayoutStore {
  async function read(transactionId: string): Promise<Payout | undefined> {
    const key = { transaction_id: transactionId };
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    return Item ? payoutSchema.parse(Item) : undefined;
  }

  return {
    read,

    async replace(previous, next) {
      const changes = changesBetween(previous, next);
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { transaction_id: previous.transaction_id },
        ConditionExpression: 'attribute_exists(transaction_id) AND #revision = :previous',
        UpdateExpression: changes.expression,
        ExpressionAttributeNames: { ...changes.names, '#revision': 'revision' },
        ExpressionAttributeValues: { ...changes.values, ':previous': previous.revision },
        ReturnValues: 'ALL_OLD',
      });
      return written(client.send(command), ({ Attributes }) => {
        const taskToken: unknown = Attributes?.['task_token'];
        return typeof taskToken === 'string' ? { written: true, taskToken } : { written: true };
      });
    },

    async keepDoorbell(transactionId, taskToken) {
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { transaction_id: transactionId },
        ConditionExpression:
          'attribute_exists(transaction_id) AND #status <> :pending AND attribute_not_exists(task_token)',
        UpdateExpression: 'SET task_token = :token',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':pending': 'Pending', ':token': taskToken },
      });
      await written(client.send(command), () => ({ written: true }));
    },

    async dropDoorbell(transactionId, taskToken) {
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { transaction_id: transactionId },
        ConditionExpression: 'attribute_exists(transaction_id) AND task_token = :token',
        UpdateExpression: 'REMOVE task_token',
        ExpressionAttributeValues: { ':token': taskToken },
      });
      await written(client.send(command), () => ({ written: true }));
    },

    async raiseFence(previous, fenced, nowMs) {
      const changes = changesBetween(previous, fenced);
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { transaction_id: previous.transaction_id },
        ConditionExpression:
          'attribute_exists(transaction_id) AND #status = :pending AND #revision = :previous' +
          ' AND (attribute_not_exists(posting_until) OR posting_until <= :now)',
        UpdateExpression: changes.expression,
        ExpressionAttributeNames: { ...changes.names, '#status': 'status', '#revision': 'revision' },
        ExpressionAttributeValues: {
          ...changes.values,
          ':pending': 'Pending',
          ':previous': previous.revision,
          ':now': new Date(nowMs).toISOString(),
        },
      });
      const { written: isRaised } = await written(client.send(command), () => ({ written: true }));
      if (isRaised) return true;
      // The SDK repeats a write whose answer was lost, and then meets its own fence: that one is ours, whatever was noted since.
      const stored = await read(previous.transaction_id);
      return stored?.status === 'Pending' && stored.posting_by === fenced.posting_by;
    },

    async claimGuard(payout) {
      const number = (payout.guards ?? 1) + 1;
      if (number > GUARDS_MAX) return undefined;
      const command = new UpdateCommand({
        TableName: tableName,
        Key: { transaction_id: payout.transaction_id },
        ConditionExpression:
          'attribute_exists(transaction_id) AND #status = :pending AND (attribute_not_exists(guards) OR guards < :number)',
        UpdateExpression: 'SET guards = :number',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':pending': 'Pending', ':number': number },
      });
      const { written: isClaimed } = await written(client.send(command), () => ({ written: true }));
      if (isClaimed) return number;
      const stored = await read(payout.transaction_id);
      return stored?.status === 'Pending' ? stored.guards : undefined;
    },

    list: (query) => listPayouts(client, tableName, query),
  };
}

async function listPayouts(
  client: DynamoDBDocumentClient,
  tableName: string,
  { customerId, status, limit, cursor }: Parameters<PayoutStore['list']>[0],
): Promise<PayoutPage> {
  const payouts: ListedPayout[] = [];
  let startKey: Record<string, unknown> | undefined = cursor === undefined ? undefined : JSON.parse(cursor);
  for (let page = 0; page < LIST_PAGES_MAX && payouts.length < limit; page++) {
    const output: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: CUSTOMER_INDEX,
        KeyConditionExpression: 'customer_id = :customer',
        ...(status && { FilterExpression: '#status = :status', ExpressionAttributeNames: { '#status': 'status' } }),
        ExpressionAttributeValues: { ':customer': customerId, ...(status && { ':status': status }) },
        ScanIndexForward: false,
        Limit: limit - payouts.length,
        ExclusiveStartKey: startKey,
      }),
    );
    payouts.push(...(output.Items ?? []).map((item) => listedPayoutSchema.parse(item)));
    startKey = output.LastEvaluatedKey;
    if (startKey === undefined) return { payouts };
  }
  return { payouts, cursor: JSON.stringify(startKey) };
}

async function written<Output, Answer>(
  sent: Promise<Output>,
  answer: (output: Output) => Answer,
): Promise<Answer | { readonly written: false }> {
  try {
    return answer(await sent);
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { written: false };
    throw error;
  }
}

/** The update that makes `next` of `previous`. The doorbell is never set here: the guard alone hangs it. */
function changesBetween(previous: Payout, next: Payout) {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const sets: string[] = [];
  const removes = new Set<string>(isFinal(next.status) ? FINAL_REMOVES : []);
  for (const [name, value] of Object.entries(next)) {
    if (value === previous[name as keyof Payout] || value === undefined || name === 'task_token') continue;
    names[`#${name}`] = name;
    values[`:${name}`] = value;
    sets.push(`#${name} = :${name}`);
  }
  for (const name of Object.keys(previous)) {
    if (next[name as keyof Payout] === undefined) removes.add(name);
  }
  for (const name of removes) names[`#${name}`] = name;
  const removal = removes.size === 0 ? '' : ` REMOVE ${[...removes].map((name) => `#${name}`).join(', ')}`;
  return { expression: `SET ${sets.join(', ')}${removal}`, names, values };
}
