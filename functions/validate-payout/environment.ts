import * as z from 'zod';
import { stageVariables, tableName, transactionsVariables, wholeNumber } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  CONTROLS_TABLE_NAME: tableName,
  AMOUNT_MAX_CENTS: wholeNumber,
  KEYLESS_WINDOW_SECONDS: wholeNumber,
});
