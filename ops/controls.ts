import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Controls } from '../domain/controls.ts';
import { type ControlsChange, changeControls } from '../functions/shared/change-controls.ts';
import type { ControlStore } from '../functions/shared/ports.ts';
import { documentClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import { loadResources, type Resources } from './resources.ts';

/** The control item of a stage, and what it takes to read more of its table. */
export async function openControls(connection: Connection): Promise<{
  readonly store: ControlStore;
  readonly client: DynamoDBDocumentClient;
  readonly resources: Resources;
}> {
  const [{ createControls }, client, resources] = await Promise.all([
    import('../functions/adapters/controls.ts'),
    documentClient(connection),
    loadResources(connection),
  ]);
  return { store: createControls(client, resources.controls_table), client, resources };
}

/**
 * Writes an operator's change. It acts on the next call: whoever calls Monoova, and whoever records a payout, reads the item first.
 * @throws {CommandError} where others kept writing; nothing was changed.
 */
export async function rewriteControls(
  store: ControlStore,
  change: (from: Controls) => Controls,
): Promise<ControlsChange> {
  const written = await changeControls(store, await store.read(), change);
  if (!written)
    throw new CommandError('nothing was changed: others wrote at the same time again and again. Run it again');
  return written;
}
