import { randomBytes } from 'node:crypto';
import { referenceOfRandom } from '../../domain/reference.ts';
import { createDocumentClient } from '../adapters/aws-clients.ts';
import { createKeylessMemos } from '../adapters/keyless-memos.ts';
import { createPayoutStore } from '../adapters/payout-store.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler, isOpenIn } from './handler.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'validate-payout', stage: environment.STAGE });
const metrics = createMetrics({ stage: environment.STAGE });
const client = createDocumentClient();

export const handler = lambdaHandler(
  { log, metrics },
  createHandler({
    memos: createKeylessMemos(client, {
      tableName: environment.CONTROLS_TABLE_NAME,
      windowSeconds: environment.KEYLESS_WINDOW_SECONDS,
      nowMs: Date.now,
      isOpen: isOpenIn(createPayoutStore(client, environment.TRANSACTIONS_TABLE_NAME)),
    }),
    metrics,
    newReference: () => referenceOfRandom(randomBytes(16)),
    amountMaxCents: environment.AMOUNT_MAX_CENTS,
    nowMs: Date.now,
  }),
);
