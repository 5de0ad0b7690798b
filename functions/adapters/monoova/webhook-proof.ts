import { hash, type KeyObject, timingSafeEqual, verify } from 'node:crypto';
import type { NowMs } from '../../shared/ports.ts';
import type { ReadWebhookSecret, WebhookSecret } from '../secrets.ts';
import type { SigningKeys } from './signing-keys.ts';

/** `signature-and-bearer`: both or nothing. `bearer`: the bearer always, and a signature where one is sent. */
export type ProofMode = 'signature-and-bearer' | 'bearer';

/** What a webhook brings along; undefined where it is absent. Two bearers are none, and two signatures are an empty one, which is wrong. */
export type Credentials = {
  readonly authorization: string | undefined;
  readonly signature: string | undefined;
};

export type Proof =
  | { readonly isProven: true }
  | {
      readonly isProven: false;
      readonly reason: 'bearer missing' | 'bearer wrong' | 'signature missing' | 'signature wrong';
    };

export type ProveWebhook = (credentials: Credentials, body: Buffer) => Promise<Proof>;

/**
 * A stranger's token must not become a call to Secrets Manager each time. Shorter than Monoova's one repeat of a webhook, which comes
 * after 30 seconds: what is refused because of this is accepted then.
 */
export const READ_AGAIN_AFTER_MS = 20_000;
/** An RSA signature of 8192 bits has 1368 characters. */
const SIGNATURE_MAX_CHARACTERS = 1_400;

/**
 * Proves that a webhook is Monoova's: the token that was agreed at subscription comes back in `Authorization`, and
 * `Verification-Signature` is base64 of RSASSA-PKCS1-v1_5 with SHA-256 over the exact bytes of the body (OpenAPI v5.29; the padding
 * was verified against a webhook of the real sandbox). There is no time in it, so a webhook can be replayed: facts can be repeated.
 * @throws {SigningKeyUnavailableError} where Monoova's key cannot be had; the webhook is neither proven nor refuted.
 * @throws {ConfigurationError} where the secret cannot be used.
 */
export function createWebhookProof(deps: {
  readonly readSecret: ReadWebhookSecret;
  readonly keys: SigningKeys;
  readonly mode: ProofMode;
  readonly nowMs: NowMs;
}): ProveWebhook {
  const secretFor = createSecretFinder(deps);
  return async ({ authorization, signature }, body) => {
    if (authorization === undefined) return { isProven: false, reason: 'bearer missing' };
    const secret = await secretFor(authorization);
    if (secret === undefined) return { isProven: false, reason: 'bearer wrong' };
    // Monoova's key is asked for only after the bearer, so that strangers cannot make us call.
    if (signature === undefined) {
      return deps.mode === 'bearer' ? { isProven: true } : { isProven: false, reason: 'signature missing' };
    }
    const isSigned = await deps.keys.someKey(secret.baseUrl, (key) => isSignedBy(key, signature, body));
    return isSigned ? { isProven: true } : { isProven: false, reason: 'signature wrong' };
  };
}

/** The secret that holds this token: as it is known or, at most every 20 seconds, as it is now. A token that was just rotated in is found. */
function createSecretFinder(deps: { readonly readSecret: ReadWebhookSecret; readonly nowMs: NowMs }) {
  let readAgainAtMs = 0;
  return async (authorization: string): Promise<WebhookSecret | undefined> => {
    const known = await deps.readSecret();
    if (isOneOf(authorization, known.tokens)) return known;
    if (deps.nowMs() < readAgainAtMs) return undefined;
    readAgainAtMs = deps.nowMs() + READ_AGAIN_AFTER_MS;
    const fresh = await deps.readSecret({ isFresh: true });
    return isOneOf(authorization, fresh.tokens) ? fresh : undefined;
  };
}

/** In constant time: hashes have one length, and every token is compared. */
function isOneOf(authorization: string, tokens: readonly string[]): boolean {
  const told = digest(authorization);
  return tokens.map((token) => timingSafeEqual(told, digest(headerOf(token)))).includes(true);
}

/** Monoova registers "[type] [credentials]" and sends it back as it is; a token without a type is a Bearer token. */
export function headerOf(token: string): string {
  return token.includes(' ') ? token : `Bearer ${token}`;
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

/** `signature` is base64. */
export function isSignedBy(key: KeyObject, signature: string, body: Buffer): boolean {
  if (signature.length > SIGNATURE_MAX_CHARACTERS) return false;
  return verify('sha256', body, key, Buffer.from(signature, 'base64'));
}
