import { SFNClient } from '@aws-sdk/client-sfn';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Log, Metrics } from '../shared/ports.ts';
import type { SettleDeps } from '../shared/settle.ts';
import { awsClientConfig, createDocumentClient } from './aws-clients.ts';
import { createPayoutStore } from './payout-store.ts';
import { createTaskTokens } from './task-tokens.ts';

/** What every function that may write a status is composed of. */
export function createSettling(options: {
  readonly tableName: string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Default: one of its own. */
  readonly client?: DynamoDBDocumentClient;
}): SettleDeps {
  const { tableName, log, metrics, client = createDocumentClient() } = options;
  return {
    store: createPayoutStore(client, tableName),
    tokens: createTaskTokens(new SFNClient(awsClientConfig)),
    metrics,
    log,
  };
}
