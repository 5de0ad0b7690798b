import * as z from 'zod';
import { stageVariables, transactionsVariables, wholeNumber } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  WEBHOOK_RETRY_QUEUE_URL: z.url(),
  /** After so many receives SQS moves a letter to the dead-letter queue. */
  RECEIVES_MAX: wholeNumber,
});
