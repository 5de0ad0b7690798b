import * as z from 'zod';
import { stageVariables, transactionsVariables } from '../shared/environment.ts';

export const environmentSchema = z.object({ ...stageVariables, ...transactionsVariables });
