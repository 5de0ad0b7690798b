import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientConfig } from '../adapters/aws-clients.ts';
import { createSettling } from '../adapters/settling.ts';
import { createWebhookQueue } from '../adapters/webhook-queue.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'retry-webhook', stage: environment.STAGE });
const metrics = createMetrics({ stage: environment.STAGE });

const retryWebhook = createHandler({
  ...createSettling({ tableName: environment.TRANSACTIONS_TABLE_NAME, log, metrics }),
  queue: createWebhookQueue(new SQSClient(awsClientConfig), environment.WEBHOOK_RETRY_QUEUE_URL),
  receivesMax: environment.RECEIVES_MAX,
});

export const handler = lambdaHandler({ log, metrics }, retryWebhook);
