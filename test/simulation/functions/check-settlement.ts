import { createControlsFrom } from '../../../functions/adapters/controls.ts';
import { createGuards } from '../../../functions/adapters/guards.ts';
import { environmentSchema } from '../../../functions/check-settlement/environment.ts';
import { createHandler } from '../../../functions/check-settlement/handler.ts';
import type { Compose } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';
import { monoovaFrom, settling } from './shared.ts';

export const composeCheckSettlement: Compose = (deps) => {
  const environment = environmentOf(environmentSchema, deps.environment);
  const checkSettlement = createHandler({
    ...settling(deps, environment.TRANSACTIONS_TABLE_NAME),
    ...createControlsFrom(environment, deps.clients.documents),
    monoova: monoovaFrom(deps, environment, { name: '', mAccountToken: '' }),
    guards: createGuards(deps.clients.sfn, environment.SETTLEMENT_STATE_MACHINE_ARN, deps.nowMs),
    nowMs: deps.nowMs,
    policy: { mode: environment.RESUBMISSION_MODE, quietPeriodMs: environment.QUIET_PERIOD_MS },
  });
  return (event, context) => checkSettlement(event, context.awsRequestId);
};
