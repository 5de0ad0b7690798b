import { hash } from 'node:crypto';

/**
 * One reference for ever. Monoova's `uniqueReference` is a UUID fixed at validation; ours is `txn-` and the same UUID, so
 * that a webhook finds its payout by key. Nothing here depends on a clock or a window: a key can never become a second
 * payout, not even after the table was restored to an earlier point in time.
 */
export type UniqueReference = string & { readonly __kind: 'UniqueReference' };
export type TransactionId = string & { readonly __kind: 'TransactionId' };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Where a UUID's text tells its version. */
const VERSION_AT = 14;
const TRANSACTION_ID_PREFIX = 'txn-';
export const TRANSACTION_ID = new RegExp(`^${TRANSACTION_ID_PREFIX}${UUID.source.slice(1)}`);

/** The reference of an idempotency key: its SHA-256 laid out as a UUID of version 8 (RFC 9562, section 5.8). */
export function referenceOfKey(idempotencyKey: string): UniqueReference {
  return laidOut(hash('sha256', idempotencyKey, 'buffer'));
}

/** The reference of a request without a key: 16 random bytes or more, laid out like a key's, so that it is known for ours as well. */
export function referenceOfRandom(bytes: Uint8Array): UniqueReference {
  return laidOut(Buffer.from(bytes));
}

/**
 * True for a reference that we made, as far as its form can tell: every one of ours is a UUID of version 8, which RFC 9562 leaves to
 * "experimental or vendor-specific use cases" and which no common library makes by itself. Other systems that pay from the same
 * mAccount mostly send UUIDs of versions 1, 4 or 7, or no UUIDs at all.
 */
export function hasOurForm(reference: UniqueReference): boolean {
  return reference.charAt(VERSION_AT) === '8';
}

/** The first 16 bytes as a UUID of version 8. */
function laidOut(random: Buffer): UniqueReference {
  const bytes = Buffer.from(random.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return uuid as UniqueReference;
}

/** Reads a UUID in lower case; undefined for anything else, since then it is no reference of ours. */
export function parseReference(text: unknown): UniqueReference | undefined {
  return typeof text === 'string' && UUID.test(text) ? (text as UniqueReference) : undefined;
}

/** Reads `txn-` and a UUID; undefined for anything else. */
export function parseTransactionId(text: unknown): TransactionId | undefined {
  return typeof text === 'string' && TRANSACTION_ID.test(text) ? (text as TransactionId) : undefined;
}

export function transactionIdOf(reference: UniqueReference): TransactionId {
  return `${TRANSACTION_ID_PREFIX}${reference}` as TransactionId;
}

export function referenceOf(transactionId: TransactionId): UniqueReference {
  return transactionId.slice(TRANSACTION_ID_PREFIX.length) as UniqueReference;
}

/** NPP's end-to-end id holds 35 characters (Monoova OpenAPI v5.29, `endToEndId`), a UUID without hyphens 32. */
export function endToEndIdOf(reference: UniqueReference): string {
  return reference.replaceAll('-', '');
}

/**
 * Stands for a request that came without a key: the same four fields give the same fingerprint. The parts are joined as
 * JSON, so that no two different requests can be spelt alike.
 */
export function fingerprintOf(request: {
  readonly customer_id: string;
  readonly amount_cents: number;
  readonly payout_method: string;
  readonly description?: string | undefined;
}): string {
  const parts = [request.customer_id, request.amount_cents, request.payout_method, request.description ?? null];
  return hash('sha256', JSON.stringify(parts));
}
