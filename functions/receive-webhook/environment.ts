import * as z from 'zod';
import { stageVariables, tableName, transactionsVariables } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  IDEMPOTENCY_TABLE_NAME: tableName,
  WEBHOOK_SECRET_ARN: z.string().min(1),
  WEBHOOK_RETRY_QUEUE_URL: z.url(),
  /** `signature-and-bearer`: both or 401. `bearer`: the bearer always, and the signature where one is sent. */
  WEBHOOK_PROOF: z.enum(['signature-and-bearer', 'bearer']),
  /** Where Monoova publishes its signing key, unless the webhook secret names another of the stage's hosts. */
  MONOOVA_BASE_URL: z.url(),
  MONOOVA_HOSTS: z
    .string()
    .min(1)
    .transform((hosts) => hosts.split(',')),
});
