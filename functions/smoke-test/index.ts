import { setTimeout as wait } from 'node:timers/promises';
import { CodeDeployClient } from '@aws-sdk/client-codedeploy';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { awsClientConfig } from '../adapters/aws-clients.ts';
import { createFunctionVersions, createLifecycleHook } from '../adapters/deployment.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';
import { PROBES } from './probes.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'smoke-test', stage: environment.STAGE });
/** A new version starts cold, and may be throttled by what runs beside it. */
const ANSWER_TIMEOUT_MS = 8_000;
const patient = {
  ...awsClientConfig,
  requestHandler: { ...awsClientConfig.requestHandler, requestTimeout: ANSWER_TIMEOUT_MS },
};

export const handler = lambdaHandler(
  { log, metrics: createMetrics({ stage: environment.STAGE }) },
  createHandler({
    newVersions: environment.NEW_VERSIONS,
    probes: PROBES,
    versions: createFunctionVersions(new LambdaClient(patient)),
    hook: createLifecycleHook(new CodeDeployClient(awsClientConfig)),
    log,
    wait,
  }),
);
