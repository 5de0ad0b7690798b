import { maskOf } from '../domain/destination.ts';
import { DestinationUnusableError } from '../domain/errors.ts';
import type { Customer, CustomerStore, DestinationCipher, StoredDestination } from '../functions/shared/ports.ts';
import { kmsClient } from './clients.ts';
import type { Connection } from './connection.ts';
import type { PlainCustomer } from './customer-file.ts';
import { openCustomers } from './customers.ts';
import { CommandError, sentenceOf } from './errors.ts';

export type Registered = {
  readonly customer: Customer;
  /** Destinations of a type that the customer no longer has. */
  readonly removed: readonly StoredDestination[];
};

/** Each needs one call of KMS for each destination; so many at once stay far below every quota. */
const CUSTOMERS_AT_ONCE = 8;

/**
 * Encrypts and writes customers, each in place of what was there. Safe to repeat: a payout that is under way keeps the
 * destination that its record pinned.
 * @throws {CommandError} after some were written; the message names how many.
 */
export async function registerCustomers(
  connection: Connection,
  customers: readonly PlainCustomer[],
  newId: () => string,
): Promise<Registered[]> {
  const [{ createDestinationCipher }, kms, { store, resources }] = await Promise.all([
    import('../functions/adapters/destination-cipher.ts'),
    kmsClient(connection),
    openCustomers(connection),
  ]);
  const cipher = createDestinationCipher({ keyArn: resources.destinations_key_arn, kms });
  const registered: Registered[] = [];
  for (let first = 0; first < customers.length; first += CUSTOMERS_AT_ONCE) {
    const batch = customers.slice(first, first + CUSTOMERS_AT_ONCE);
    const outcomes = await Promise.allSettled(batch.map((customer) => register(customer, { cipher, store, newId })));
    registered.push(...outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw unfinished(failed.reason, registered, { customers, connection });
  }
  return registered;
}

type RegisterDeps = { readonly cipher: DestinationCipher; readonly store: CustomerStore; readonly newId: () => string };

async function register(plain: PlainCustomer, { cipher, store, newId }: RegisterDeps): Promise<Registered> {
  const { customer_id } = plain;
  const payout_destinations = await Promise.all(
    plain.payout_destinations.map(async (destination): Promise<StoredDestination> => {
      const id = `dst-${newId()}`;
      const ciphertext = await cipher.encrypt(destination, { customer_id, destination_id: id });
      return { id, type: destination.type, ciphertext, masked: maskOf(destination) };
    }),
  );
  const customer = { customer_id, payout_destinations };
  const before = await knownDestinations(store, customer_id);
  await store.put(customer);
  const kept = new Set(payout_destinations.map(({ type }) => type));
  return { customer, removed: before.filter(({ type }) => !kept.has(type)) };
}

/** A record that cannot be read is what registering again is the cure for. */
async function knownDestinations(store: CustomerStore, customerId: string): Promise<readonly StoredDestination[]> {
  try {
    const customer = await store.read(customerId);
    return customer?.payout_destinations ?? [];
  } catch (error) {
    if (error instanceof DestinationUnusableError) return [];
    throw error;
  }
}

function unfinished(
  reason: unknown,
  registered: readonly Registered[],
  { customers, connection }: { readonly customers: readonly PlainCustomer[]; readonly connection: Connection },
): CommandError {
  const sentence = sentenceOf(reason, connection);
  const progress = `${registered.length} of ${customers.length} customers are written; run the same command again, it is safe to repeat`;
  return new CommandError(`${sentence} (${progress})`, { cause: reason });
}
