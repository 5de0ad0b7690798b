import { apiGatewayClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import { loadResources, type Resources } from './resources.ts';

/** Requests a second and at once, of each method that clients call. */
type Limits = { readonly rate: number; readonly burst: number };

const CLOSED: Limits = { rate: 0, burst: 0 };

/** What the methods that clients call let through, and whether it was so before. */
export type Throttled = { readonly methods: readonly string[]; readonly limits: Limits; readonly wasSoBefore: boolean };

/** Lets nothing through to what clients call: 429 from within a minute on. Webhooks stay open. Safe to repeat. */
export function closeApi(connection: Connection): Promise<Throttled> {
  return throttle(connection, () => CLOSED);
}

/** Puts the stage's own limits back, as its template has them. Safe to repeat. */
export function openApi(connection: Connection): Promise<Throttled> {
  return throttle(connection, ({ requests_per_second: rate, requests_burst: burst }) => ({ rate, burst }));
}

/**
 * Settings of a stage are changed one value at a time, by a path in which a slash of the method's own path is `~1`
 * (https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html).
 * @throws {CommandError} where the stage afterwards does not say what was asked for.
 */
async function throttle(connection: Connection, limitsOf: (resources: Resources) => Limits): Promise<Throttled> {
  const [resources, { client, GetStageCommand, UpdateStageCommand }] = await Promise.all([
    loadResources(connection),
    apiGatewayClient(connection),
  ]);
  const limits = limitsOf(resources);
  const methods = resources.client_methods;
  const stage = { restApiId: resources.api_id, stageName: connection.stage };
  const isSo = (settings: MethodSettings) => methods.every((method) => hasLimits(settings, method, limits));
  const before = await client.send(new GetStageCommand(stage));
  if (isSo(before.methodSettings)) return { methods, limits, wasSoBefore: true };
  const patchOperations = methods.flatMap((method) => [
    { op: 'replace' as const, path: `/${escaped(method)}/throttling/rateLimit`, value: String(limits.rate) },
    { op: 'replace' as const, path: `/${escaped(method)}/throttling/burstLimit`, value: String(limits.burst) },
  ]);
  const after = await client.send(new UpdateStageCommand({ ...stage, patchOperations }));
  if (isSo(after.methodSettings)) return { methods, limits, wasSoBefore: false };
  throw new CommandError(
    `stage ${connection.stage} of API ${resources.api_id} took the change and does not show it: look at its method settings`,
  );
}

type Settings = {
  readonly throttlingRateLimit?: number | undefined;
  readonly throttlingBurstLimit?: number | undefined;
};
type MethodSettings = Readonly<Record<string, Settings>> | undefined;

function hasLimits(settings: MethodSettings, method: string, { rate, burst }: Limits): boolean {
  const [, found] = Object.entries(settings ?? {}).find(([key]) => plain(key) === plain(escaped(method))) ?? [];
  return found?.throttlingRateLimit === rate && found.throttlingBurstLimit === burst;
}

/** `/payouts/POST` is `~1payouts/POST`: the slash before the method separates. */
function escaped(method: string): string {
  const at = method.lastIndexOf('/');
  return `${method.slice(0, at).replaceAll('/', '~1')}${method.slice(at)}`;
}

/** A stage lists methods with their slashes escaped; one at the beginning may be there or not. */
function plain(key: string): string {
  return key.replaceAll('~1', '/').replace(/^\//, '');
}
