import { createDocumentClient } from '../adapters/aws-clients.ts';
import { createControlsFrom } from '../adapters/controls.ts';
import { createMonoovaFrom } from '../adapters/monoova/from-environment.ts';
import { createPayoutSweeps } from '../adapters/payout-sweeps.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'watch-payouts', stage: environment.STAGE });
const metrics = createMetrics({ stage: environment.STAGE });
const client = createDocumentClient();
/** It asks, and pays nobody. */
const nobody = { name: '', mAccountToken: '' };

const watchPayouts = createHandler({
  ...createControlsFrom(environment, client),
  sweeps: createPayoutSweeps(client, environment.TRANSACTIONS_TABLE_NAME),
  monoova: createMonoovaFrom(environment, nobody),
  mAccount: environment.MACCOUNT_TOKEN,
  nowMs: Date.now,
  metrics,
  log,
});

/** Each invocation is an attempt of its own. */
export const handler = lambdaHandler({ log, metrics }, (event, context) => watchPayouts(event, context.awsRequestId));
