import { createControlsFrom } from '../../../functions/adapters/controls.ts';
import { environmentSchema } from '../../../functions/submit-payment/environment.ts';
import { createHandler } from '../../../functions/submit-payment/handler.ts';
import type { Compose } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';
import { monoovaFrom, settling } from './shared.ts';

export const composeSubmitPayment: Compose = (deps) => {
  const environment = environmentOf(environmentSchema, deps.environment);
  const submitPayment = createHandler({
    ...settling(deps, environment.TRANSACTIONS_TABLE_NAME),
    ...createControlsFrom(environment, deps.clients.documents),
    cipher: deps.cipher,
    monoova: monoovaFrom(deps, environment, {
      name: environment.REMITTER_NAME,
      mAccountToken: environment.MACCOUNT_TOKEN,
    }),
    nowMs: deps.nowMs,
    policy: { mode: environment.RESUBMISSION_MODE, quietPeriodMs: environment.QUIET_PERIOD_MS },
    postTimeoutMs: environment.MONOOVA_POST_TIMEOUT_MS,
    wait: deps.wait,
  });
  return (event, context) => submitPayment(event, context.awsRequestId);
};
