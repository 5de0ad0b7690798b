import * as z from 'zod';
import { parseTransactionId } from '../../domain/reference.ts';

/** The key of the index after which the next page starts. It is the client's to keep and ours to read. */
const keySchema = z.strictObject({
  customer_id: z.string(),
  created_at: z.iso.datetime(),
  transaction_id: z.string().refine((text) => parseTransactionId(text) !== undefined),
});

const CURSOR = /^[A-Za-z0-9_-]{1,1000}$/;

/** Opaque to the client: base64url of the store's cursor. */
export function cursorOf(storeCursor: string): string {
  return Buffer.from(storeCursor, 'utf8').toString('base64url');
}

/** The store's cursor again; undefined for anything that this API did not give out for this customer. */
export function parseCursor(cursor: string, customerId: string): string | undefined {
  if (!CURSOR.test(cursor)) return undefined;
  const parsed = keySchema.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString('utf8')));
  return parsed.data?.customer_id === customerId ? JSON.stringify(parsed.data) : undefined;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
