import * as z from 'zod';
import { maskOf, PAYOUT_METHODS } from '../../domain/destination.ts';
import { DestinationUnusableError } from '../../domain/errors.ts';
import { type Answer, problemAnswer } from '../../domain/problem.ts';
import type { CustomerStore, DestinationCipher, Metrics, StoredDestination } from '../shared/ports.ts';

const eventSchema = z.object({ customer_id: z.string(), payout_method: z.enum(PAYOUT_METHODS) });

export type Found =
  | { readonly destination: Omit<StoredDestination, 'type'>; readonly refusal: null }
  | { readonly destination: null; readonly refusal: Answer };

export type DecryptDestinationDeps = {
  readonly customers: CustomerStore;
  readonly cipher: DestinationCipher;
  readonly metrics: Metrics;
};

/**
 * Finds the customer's destination for a method, decrypts it in memory to see that it can be paid, and gives back ciphertext
 * and mask. The plain text never leaves this function. Safe to repeat.
 * @throws {DestinationUnusableError} where the ciphertext is not this customer's, or is no destination of this method.
 */
export function createHandler(deps: DecryptDestinationDeps): (event: unknown) => Promise<Found> {
  return async function decryptDestination(event) {
    const { customer_id, payout_method } = eventSchema.parse(event);
    const customer = await deps.customers.read(customer_id);
    if (!customer) return refuse(deps, problemAnswer('unknown_customer'));
    const stored = customer.payout_destinations.find(({ type }) => type === payout_method);
    if (!stored) return refuse(deps, problemAnswer('no_such_destination'));
    const masked = await check(deps, stored, customer_id);
    return { destination: { id: stored.id, ciphertext: stored.ciphertext, masked }, refusal: null };
  };
}

/** The mask is made of what was decrypted, not read from the record: what is shown is what will be paid. */
async function check(deps: DecryptDestinationDeps, stored: StoredDestination, customerId: string): Promise<string> {
  try {
    const context = { customer_id: customerId, destination_id: stored.id };
    const destination = await deps.cipher.decrypt(stored.ciphertext, context);
    if (destination.type === stored.type) return maskOf(destination);
    throw new DestinationUnusableError(
      `Destination ${stored.id} of ${customerId} is of another type than its record says.`,
    );
  } catch (error) {
    if (error instanceof DestinationUnusableError) deps.metrics.count('DestinationUnusable');
    throw error;
  }
}

function refuse(deps: DecryptDestinationDeps, refusal: Answer): Found {
  deps.metrics.count('PayoutRefused');
  return { destination: null, refusal };
}
