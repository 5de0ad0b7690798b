import * as z from 'zod';

/** Monoova's codes are words without spaces; anything else in their place is not repeated in logs and records. */
const CODE = /^[A-Za-z][A-Za-z0-9]{0,79}$/;

/**
 * What this system reads of an answer. Monoova "regularly releases additive changes": unknown fields are let pass, and a field
 * of another type than expected counts as absent.
 */
const envelopeSchema = z.object({
  status: z.string().regex(CODE).optional().catch(undefined),
  statusDescription: z.string().optional().catch(undefined),
  transactionId: z.unknown().optional(),
  callerUniqueReference: z.unknown().optional(),
  uniqueReference: z.unknown().optional(),
  transactionStatus: z.string().regex(CODE).optional().catch(undefined),
});
export type Envelope = z.output<typeof envelopeSchema>;

/** Undefined for a body that is no JSON object. */
export function parseEnvelope(body: string): Envelope | undefined {
  try {
    return envelopeSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** Monoova's number of a transaction; undefined for 0 ("returned if any errors occurred") and for anything but a whole number. */
export function transactionIdOf(envelope: Envelope): number | undefined {
  const { transactionId } = envelope;
  return Number.isSafeInteger(transactionId) && Number(transactionId) > 0 ? Number(transactionId) : undefined;
}

/** True where the answer says that there is no transaction: 0, null or no such field. */
export function hasNoTransaction(envelope: Envelope): boolean {
  const { transactionId } = envelope;
  return transactionId === undefined || transactionId === null || transactionId === 0;
}
