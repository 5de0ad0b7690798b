import * as z from 'zod';
import {
  controlsVariables,
  mAccountToken,
  monoovaVariables,
  stageVariables,
  transactionsVariables,
} from '../shared/environment.ts';

export const environmentSchema = z.object({
  ...stageVariables,
  ...transactionsVariables,
  ...monoovaVariables,
  ...controlsVariables,
  /** Whose balance is watched: 16 digits, or empty where nobody has said. */
  MACCOUNT_TOKEN: mAccountToken,
});
