import type { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import * as z from 'zod';
import { ConfigurationError } from '../../domain/errors.ts';
import { allowedBaseUrl } from './monoova/base-url.ts';

/** A rotated secret is in use everywhere after this many seconds. */
const MAX_AGE_SECONDS = 300;

export type ApiKeySecret = {
  readonly apiKey: string;
  readonly environment: 'sandbox' | 'production';
  /** Without a slash at its end. */
  readonly baseUrl: string;
};

/** `isFresh` passes the cache by: for the moment after Monoova refused a key. */
export type ReadApiKey = (options?: { readonly isFresh: boolean }) => Promise<ApiKeySecret>;

/** `isFresh` passes the cache by: for the moment after a token was not among those that are known. */
export type ReadWebhookSecret = (options?: { readonly isFresh: boolean }) => Promise<WebhookSecret>;

export type WebhookSecret = {
  /** One, or the old and the new one while they are exchanged. */
  readonly tokens: readonly string[];
  /** Where Monoova publishes its signing key, without a slash at its end. */
  readonly baseUrl: string;
};

const apiKeySchema = z.object({
  // Goes into a header: visible ASCII, and no colon, which would end the user name of Basic credentials.
  apiKey: z.string().regex(/^[\x21-\x39\x3b-\x7e]{1,500}$/),
  environment: z.enum(['sandbox', 'production']),
  baseUrl: z.string(),
});

const webhookSchema = z.object({
  tokens: z.array(z.string().min(1).max(1_000)).min(1).max(2),
  baseUrl: z.string().optional(),
});

/**
 * Reads Monoova's API key.
 * @throws {ConfigurationError} where it cannot be read, or is for another environment or host than the stage's. Nothing was sent.
 */
export function createApiKeySecret(options: {
  readonly provider: SecretsProvider;
  readonly secretArn: string;
  readonly environment: ApiKeySecret['environment'];
  readonly hosts: readonly string[];
}): ReadApiKey {
  const { provider, secretArn, environment, hosts } = options;
  const read = rememberingLast((text): ApiKeySecret => {
    const secret = parse(apiKeySchema, secretArn, text);
    if (secret.environment !== environment) {
      throw new ConfigurationError(`The API key is for ${secret.environment}, and this stage is for ${environment}.`);
    }
    return { ...secret, baseUrl: allowedBaseUrl(secret.baseUrl, hosts) };
  });
  return async ({ isFresh } = { isFresh: false }) => read(await fetchText(provider, secretArn, isFresh));
}

/**
 * Reads what proves a webhook.
 * @throws {ConfigurationError} where it cannot be read, or names a host that is not the stage's.
 */
export function createWebhookSecret(options: {
  readonly provider: SecretsProvider;
  readonly secretArn: string;
  readonly hosts: readonly string[];
  /** Used where the secret names none. */
  readonly baseUrl: string;
}): ReadWebhookSecret {
  const { provider, secretArn, hosts } = options;
  const read = rememberingLast((text): WebhookSecret => {
    const secret = parse(webhookSchema, secretArn, text);
    return { tokens: secret.tokens, baseUrl: allowedBaseUrl(secret.baseUrl ?? options.baseUrl, hosts) };
  });
  return async ({ isFresh } = { isFresh: false }) => read(await fetchText(provider, secretArn, isFresh));
}

/** A secret is asked for before every call and changes once in months: the same text is read once. What throws is read again. */
function rememberingLast<Value>(read: (text: string) => Value): (text: string) => Value {
  let last: { readonly text: string; readonly value: Value } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: read(text) };
    return last.value;
  };
}

async function fetchText(provider: SecretsProvider, secretArn: string, forceFetch: boolean): Promise<string> {
  try {
    const text = await provider.get(secretArn, { maxAge: MAX_AGE_SECONDS, forceFetch, throwOnMissing: true });
    if (typeof text === 'string') return text;
  } catch (error) {
    throw new ConfigurationError(`The secret ${secretArn} cannot be read.`, { cause: error });
  }
  throw new ConfigurationError(`The secret ${secretArn} is not text.`);
}

/** No cause is kept: the words of a JSON error quote what they stumbled over. */
function parse<Schema extends z.ZodType>(schema: Schema, secretArn: string, text: string): z.output<Schema> {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'JSON object');
  throw new ConfigurationError(`The secret ${secretArn} lacks or misspells: ${fields.join(', ')}.`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
