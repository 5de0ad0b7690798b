import { ROOT } from './aws/credentials.ts';
import { AwsError } from './aws/wire.ts';
import type { KeptMap } from './data/kept-map.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { AwsServices } from './template/services.ts';

/** A Monoova, and what proves us to it and it to us. */
export type MonoovaAccess = { readonly url: string; readonly apiKey: string; readonly webhookToken: string };

type Kind = 'simulator' | 'other';
type Deps = {
  readonly secretsManager: AwsServices['secretsManager'];
  readonly kept: KeptMap | undefined;
  readonly stage: string;
};

/** What the command line gave; else the other Monoova that an earlier run on the same data used; undefined for our simulator. */
export async function otherMonoova(given: MonoovaAccess | undefined, deps: Deps): Promise<MonoovaAccess | undefined> {
  if (given || keptKind(deps.kept) !== 'other') return given;
  const { apiKey, baseUrl } = await read(deps, 'api-key');
  const { tokens } = await read(deps, 'webhook');
  const webhookToken = Array.isArray(tokens) ? tokens[0] : undefined;
  return { url: textOf(baseUrl), apiKey: textOf(apiKey), webhookToken: textOf(webhookToken) };
}

/**
 * Puts into the secrets what an operator would put there after a deployment. Where an earlier run kept its values they stay, but
 * for the address; what the command line gives replaces them.
 */
export async function fillSecrets(
  used: MonoovaAccess,
  { isGiven, isOther }: { readonly isGiven: boolean; readonly isOther: boolean },
  deps: Deps,
): Promise<void> {
  const { url: baseUrl, apiKey, webhookToken } = used;
  const isNew = isGiven || keptKind(deps.kept) === undefined;
  const fill = async (name: string, values: JsonObject) => {
    const stored = await read(deps, name);
    const wanted = isNew ? { ...values, baseUrl } : { ...stored, baseUrl };
    if (JSON.stringify(wanted) !== JSON.stringify(stored)) await put(deps, name, wanted);
  };
  await fill('api-key', { apiKey, environment: 'sandbox' });
  await fill('webhook', { tokens: [webhookToken] });
  const kind: Kind = isOther ? 'other' : 'simulator';
  deps.kept?.write([['monoova', kind]]);
}

function keptKind(kept: KeptMap | undefined): JsonValue | undefined {
  return new Map(kept?.entries() ?? []).get('monoova');
}

/** Empty where nothing was put yet, or something else than a JSON object. */
async function read({ secretsManager, stage }: Deps, name: string): Promise<JsonObject> {
  const input = { SecretId: `monoova/${stage}/${name}` };
  try {
    const { SecretString } = await secretsManager.handle({ action: 'GetSecretValue', input, principal: ROOT });
    const value: JsonValue = JSON.parse(textOf(SecretString));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch (error) {
    if (error instanceof AwsError || error instanceof SyntaxError) return {};
    throw error;
  }
}

async function put({ secretsManager, stage }: Deps, name: string, value: JsonObject): Promise<void> {
  const input = { SecretId: `monoova/${stage}/${name}`, SecretString: JSON.stringify(value) };
  await secretsManager.handle({ action: 'PutSecretValue', input, principal: ROOT });
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
