import * as z from 'zod';
import { stageVariables } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  /** The ARN of the version that this deployment publishes, by the name of each function: JSON. */
  NEW_VERSIONS: z
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
