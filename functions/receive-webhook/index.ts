import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientConfig, createHurriedDocumentClient, hurriedClientConfig } from '../adapters/aws-clients.ts';
import { exchangeOverHttp } from '../adapters/monoova/http-exchange.ts';
import { createSigningKeys } from '../adapters/monoova/signing-keys.ts';
import { createWebhookProof } from '../adapters/monoova/webhook-proof.ts';
import { createWebhookSecret } from '../adapters/secrets.ts';
import { createSettling } from '../adapters/settling.ts';
import { createSigningKeyMemory } from '../adapters/signing-key-memory.ts';
import { createWebhookQueue } from '../adapters/webhook-queue.ts';
import { createOnce } from '../powertools/idempotency.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { createSecretsProvider } from '../powertools/parameters.ts';
import { readEnvironment } from '../shared/environment.ts';
import { within } from '../shared/within.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'receive-webhook', stage: environment.STAGE });
const metrics = createMetrics({ stage: environment.STAGE });

export const handler = lambdaHandler(
  { log, metrics },
  createHandler({
    ...createSettling({ tableName: environment.TRANSACTIONS_TABLE_NAME, log, metrics }),
    prove: createWebhookProof({
      readSecret: createWebhookSecret({
        provider: createSecretsProvider(),
        secretArn: environment.WEBHOOK_SECRET_ARN,
        hosts: environment.MONOOVA_HOSTS,
        baseUrl: environment.MONOOVA_BASE_URL,
      }),
      keys: createSigningKeys({
        exchange: exchangeOverHttp,
        nowMs: Date.now,
        log,
        memory: createSigningKeyMemory(createHurriedDocumentClient(), environment.IDEMPOTENCY_TABLE_NAME),
      }),
      mode: environment.WEBHOOK_PROOF,
      nowMs: Date.now,
    }),
    once: createOnce({
      tableName: environment.IDEMPOTENCY_TABLE_NAME,
      client: new DynamoDBClient(awsClientConfig),
      keyPrefix: 'receive-webhook',
    }),
    queue: createWebhookQueue(new SQSClient(hurriedClientConfig), environment.WEBHOOK_RETRY_QUEUE_URL),
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    wait: (ms) => sleep(ms),
    within,
  }),
);
