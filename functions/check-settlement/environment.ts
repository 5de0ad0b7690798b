import * as z from 'zod';
import {
  controlsVariables,
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
  SETTLEMENT_STATE_MACHINE_ARN: z.string().min(1),
});
