import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Payout, payoutSchema } from '../../domain/payout.ts';
import { ROOT } from '../../local/aws/credentials.ts';
import type { TestRun } from './local-run.ts';

const TABLE = 'payouts-dev-transactions';

/** Every payout there is, strongly read, in the order of their ids. */
export async function recordsOf(run: TestRun): Promise<readonly Payout[]> {
  const client = new DynamoDBClient({ endpoint: run.awsUrl, region: 'ap-southeast-2', credentials: ROOT });
  const payouts: Payout[] = [];
  const pages = paginateScan(
    { client: DynamoDBDocumentClient.from(client) },
    { TableName: TABLE, ConsistentRead: true },
  );
  for await (const { Items = [] } of pages) payouts.push(...Items.map((item) => payoutSchema.parse(item)));
  client.destroy();
  return payouts.toSorted((one, other) => one.transaction_id.localeCompare(other.transaction_id));
}
