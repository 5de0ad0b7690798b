import { READ_AGAIN_AFTER_MS } from '../functions/adapters/monoova/webhook-proof.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import type { Resources } from './resources.ts';
import type { Terminal } from './terminal.ts';
import { newToken, readWebhookSecret, type StoredSecret, writeWebhookSecret } from './webhook-secret.ts';

type Stage = { readonly connection: Connection; readonly resources: Resources };

/** For clocks that differ. */
const MARGIN_MS = 1_000;

/**
 * The stage's tokens with a new one in front: those of an exchange that is under way, or else stored now. Safe to repeat.
 * @throws {CommandError} where there is no token yet.
 */
export async function exchangedTokens(stage: Stage): Promise<StoredSecret> {
  const stored = await read(stage);
  if (isUnderWay(stored)) return stored;
  const tokens = [newToken(), ...stored.secret.tokens];
  await writeWebhookSecret(stage.connection, stage.resources, { ...stored.secret, tokens });
  return read(stage);
}

/** @throws {CommandError} where no exchange is under way. */
export async function tokensUnderWay(stage: Stage): Promise<StoredSecret> {
  const stored = await read(stage);
  if (!isUnderWay(stored)) throw new CommandError('no exchange is under way: one token is valid');
  return stored;
}

/**
 * The new token, once Monoova may be given it: every environment of the receiver looks again for a token that it does not know, but not within
 * 20 seconds of its last look, which any stranger can cause. A webhook that met one too early would be refused.
 *
 * @throws {CommandError} where somebody else has exchanged it meanwhile; Monoova has been told nothing.
 */
export async function tokenToGive(
  stage: Stage,
  { secret, storedAtMs }: StoredSecret,
  terminal: Terminal,
): Promise<string> {
  const [token = ''] = secret.tokens;
  if (secret.tokens.length === 1) return token;
  const waitMs = storedAtMs + READ_AGAIN_AFTER_MS + MARGIN_MS - terminal.nowMs();
  if (waitMs <= 0) return token;
  terminal.stderr.write(
    `Waiting ${Math.ceil(waitMs / 1_000)} s, until every receiver may look for the new token ...\n`,
  );
  await terminal.wait(waitMs);
  const [newest] = (await read(stage)).secret.tokens;
  if (newest !== token) {
    throw new CommandError('somebody else has exchanged the token meanwhile: Monoova was told nothing; run it again');
  }
  return token;
}

function isUnderWay({ secret }: StoredSecret): boolean {
  return secret.tokens.length > 1;
}

async function read({ connection, resources }: Stage): Promise<StoredSecret> {
  const stored = await readWebhookSecret(connection, resources);
  if (stored) return stored;
  throw new CommandError('there is no token to exchange: payouts webhooks subscribe makes the first one');
}
