import { createPayoutStore } from '../../../functions/adapters/payout-store.ts';
import { environmentSchema } from '../../../functions/read-payouts/environment.ts';
import { createHandler } from '../../../functions/read-payouts/handler.ts';
import type { Compose } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';

export const composeReadPayouts: Compose = ({ environment, clients }) => {
  const { TRANSACTIONS_TABLE_NAME } = environmentOf(environmentSchema, environment);
  return createHandler({ answerHeaders: {}, store: createPayoutStore(clients.documents, TRANSACTIONS_TABLE_NAME) });
};
