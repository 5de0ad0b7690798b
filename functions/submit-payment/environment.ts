import * as z from 'zod';
import {
  controlsVariables,
  mAccountToken,
  monoovaVariables,
  resubmissionVariables,
  stageVariables,
  transactionsVariables,
} from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  ...monoovaVariables,
  ...controlsVariables,
  ...resubmissionVariables,
  DESTINATIONS_KEY_ARN: z.string().min(1),
  REMITTER_NAME: z.string().min(1).max(140),
  /** The mAccount that pays: 16 digits, or empty for the sign-in's own (Monoova's default). */
  MACCOUNT_TOKEN: mAccountToken,
});
