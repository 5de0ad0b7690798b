/**
 * A payout's guards are Standard executions. The first is named by the transaction id; what starts another (reconciliation, a
 * person) claims the next number in the record first, since the name of a closed execution stays taken for 90 days.
 */

/** More than this many is a defect, not a payout: it needs a person, and not another guard. */
export const GUARDS_MAX = 20;

/** `{transaction_id}`, `{transaction_id}-2`, `{transaction_id}-3`, ... */
export function guardName(transactionId: string, number: number): string {
  return number === 1 ? transactionId : `${transactionId}-${number}`;
}

/** The number of the guard of that name; undefined for a name that is none of this payout's guards. */
export function guardNumberOf(name: string, transactionId: string): number | undefined {
  if (name === transactionId) return 1;
  if (!name.startsWith(`${transactionId}-`)) return undefined;
  const number = Number(name.slice(transactionId.length + 1));
  return Number.isSafeInteger(number) && number > 1 && name === guardName(transactionId, number) ? number : undefined;
}
