import type { Fact } from '../../../domain/fact.ts';
import type { Payout, PayoutStatus } from '../../../domain/payout.ts';

/** From here on a history may have had no room for a fact that names no final status. */
const ROOM_FOR_MINOR_FACTS = 40;

/**
 * The status that a record's own history speaks for, by the rules of the design and not by the code that folds facts. Undefined
 * where the history was full and cannot tell.
 */
export function explainedStatus(payout: Payout): PayoutStatus | undefined {
  const { history, posts, amount_cents } = payout;
  const facts = history.filter((fact) => isAbout(payout, fact));
  const has = (...kinds: readonly Fact['kind'][]) => facts.some(({ kind }) => kinds.includes(kind));
  if (sumOfReturns(payout, facts) >= amount_cents) return 'Returned';
  if (has('completed', 'returned')) return 'Completed';
  if (has('rejected')) return 'Rejected';
  if (has('declined', 'patience-ended')) return posts === 0 ? 'Failed' : 'Pending';
  return history.length >= ROOM_FOR_MINOR_FACTS ? undefined : 'Pending';
}

/** Another reference or amount is about another payment; a return may be of a part. */
function isAbout({ uniqueReference, amount_cents }: Payout, fact: Fact): boolean {
  if (fact.unique_reference !== undefined && fact.unique_reference !== uniqueReference) return false;
  if (fact.amount_cents === undefined || fact.amount_cents === amount_cents) return true;
  return fact.kind === 'returned' && fact.amount_cents >= 1 && fact.amount_cents <= amount_cents;
}

/** Each return once, by its number; one without an amount is of the whole. */
function sumOfReturns({ amount_cents }: Payout, facts: readonly Fact[]): number {
  const returns = new Map<unknown, number>();
  for (const fact of facts) {
    if (fact.kind === 'returned') returns.set(fact.return_transaction_id, fact.amount_cents ?? amount_cents);
  }
  return [...returns.values()].reduce((sum, cents) => sum + cents, 0);
}
