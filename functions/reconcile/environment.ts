import * as z from 'zod';
import {
  controlsVariables,
  monoovaVariables,
  stageVariables,
  transactionsVariables,
  wholeNumber,
} from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  ...monoovaVariables,
  ...controlsVariables,
  SETTLEMENT_STATE_MACHINE_ARN: z.string().min(1),
  YOUNG_MS: wholeNumber,
});
