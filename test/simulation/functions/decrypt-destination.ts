import { createCustomerStore } from '../../../functions/adapters/customer-store.ts';
import { environmentSchema } from '../../../functions/decrypt-destination/environment.ts';
import { createHandler } from '../../../functions/decrypt-destination/handler.ts';
import type { Compose } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';

export const composeDecryptDestination: Compose = ({ environment, clients, cipher, metrics }) => {
  const { CUSTOMERS_TABLE_NAME: tableName } = environmentOf(environmentSchema, environment);
  return createHandler({ customers: createCustomerStore({ client: clients.documents, tableName }), cipher, metrics });
};
