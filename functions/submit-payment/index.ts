import { setTimeout as wait } from 'node:timers/promises';
import { createDocumentClient } from '../adapters/aws-clients.ts';
import { createControlsFrom } from '../adapters/controls.ts';
import { createDestinationCipher } from '../adapters/destination-cipher.ts';
import { createMonoovaFrom } from '../adapters/monoova/from-environment.ts';
import { createSettling } from '../adapters/settling.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'submit-payment', stage: environment.STAGE });
const metrics = createMetrics({ stage: environment.STAGE });
const client = createDocumentClient();
const remitter = { name: environment.REMITTER_NAME, mAccountToken: environment.MACCOUNT_TOKEN };

const submitPayment = createHandler({
  ...createSettling({ tableName: environment.TRANSACTIONS_TABLE_NAME, log, metrics, client }),
  ...createControlsFrom(environment, client),
  cipher: createDestinationCipher({ keyArn: environment.DESTINATIONS_KEY_ARN }),
  monoova: createMonoovaFrom(environment, remitter),
  nowMs: Date.now,
  policy: { mode: environment.RESUBMISSION_MODE, quietPeriodMs: environment.QUIET_PERIOD_MS },
  postTimeoutMs: environment.MONOOVA_POST_TIMEOUT_MS,
  wait,
});

/** Each invocation is an attempt of its own, and its request id names the fence that it raises. */
export const handler = lambdaHandler({ log, metrics }, (event, context) => submitPayment(event, context.awsRequestId));
