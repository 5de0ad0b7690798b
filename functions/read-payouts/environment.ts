import * as z from 'zod';
import { stageVariables, textsByName, transactionsVariables } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  /** Headers of every answer, as JSON: what lets a browser's page read it. API Gateway adds none to a proxied answer. */
  ANSWER_HEADERS: textsByName,
});
