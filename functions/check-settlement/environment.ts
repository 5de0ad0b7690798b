import * as z from 'zod';
import {
  monoovaVariables,
  resubmissionVariables,
  stageVariables,
  transactionsVariables,
} from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  ...monoovaVariables,
  ...resubmissionVariables,
});
