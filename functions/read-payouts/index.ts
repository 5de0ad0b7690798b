import { createDocumentClient } from '../adapters/aws-clients.ts';
import { createPayoutStore } from '../adapters/payout-store.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema);

export const handler = lambdaHandler(
  {
    log: createLog({ functionName: 'read-payouts', stage: environment.STAGE }),
    metrics: createMetrics({ stage: environment.STAGE }),
  },
  createHandler({
    store: createPayoutStore(createDocumentClient(), environment.TRANSACTIONS_TABLE_NAME),
    answerHeaders: environment.ANSWER_HEADERS,
  }),
);
