import type { Connection } from './connection.ts';
import type { Context } from './context.ts';
import { type AskMonoova, askerOf, openMonoova } from './monoova.ts';
import { noteLog } from './note-log.ts';
import { loadResources, type Resources } from './resources.ts';

export type Webhooks = {
  readonly connection: Connection;
  readonly resources: Resources;
  readonly ask: AskMonoova;
};

/** The stage, and Monoova to be asked about its webhooks. */
export async function openWebhooks(context: Context): Promise<Webhooks> {
  const { terminal } = context;
  const connection = context.connection();
  const resources = await loadResources(connection);
  const around = { nowMs: terminal.nowMs, log: noteLog(terminal) };
  const ask = await askerOf(await openMonoova(connection, resources, around), terminal.newId());
  return { connection, resources, ask };
}
