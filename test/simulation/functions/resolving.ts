import { createControls } from '../../../functions/adapters/controls.ts';
import { createGuards } from '../../../functions/adapters/guards.ts';
import { environmentSchema } from '../../../functions/submit-payment/environment.ts';
import type { ResolveDeps } from '../../../ops/resolve-payout.ts';
import type { FunctionDeps } from '../lambda/environment.ts';
import { environmentOf } from './environments.ts';
import { monoovaFrom, settling } from './shared.ts';

/** What ops/resolving.ts composes for a person at the command line. */
export function resolvingFrom(deps: FunctionDeps, settlementMachineArn: string): ResolveDeps {
  const environment = environmentOf(environmentSchema, deps.environment);
  return {
    ...settling(deps, environment.TRANSACTIONS_TABLE_NAME),
    controls: createControls(deps.clients.documents, environment.CONTROLS_TABLE_NAME),
    guards: createGuards(deps.clients.sfn, settlementMachineArn),
    monoova: monoovaFrom(deps, environment, { name: '', mAccountToken: '' }),
    nowMs: deps.nowMs,
    breaker: { failuresToOpen: Number.MAX_SAFE_INTEGER, cooldownMs: 0, cooldownMaxMs: 0 },
  };
}
