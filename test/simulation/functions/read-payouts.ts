import { createPayoutStore } from '../../../functions/adapters/payout-store.ts';
import { environmentSchema } from '../../../functions/read-payouts/environment.ts';
import { createHandler } from '../../../functions/read-payouts/handler.ts';
import { readEnvironment } from '../../../functions/shared/environment.ts';
import type { Compose } from '../lambda/environment.ts';

export const composeReadPayouts: Compose = ({ environment, clients }) => {
  const { TRANSACTIONS_TABLE_NAME } = readEnvironment(environmentSchema, environment);
  return createHandler({ answerHeaders: {}, store: createPayoutStore(clients.documents, TRANSACTIONS_TABLE_NAME) });
};
