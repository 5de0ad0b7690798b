import { generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { selfSignedCertificate } from './certificate.ts';
import type { Time } from './time.ts';

type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const generate = promisify(generateKeyPair);
const MODULUS_BITS = 2048;
const DAY_MS = 86_400_000;
/** "The certificate returned is short-lived (1-year validity)" (specification, PublicCertificate). */
const VALIDITY_MS = 365 * DAY_MS;

/**
 * The key that signs webhooks. It is made in the background (50 to 300 ms) when it is first asked for or foreseen, so
 * that the simulator starts at once and one that never signs never pays for it.
 */
export class SigningKey {
  readonly #time: Time;
  #pair: Promise<KeyPair> | undefined;
  #pairBefore: Promise<KeyPair> | undefined;
  #foreignPair: Promise<KeyPair> | undefined;
  #serialNumber = 1;

  constructor(time: Time) {
    this.#time = time;
  }

  /** Starts making the key; safe to repeat. */
  prepare(): Promise<KeyPair> {
    this.#pair ??= newKeyPair();
    return this.#pair;
  }

  /** From here on only the new key signs and is published; the old one is gone, as after Monoova's yearly change. */
  async rotate(): Promise<void> {
    this.#serialNumber += 1;
    this.#pairBefore = this.#pair;
    this.#pair = newKeyPair();
    await this.#pair;
  }

  /** RSASSA-PKCS1-v1_5 with SHA-256 over the exact bytes, base64 (known from a real signed sandbox webhook). */
  async sign(body: Buffer): Promise<string> {
    const { privateKey } = await this.prepare();
    return sign('sha256', body, privateKey).toString('base64');
  }

  /** By the key that was changed, as what was signed before the change and arrives after it; by the present one where none was. */
  async signAsBefore(body: Buffer): Promise<string> {
    const { privateKey } = await (this.#pairBefore ?? this.prepare());
    return sign('sha256', body, privateKey).toString('base64');
  }

  /** A well-made signature by a key that is not Monoova's. */
  async signAsStranger(body: Buffer): Promise<string> {
    this.#foreignPair ??= newKeyPair();
    const { privateKey } = await this.#foreignPair;
    return sign('sha256', body, privateKey).toString('base64');
  }

  /** Upper-case hexadecimal of the PKCS#1 RSAPublicKey in DER, as the specification's example decodes. */
  async publicKeyHex(): Promise<string> {
    const { publicKey } = await this.prepare();
    return publicKey.export({ type: 'pkcs1', format: 'der' }).toString('hex').toUpperCase();
  }

  /** DER. That the real endpoint sends DER and not PEM is a guess. */
  async certificate(): Promise<Buffer> {
    const pair = await this.prepare();
    const nowMs = this.#time.nowMs();
    return selfSignedCertificate({
      ...pair,
      commonName: 'monoova-simulator',
      serialNumber: this.#serialNumber,
      notBeforeMs: nowMs - DAY_MS,
      notAfterMs: nowMs + VALIDITY_MS,
    });
  }
}

function newKeyPair(): Promise<KeyPair> {
  const pair = generate('rsa', { modulusLength: MODULUS_BITS });
  // Whoever awaits it sees the failure; without this line an unawaited one would end the process.
  pair.catch(() => {});
  return pair;
}
