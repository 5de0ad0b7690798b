import * as z from 'zod';
import { stageVariables, tableName } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  CUSTOMERS_TABLE_NAME: tableName,
  DESTINATIONS_KEY_ARN: z.string().min(1),
});
