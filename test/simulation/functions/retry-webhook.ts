import { createWebhookQueue } from '../../../functions/adapters/webhook-queue.ts';
import { environmentSchema } from '../../../functions/retry-webhook/environment.ts';
import { createHandler } from '../../../functions/retry-webhook/handler.ts';
import type { Compose } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';
import { settling } from './shared.ts';

export const composeRetryWebhook: Compose = (deps) => {
  const environment = environmentOf(environmentSchema, deps.environment);
  return createHandler({
    ...settling(deps, environment.TRANSACTIONS_TABLE_NAME),
    queue: createWebhookQueue(deps.clients.sqs, environment.WEBHOOK_RETRY_QUEUE_URL),
    receivesMax: environment.RECEIVES_MAX,
  });
};
