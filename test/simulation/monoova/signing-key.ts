import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

const MODULUS_BITS = 2_048;

/** One for the process: it takes a tenth of a second to make, and a run looks at nothing of it but whether it fits. */
let pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject } | undefined;

function keyPair() {
  pair ??= generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS });
  return pair;
}

/** Hexadecimal of the PKCS#1 key, as Monoova publishes it. */
export function publicKeyHex(): string {
  return keyPair().publicKey.export({ type: 'pkcs1', format: 'der' }).toString('hex');
}

export function signatureOf(body: Buffer): string {
  return sign('sha256', body, keyPair().privateKey).toString('base64');
}
