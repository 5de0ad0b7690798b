import { SFNClient } from '@aws-sdk/client-sfn';
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
}): SettleDeps {
  const { tableName, log, metrics } = options;
  return {
    store: createPayoutStore(createDocumentClient(), tableName),
    tokens: createTaskTokens(new SFNClient(awsClientConfig)),
    metrics,
    log,
  };
}
