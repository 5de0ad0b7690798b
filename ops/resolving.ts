import { createGuards } from '../functions/adapters/guards.ts';
import { createPayoutStore } from '../functions/adapters/payout-store.ts';
import { createTaskTokens } from '../functions/adapters/task-tokens.ts';
import { documentClient, sfnClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { type Around, openMonoova } from './monoova.ts';
import { operatorOf } from './operator.ts';
import type { ResolveDeps } from './resolve-payout.ts';
import { loadResources } from './resources.ts';

/** All that resolving takes of a stage, with the rights of whoever runs the command, and who that is. */
export async function openResolving(
  connection: Connection,
  around: Around,
): Promise<{ readonly deps: ResolveDeps; readonly by: string }> {
  const resources = await loadResources(connection);
  const [gate, client, sfn, by] = await Promise.all([
    openMonoova(connection, resources, around),
    documentClient(connection),
    sfnClient(connection),
    operatorOf(connection),
  ]);
  const deps: ResolveDeps = {
    ...gate,
    store: createPayoutStore(client, resources.transactions_table),
    tokens: createTaskTokens(sfn.client),
    guards: createGuards(sfn.client, resources.settlement_state_machine_arn),
  };
  return { deps, by };
}
