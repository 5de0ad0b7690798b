import { parseReference, parseTransactionId, type TransactionId, transactionIdOf } from '../domain/reference.ts';
import { UsageError } from './errors.ts';

/**
 * Reads what a person has at hand: the transaction id, or Monoova's reference of the same payout.
 * @throws {UsageError} for anything else.
 */
export function transactionIdFrom(text: string): TransactionId {
  const id = parseTransactionId(text);
  if (id !== undefined) return id;
  const reference = parseReference(text);
  if (reference !== undefined) return transactionIdOf(reference);
  throw new UsageError(
    "that is no transaction id: it is txn- and a UUID, as POST /payouts answered it (Monoova's uniqueReference does as well)",
  );
}
