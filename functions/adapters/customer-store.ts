import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PAYOUT_METHODS } from '../../domain/destination.ts';
import { DestinationUnusableError } from '../../domain/errors.ts';
import type { CustomerStore } from '../shared/ports.ts';

const customerSchema = z.object({
  customer_id: z.string(),
  payout_destinations: z.array(
    z.object({
      id: z.string().min(1),
      type: z.enum(PAYOUT_METHODS),
      ciphertext: z.string().min(1),
      masked: z.string(),
    }),
  ),
});

/**
 * Customers in DynamoDB, one item each. A record that does not parse counts as a destination that cannot be used: registering
 * the customer again is the cure for both.
 */
export function createCustomerStore(options: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): CustomerStore {
  const { client, tableName: TableName } = options;
  return {
    async read(customerId) {
      const found = await client.send(
        new GetCommand({ TableName, Key: { customer_id: customerId }, ConsistentRead: true }),
      );
      if (found.Item === undefined) return undefined;
      const parsed = customerSchema.safeParse(found.Item);
      if (parsed.success) return parsed.data;
      const fields = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
      throw new DestinationUnusableError(`The record of customer ${customerId} is not readable: ${fields}.`);
    },
    async put(customer) {
      await client.send(new PutCommand({ TableName, Item: customer }));
    },
  };
}
