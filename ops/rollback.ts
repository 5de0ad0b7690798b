import { lambdaClient, sfnClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import { type LiveVersions, loadLiveVersions, versionsBefore } from './live-versions.ts';

/** One alias, the version that it led to and the one that it leads to now. */
export type Moved = { readonly name: string; readonly from: string; readonly to: string };

/** An alias as it was found, and how it is made to lead elsewhere. */
type Alias = Moved & { readonly isSplit: boolean; readonly move: () => Promise<unknown> };

/**
 * Lets every live alias lead where it led before the last deployment: the machines first, whose definitions are made for the functions
 * of their own deployment and bear with newer ones. All are looked at before any is moved. Safe to repeat: the way back is the same
 * until somebody deploys.
 * @throws {CommandError} where there is nothing to go back to, or a deployment is still shifting requests. Nothing was moved.
 */
export async function rollBack(connection: Connection): Promise<Moved[]> {
  const before = versionsBefore(await loadLiveVersions(connection));
  if (!before) {
    throw new CommandError(
      `nothing is known from before the last deployment of ${connection.stage}: nothing was moved`,
    );
  }
  const aliases = [...(await machineAliases(connection, before)), ...(await functionAliases(connection, before))];
  refuseSplit(aliases);
  for (const { from, to, move } of aliases) {
    if (from !== to) await move();
  }
  return aliases.map(({ name, from, to }) => ({ name, from, to }));
}

/** @throws {CommandError} where an alias shares requests out between two versions: whoever does it would go on after us. */
export function refuseSplit(aliases: readonly { readonly name: string; readonly isSplit: boolean }[]): void {
  const split = aliases.filter(({ isSplit }) => isSplit).map(({ name }) => name);
  if (split.length === 0) return;
  const undo =
    'stop it, which undoes it: for functions aws deploy stop-deployment --auto-rollback-enabled, for machines aws cloudformation cancel-update-stack';
  throw new CommandError(`a deployment is still shifting requests to ${split.join(', ')}: ${undo}. Nothing was moved`);
}

async function machineAliases(connection: Connection, { alias, machines }: LiveVersions): Promise<Alias[]> {
  const { client, DescribeStateMachineAliasCommand, UpdateStateMachineAliasCommand } = await sfnClient(connection);
  return Promise.all(
    machines.map(async (versionArn) => {
      const at = versionArn.lastIndexOf(':');
      const stateMachineAliasArn = `${versionArn.slice(0, at)}:${alias}`;
      const found = await client.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }));
      const routes = found.routingConfiguration ?? [];
      const routingConfiguration = [{ stateMachineVersionArn: versionArn, weight: 100 }];
      return {
        name: versionArn.slice(versionArn.lastIndexOf(':', at - 1) + 1, at),
        from: routes[0]?.stateMachineVersionArn?.split(':').at(-1) ?? '',
        to: versionArn.slice(at + 1),
        isSplit: routes.length > 1,
        move: () => client.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration })),
      };
    }),
  );
}

async function functionAliases(connection: Connection, { alias: Name, functions }: LiveVersions): Promise<Alias[]> {
  const { client, GetAliasCommand, UpdateAliasCommand } = await lambdaClient(connection);
  return Promise.all(
    Object.entries(functions).map(async ([FunctionName, FunctionVersion]) => {
      const found = await client.send(new GetAliasCommand({ FunctionName, Name }));
      const weights = found.RoutingConfig?.AdditionalVersionWeights ?? {};
      // Where somebody else has moved it meanwhile, Lambda refuses.
      const revision = found.RevisionId === undefined ? {} : { RevisionId: found.RevisionId };
      return {
        name: FunctionName,
        from: found.FunctionVersion ?? '',
        to: FunctionVersion,
        isSplit: Object.keys(weights).length > 0,
        move: () => client.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion, ...revision })),
      };
    }),
  );
}
