import { randomBytes } from 'node:crypto';
import { referenceOfRandom } from '../../domain/reference.ts';
import { createDocumentClient } from '../adapters/aws-clients.ts';
import { createKeylessMemos } from '../adapters/keyless-memos.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'validate-payout', stage: environment.STAGE });
const metrics = createMetrics({ stage: environment.STAGE });

export const handler = lambdaHandler(
  { log, metrics },
  createHandler({
    memos: createKeylessMemos(createDocumentClient(), {
      tableName: environment.CONTROLS_TABLE_NAME,
      windowSeconds: environment.KEYLESS_WINDOW_SECONDS,
      nowMs: Date.now,
    }),
    metrics,
    newReference: () => referenceOfRandom(randomBytes(16)),
    amountMaxCents: environment.AMOUNT_MAX_CENTS,
    nowMs: Date.now,
  }),
);
