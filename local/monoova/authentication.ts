import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';
import type { Settings } from './settings.ts';
import type { Time } from './time.ts';

/** Live accounts: "five (5) attempts … On the fifth failure your Sign-In Account is locked for one (1) hour" (specification). */
const ATTEMPTS_MAX = 5;
const LOCK_MS = 3_600_000;
/** No source says which status goes with the two codes; 401 is a guess, as is that a success starts the count anew. */
const UNAUTHORISED = 401;

/** HTTP Basic with the API key as user name and an empty password. */
export class Authentication {
  readonly #expected: Buffer;
  readonly #time: Time;
  readonly #locks: boolean;
  #failures = 0;
  #lockedUntilMs = 0;

  constructor(deps: { apiKey: string; time: Time; settings: Settings }) {
    this.#expected = digest(Buffer.from(`${deps.apiKey}:`).toString('base64'));
    this.#time = deps.time;
    this.#locks = deps.settings.environment === 'Live';
  }

  /** @throws {Refusal} `MerchantFailedToLogin`, or `MerchantLockedOut` (even for the right key) while a Live account is locked. */
  check(authorization: string | undefined): void {
    if (this.#time.nowMs() < this.#lockedUntilMs) throw this.#lockedOut();
    if (this.#isRight(authorization)) {
      this.#failures = 0;
      return;
    }
    this.#failures += 1;
    if (this.#locks && this.#failures >= ATTEMPTS_MAX) {
      this.#failures = 0;
      this.#lockedUntilMs = this.#time.nowMs() + LOCK_MS;
      throw this.#lockedOut();
    }
    throw new Refusal('MerchantFailedToLogin', 'Authentication failure', { httpStatus: UNAUTHORISED });
  }

  #isRight(authorization: string | undefined): boolean {
    const [scheme = '', credentials = ''] = (authorization ?? '').split(' ');
    return scheme.toLowerCase() === 'basic' && timingSafeEqual(digest(credentials), this.#expected);
  }

  #lockedOut(): Refusal {
    const until = new Date(this.#lockedUntilMs).toISOString();
    const text = `Your Sign-In Account is locked. It will be unlocked at ${until} (UTC)`;
    return new Refusal('MerchantLockedOut', text, { httpStatus: UNAUTHORISED });
  }
}

/** Equal lengths are what timingSafeEqual asks for. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
