import * as z from 'zod';
import { stageVariables, transactionsVariables } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  /** Headers of every answer, as JSON: what lets a browser's page read it. API Gateway adds none to a proxied answer. */
  ANSWER_HEADERS: z
    .string()
    .transform((json, context) => {
      try {
        return JSON.parse(json);
      } catch {
        context.addIssue({ code: 'custom', message: 'is no JSON' });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string(), z.string())),
});
