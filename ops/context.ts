import type { ApiClient } from './api-client.ts';
import type { Connection } from './connection.ts';
import type { Resources } from './resources.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export type Context = {
  readonly terminal: Terminal;
  /** Known once the options are parsed. */
  connection(): Connection;
};

/** The stage's resources and its API, signed for. The modules are loaded here, so that `--help` need not wait for them. */
export async function openApi(
  connection: Connection,
): Promise<{ readonly api: ApiClient; readonly resources: Resources }> {
  const [{ createApiClient }, { loadResources }, { credentialsOf }] = await Promise.all([
    import('./api-client.ts'),
    import('./resources.ts'),
    import('./clients.ts'),
  ]);
  const [resources, credentials] = await Promise.all([loadResources(connection), credentialsOf(connection)]);
  return { api: createApiClient(resources.api_url, { region: resources.region, credentials }), resources };
}
