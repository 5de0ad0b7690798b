import { createPublicKey, type KeyObject } from 'node:crypto';
import { errorName } from '../../shared/error-name.ts';
import type { Log, NowMs } from '../../shared/ports.ts';
import type { HttpExchange } from './http-exchange.ts';

const PATH = '/public/v1/certificate/public-key';
/** Monoova waits for its answer meanwhile. */
const FETCH_TIMEOUT_MS = 1_200;
/**
 * A forged signature must not become a call to Monoova each time. Both are shorter than Monoova's one repeat of a webhook, which comes
 * after 30 seconds: what is refused because of them is accepted then.
 */
const FETCH_AGAIN_AFTER_MS = 20_000;
const FETCH_AGAIN_AFTER_FAILURE_MS = 5_000;
/** Assumption: what Monoova signed with the old key is delivered, repeated and resent within a day of the change. */
const PREVIOUS_KEY_VALID_MS = 86_400_000;
const MODULUS_MIN_BITS = 2_048;
const HEXADECIMAL = /^(?:[0-9a-fA-F]{2}){64,2048}$/;
const OK = 200;

/** Monoova's signing key cannot be had now. Nothing is known about the signature. */
export class SigningKeyUnavailableError extends Error {
  override readonly name = 'SigningKeyUnavailableError' as const;
}

export interface SigningKeys {
  /**
   * True where `isRight` accepts Monoova's key: the one that is known, the one before it, or, if it is time to ask again, the
   * one that is published now.
   * @throws {SigningKeyUnavailableError} where no key is known.
   */
  someKey(baseUrl: string, isRight: (key: KeyObject) => boolean): Promise<boolean>;
}

type Held = { readonly hex: string; readonly key: KeyObject };

/** Keys in hexadecimal, as they are published. */
export type RememberedKeys = {
  readonly current: string;
  readonly previous?: { readonly hex: string; readonly untilMs: number } | undefined;
};

/** What environments know of keys beyond their own lives: of each Monoova, the last that has proven a webhook, and the one before it. */
export type KeyMemory = {
  /** Undefined where none has been kept yet. */
  recall(baseUrl: string): Promise<RememberedKeys | undefined>;
  keep(baseUrl: string, keys: RememberedKeys): Promise<void>;
};

type SigningKeysDeps = {
  readonly exchange: HttpExchange;
  readonly nowMs: NowMs;
  readonly log: Pick<Log, 'warn'>;
  readonly memory: KeyMemory;
};

/**
 * The public key "expected to change every 1 year" (OpenAPI v5.29), fetched without credentials and kept for as long as the
 * environment lives. At a change the new key is found when the first signature fails, and the old one stays valid for a day, also in an
 * environment that has not known it (decision 54). The memory is a help: without it, everything else goes on.
 */
export function createSigningKeys(deps: SigningKeysDeps): SigningKeys {
  let current: Held | undefined;
  let previous: (Held & { readonly untilMs: number }) | undefined;
  let kept: string | undefined;
  let mayKeep = false;
  let fetchAgainAtMs = 0;

  async function published(baseUrl: string): Promise<Held | undefined> {
    if (deps.nowMs() < fetchAgainAtMs) return undefined;
    const fetched = await fetchKey(deps.exchange, baseUrl);
    fetchAgainAtMs = deps.nowMs() + (fetched ? FETCH_AGAIN_AFTER_MS : FETCH_AGAIN_AFTER_FAILURE_MS);
    return fetched;
  }

  /** @returns the key where it is another than was known */
  function learn(fetched: Held | undefined): Held | undefined {
    if (!fetched || fetched.hex === current?.hex) return undefined;
    previous = current && { ...current, untilMs: deps.nowMs() + PREVIOUS_KEY_VALID_MS };
    current = fetched;
    return fetched;
  }

  async function begin(baseUrl: string): Promise<void> {
    const [fetched, recalled] = await Promise.all([published(baseUrl), recall(deps, baseUrl)]);
    const remembered = recalled.keys;
    kept = remembered?.current;
    mayKeep = recalled.isSure;
    current = remembered && parseKey(remembered.current);
    const before = remembered?.previous;
    const held = before && parseKey(before.hex);
    previous = held && { ...held, untilMs: before.untilMs };
    learn(fetched);
  }

  /** Once it has proven a webhook: a stranger must not make us write. And not where recalling has failed: Monoova waits meanwhile. */
  async function keep(baseUrl: string): Promise<void> {
    if (!mayKeep || current === undefined || kept === current.hex) return;
    kept = current.hex;
    try {
      const keptBefore = previous && { hex: previous.hex, untilMs: previous.untilMs };
      await deps.memory.keep(baseUrl, { current: current.hex, previous: keptBefore });
    } catch (error) {
      deps.log.warn("Monoova's signing key could not be kept.", { error: errorName(error) });
    }
  }

  async function isSome(baseUrl: string, isRight: (key: KeyObject) => boolean): Promise<boolean> {
    if (current === undefined) await begin(baseUrl);
    if (current === undefined) throw new SigningKeyUnavailableError("Monoova's signing key cannot be fetched.");
    if (isRight(current.key)) return true;
    if (previous !== undefined && deps.nowMs() < previous.untilMs && isRight(previous.key)) return true;
    const changed = learn(await published(baseUrl));
    return changed !== undefined && isRight(changed.key);
  }

  return {
    async someKey(baseUrl, isRight) {
      const isProven = await isSome(baseUrl, isRight);
      if (isProven) await keep(baseUrl);
      return isProven;
    },
  };
}

type Recalled = { readonly isSure: boolean; readonly keys?: RememberedKeys | undefined };

async function recall({ memory, log }: SigningKeysDeps, baseUrl: string): Promise<Recalled> {
  try {
    return { isSure: true, keys: await memory.recall(baseUrl) };
  } catch (error) {
    log.warn("Monoova's signing keys of before could not be recalled.", { error: errorName(error) });
    return { isSure: false };
  }
}

async function fetchKey(exchange: HttpExchange, baseUrl: string): Promise<Held | undefined> {
  const outcome = await exchange({
    method: 'GET',
    url: `${baseUrl}${PATH}`,
    headers: { Accept: 'application/octet-stream' },
    timeoutMs: FETCH_TIMEOUT_MS,
  });
  return outcome.kind === 'answer' && outcome.status === OK ? parseKey(outcome.body) : undefined;
}

/** Undefined for what is no hexadecimal of a PKCS#1 RSAPublicKey in DER, or one of less than 2048 bits. */
export function signingKeyOf(hex: string): KeyObject | undefined {
  return parseKey(hex)?.key;
}

/** Hexadecimal of a PKCS#1 RSAPublicKey in DER, as the example of the specification decodes. */
function parseKey(body: string): Held | undefined {
  const hex = body.trim().toLowerCase();
  if (!HEXADECIMAL.test(hex)) return undefined;
  try {
    const key = createPublicKey({ key: Buffer.from(hex, 'hex'), format: 'der', type: 'pkcs1' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return bits >= MODULUS_MIN_BITS ? { hex, key } : undefined;
  } catch {
    return undefined;
  }
}
