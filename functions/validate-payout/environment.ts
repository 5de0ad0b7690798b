import * as z from 'zod';
import { stageVariables, tableName, wholeNumber } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  CONTROLS_TABLE_NAME: tableName,
  AMOUNT_MAX_CENTS: wholeNumber,
  KEYLESS_WINDOW_SECONDS: wholeNumber,
});
