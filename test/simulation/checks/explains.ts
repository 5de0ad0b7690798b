import type { Fact } from '../../../domain/fact.ts';
import type { Payout, PayoutStatus } from '../../../domain/payout.ts';

/** From here on a history may have had no room for a fact that names no final status. */
const ROOM_FOR_MINOR_FACTS = 40;
/** From here on it may have had no room for one that does; only what people say still finds a place. */
const ROOM_FOR_FINAL_FACTS = 46;

/**
 * The status that a record's own history speaks for, by the rules of the design and not by the code that folds facts. Undefined
 * where the history was full and cannot tell.
 */
export function explainedStatus(payout: Payout): PayoutStatus | undefined {
  const { history, amount_cents = Number.POSITIVE_INFINITY } = payout;
  if (history.length >= ROOM_FOR_FINAL_FACTS) return undefined;
  const facts = history.filter((fact) => isAbout(payout, fact));
  const has = (...kinds: readonly Fact['kind'][]) => facts.some(({ kind }) => kinds.includes(kind));
  if (sumOfReturns(payout, facts) >= amount_cents) return 'Returned';
  if (has('completed', 'returned')) return 'Completed';
  if (has('rejected')) return 'Rejected';
  if (has('failed')) return 'Failed';
  const endedRounds = facts.filter(({ kind }) => kind === 'declined' || kind === 'patience-ended').map(roundOf);
  if (endedRounds.length > 0) return isUnpaid(payout, Math.max(...endedRounds)) ? 'Failed' : 'Pending';
  return history.length >= ROOM_FOR_MINOR_FACTS ? undefined : 'Pending';
}

function roundOf({ round = 0 }: Fact): number {
  return round;
}

/** Every POST is either proven unreceived or was answered for by a person before that round began. */
function isUnpaid({ posts, resends = [] }: Payout, round: number): boolean {
  return posts === (round === 0 ? 0 : (resends[round - 1] ?? 0));
}

/** Another reference or amount is about another payment; a return may be of a part. */
function isAbout({ uniqueReference, amount_cents }: Payout, fact: Fact): boolean {
  if (fact.unique_reference !== undefined && fact.unique_reference !== uniqueReference) return false;
  if (amount_cents === undefined) return fact.kind !== 'returned';
  if (fact.amount_cents === undefined || fact.amount_cents === amount_cents) return true;
  return fact.kind === 'returned' && fact.amount_cents >= 1 && fact.amount_cents <= amount_cents;
}

/** Each return once, by its number; one without an amount is of the whole. A part without a number may be another's repeat: it adds nothing. */
function sumOfReturns({ amount_cents = 0 }: Payout, facts: readonly Fact[]): number {
  const returns = new Map<number | undefined, number>();
  for (const fact of facts) {
    const cents = fact.amount_cents ?? amount_cents;
    const isWhole = cents === amount_cents;
    if (fact.kind === 'returned' && (isWhole || fact.return_transaction_id !== undefined))
      returns.set(fact.return_transaction_id, cents);
  }
  return [...returns.values()].reduce((sum, cents) => sum + cents, 0);
}
