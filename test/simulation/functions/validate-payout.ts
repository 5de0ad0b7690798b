import { referenceOfRandom } from '../../../domain/reference.ts';
import { createKeylessMemos } from '../../../functions/adapters/keyless-memos.ts';
import { createPayoutStore } from '../../../functions/adapters/payout-store.ts';
import { environmentSchema } from '../../../functions/validate-payout/environment.ts';
import { createHandler, isOpenIn } from '../../../functions/validate-payout/handler.ts';
import type { Compose } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';

export const composeValidatePayout: Compose = (deps) => {
  const environment = environmentOf(environmentSchema, deps.environment);
  return createHandler({
    memos: createKeylessMemos(deps.clients.documents, {
      tableName: environment.CONTROLS_TABLE_NAME,
      windowSeconds: environment.KEYLESS_WINDOW_SECONDS,
      nowMs: deps.nowMs,
      isOpen: isOpenIn(createPayoutStore(deps.clients.documents, environment.TRANSACTIONS_TABLE_NAME)),
    }),
    metrics: deps.metrics,
    newReference: () => referenceOfRandom(Buffer.from(deps.newId().replaceAll('-', ''), 'hex')),
    amountMaxCents: environment.AMOUNT_MAX_CENTS,
    nowMs: deps.nowMs,
  });
};
