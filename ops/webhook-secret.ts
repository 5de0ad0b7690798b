import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { secretsClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import type { Resources } from './resources.ts';

/** The newest comes first. What else the secret says is kept as it is. */
const secretSchema = z.looseObject({ tokens: z.array(z.string().min(1)).min(1).max(2) });
export type WebhookSecret = z.output<typeof secretSchema>;

export type StoredSecret = {
  readonly secret: WebhookSecret;
  /** When this value was put, in milliseconds since the epoch. */
  readonly storedAtMs: number;
};

const TOKEN_BYTES = 32;

/** Goes into a header, and is not to be guessed: 43 characters of base64url. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/**
 * The stage's webhook secret, past every cache. Undefined where nobody has put a value yet.
 * @throws {CommandError} where it holds something else than tokens; it is not repeated.
 */
export async function readWebhookSecret(
  connection: Connection,
  { webhook_secret: SecretId }: Resources,
): Promise<StoredSecret | undefined> {
  const { client, GetSecretValueCommand, ResourceNotFoundException } = await secretsClient(connection);
  try {
    const { SecretString = '', CreatedDate } = await client.send(new GetSecretValueCommand({ SecretId }));
    const parsed = secretSchema.safeParse(parsedJson(SecretString));
    if (parsed.success) return { secret: parsed.data, storedAtMs: CreatedDate?.getTime() ?? 0 };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
  throw new CommandError(`the secret ${SecretId} is not {"tokens": [one or two]}: nothing was changed`);
}

/** Safe to repeat. The functions find a new token as soon as one comes that they do not know. */
export async function writeWebhookSecret(
  connection: Connection,
  { webhook_secret: SecretId }: Resources,
  secret: WebhookSecret,
): Promise<void> {
  const { client, PutSecretValueCommand } = await secretsClient(connection);
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(secret) }));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
