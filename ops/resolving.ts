import { createControls } from '../functions/adapters/controls.ts';
import { createGuards } from '../functions/adapters/guards.ts';
import { createPayoutStore } from '../functions/adapters/payout-store.ts';
import { createTaskTokens } from '../functions/adapters/task-tokens.ts';
import { documentClient, sfnClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { openMonoova } from './monoova.ts';
import { operatorOf } from './operator.ts';
import type { ResolveDeps } from './resolve-payout.ts';
import { loadResources } from './resources.ts';

/** Only POSTs open the breaker, and none is made from here. */
const NO_BREAKER = { failuresToOpen: Number.MAX_SAFE_INTEGER, cooldownMs: 0, cooldownMaxMs: 0 };

/** All that resolving takes of a stage, with the rights of whoever runs the command, and who that is. */
export async function openResolving(
  connection: Connection,
  { nowMs, log }: Pick<ResolveDeps, 'nowMs' | 'log'>,
): Promise<{ readonly deps: ResolveDeps; readonly by: string }> {
  const resources = await loadResources(connection);
  const [client, sfn, by] = await Promise.all([
    documentClient(connection),
    sfnClient(connection),
    operatorOf(connection),
  ]);
  const deps: ResolveDeps = {
    controls: createControls(client, resources.controls_table),
    store: createPayoutStore(client, resources.transactions_table),
    tokens: createTaskTokens(sfn.client),
    guards: createGuards(sfn.client, resources.settlement_state_machine_arn),
    monoova: openMonoova(connection, resources, nowMs),
    // Metrics are for what happens while nobody looks.
    metrics: { count: () => undefined, measure: () => undefined },
    log,
    nowMs,
    breaker: NO_BREAKER,
  };
  return { deps, by };
}
