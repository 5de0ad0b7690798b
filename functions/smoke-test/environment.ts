import * as z from 'zod';
import { stageVariables, textsByName } from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  /** The ARN of the version that this deployment publishes, by the name of each function: JSON. */
  NEW_VERSIONS: textsByName,
});
