import { createDocumentClient } from '../adapters/aws-clients.ts';
import { createCustomerStore } from '../adapters/customer-store.ts';
import { createDestinationCipher } from '../adapters/destination-cipher.ts';
import { lambdaHandler } from '../powertools/lambda-handler.ts';
import { createLog } from '../powertools/logger.ts';
import { createMetrics } from '../powertools/metrics.ts';
import { readEnvironment } from '../shared/environment.ts';
import { environmentSchema } from './environment.ts';
import { createHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema);
const log = createLog({ functionName: 'decrypt-destination', stage: environment.STAGE });
const metrics = createMetrics({ stage: environment.STAGE });

export const handler = lambdaHandler(
  { log, metrics },
  createHandler({
    customers: createCustomerStore({ client: createDocumentClient(), tableName: environment.CUSTOMERS_TABLE_NAME }),
    cipher: createDestinationCipher({ keyArn: environment.DESTINATIONS_KEY_ARN }),
    metrics,
  }),
);
