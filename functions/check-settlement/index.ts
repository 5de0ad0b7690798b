import { SFNClient } from '@aws-sdk/client-sfn';
import { awsClientConfig, createDocumentClient } from '../adapters/aws-clients.ts';
import { createControlsFrom } from '../adapters/controls.ts';
import { createGuards } from '../adapters/guards.ts';
import { createMonoovaFrom } from '../adapters/monoova/from-environment.ts';
import { createSettling } from '../adapters/settling.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'check-settlement', stage: environment.STAGE });
const metrics = createMetrics({ stage: environment.STAGE });
const client = createDocumentClient();
/** It looks references up and pays nobody, so it has no remitter to name. */
const nobody = { name: '', mAccountToken: '' };

const checkSettlement = createHandler({
  ...createSettling({ tableName: environment.TRANSACTIONS_TABLE_NAME, log, metrics, client }),
  ...createControlsFrom(environment, client),
  monoova: createMonoovaFrom(environment, nobody),
  guards: createGuards(new SFNClient(awsClientConfig), environment.SETTLEMENT_STATE_MACHINE_ARN),
  nowMs: Date.now,
  policy: { mode: environment.RESUBMISSION_MODE, quietPeriodMs: environment.QUIET_PERIOD_MS },
});

/** Each invocation is an attempt of its own. */
export const handler = lambdaHandler({ log, metrics }, (event, context) =>
  checkSettlement(event, context.awsRequestId),
);
