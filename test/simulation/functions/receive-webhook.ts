import type { Context } from 'aws-lambda';
import { createSigningKeys } from '../../../functions/adapters/monoova/signing-keys.ts';
import { createWebhookProof } from '../../../functions/adapters/monoova/webhook-proof.ts';
import { createWebhookSecret } from '../../../functions/adapters/secrets.ts';
import { createWebhookQueue } from '../../../functions/adapters/webhook-queue.ts';
import { createOnce } from '../../../functions/powertools/idempotency.ts';
import { environmentSchema } from '../../../functions/receive-webhook/environment.ts';
import { createHandler } from '../../../functions/receive-webhook/handler.ts';
import { createFakeKeyMemory } from '../../fakes/key-memory.ts';
import type { Compose } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';
import { secretsProvider, settling } from './shared.ts';

export const composeReceiveWebhook: Compose = (deps) => {
  const environment = environmentOf(environmentSchema, deps.environment);
  const receiveWebhook = createHandler({
    ...settling(deps, environment.TRANSACTIONS_TABLE_NAME),
    prove: createWebhookProof({
      readSecret: createWebhookSecret({
        provider: secretsProvider(deps),
        secretArn: environment.WEBHOOK_SECRET_ARN,
        hosts: environment.MONOOVA_HOSTS,
        baseUrl: environment.MONOOVA_BASE_URL,
      }),
      keys: createSigningKeys({
        exchange: deps.exchange,
        nowMs: deps.nowMs,
        log: deps.log,
        memory: createFakeKeyMemory(),
      }),
      mode: environment.WEBHOOK_PROOF,
      nowMs: deps.nowMs,
    }),
    once: deps.isWithoutIdempotency
      ? (_key, _context, run) => run()
      : createOnce({
          tableName: environment.IDEMPOTENCY_TABLE_NAME,
          client: deps.clients.dynamodb,
          keyPrefix: 'receive-webhook',
        }),
    queue: createWebhookQueue(deps.clients.sqs, environment.WEBHOOK_RETRY_QUEUE_URL),
    nowMs: deps.nowMs,
    monotonicMs: deps.nowMs,
    wait: deps.wait,
    within: (work, ms) => Promise.race([work, deps.wait(ms).then(() => undefined)]),
  });
  return (event, context) => receiveWebhook(event, context as Context);
};
