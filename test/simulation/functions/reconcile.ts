import { createControlsFrom } from '../../../functions/adapters/controls.ts';
import { createGuards } from '../../../functions/adapters/guards.ts';
import { createPayoutSweeps } from '../../../functions/adapters/payout-sweeps.ts';
import { environmentSchema } from '../../../functions/reconcile/environment.ts';
import { createHandler } from '../../../functions/reconcile/handler.ts';
import type { Compose } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';
import { monoovaFrom, settling } from './shared.ts';

export const composeReconcile: Compose = (deps) => {
  const environment = environmentOf(environmentSchema, deps.environment);
  const { documents, sfn } = deps.clients;
  const reconcile = createHandler({
    ...settling(deps, environment.TRANSACTIONS_TABLE_NAME),
    ...createControlsFrom(environment, documents),
    sweeps: createPayoutSweeps(documents, environment.TRANSACTIONS_TABLE_NAME),
    guards: createGuards(sfn, environment.SETTLEMENT_STATE_MACHINE_ARN, deps.nowMs),
    monoova: monoovaFrom(deps, environment, { name: '', mAccountToken: '' }),
    nowMs: deps.nowMs,
    youngMs: environment.YOUNG_MS,
    openPerCall: deps.openPerCall,
    stage: environment.STAGE,
  });
  return (event, context) => reconcile(event, context.awsRequestId);
};
