import { type ComparedPayout, isFinal, isKnownToMonoova } from './payout.ts';

/** What Monoova's books say of a payment. `unknown`: a status that proves nothing for an NPP payout. */
export type Said = 'completed' | 'rejected' | 'pending' | 'unknown';

export type Verdict =
  | { readonly kind: 'agrees' }
  /** Monoova's word is proof of this fact: applying it settles what can be settled, and marks the rest as a conflict. */
  | { readonly kind: 'repair'; readonly fact: 'accepted' | 'completed' | 'rejected' }
  /** Neither of the two proves the other wrong. */
  | { readonly kind: 'differs' }
  /** Whatever it means, Monoova has the payment: where that is new it is worth a fact. */
  | { readonly kind: 'unclear'; readonly fact?: 'accepted' };

/**
 * One payout against the status that Monoova's books give it.
 *
 *     here \ Monoova     pending               completed         rejected         else
 *     Pending, known     agrees                repair            repair           unclear
 *     Pending, unknown   repair: it has it     repair            repair           unclear: it has it
 *     Failed             differs               repair, conflict  repair, conflict unclear
 *     Rejected           differs               repair, conflict  agrees           unclear
 *     Completed          differs               agrees            conflict         unclear
 *     Returned           differs               agrees            conflict         unclear
 *
 * A returned payment stays complete in Monoova's books: its statuses have none for a return. Pure.
 */
export function compareStatus(payout: ComparedPayout, said: Said): Verdict {
  if (said === 'unknown') return isFinal(payout.status) || isKnownToMonoova(payout) ? UNCLEAR : UNCLEAR_NEWS;
  if (said === 'pending') return comparePending(payout);
  return agreeing(said).includes(payout.status) ? { kind: 'agrees' } : { kind: 'repair', fact: said };
}

const UNCLEAR: Verdict = { kind: 'unclear' };
const UNCLEAR_NEWS: Verdict = { kind: 'unclear', fact: 'accepted' };

function comparePending(payout: ComparedPayout): Verdict {
  if (isFinal(payout.status)) return { kind: 'differs' };
  return isKnownToMonoova(payout) ? { kind: 'agrees' } : { kind: 'repair', fact: 'accepted' };
}

function agreeing(said: 'completed' | 'rejected'): readonly string[] {
  return said === 'completed' ? ['Completed', 'Returned'] : ['Rejected'];
}

/** A payment as the statement tells it. */
export type Stated = { readonly amountCents?: number | undefined; readonly monoovaTransactionId?: number | undefined };

export type StatementVerdict = {
  /** What is not known here yet, or contradicts what is known. Each is worth a fact. */
  readonly news: readonly Stated[];
  readonly isOtherAmount: boolean;
  /** Two numbers of Monoova's for one reference mean that it paid twice. */
  readonly isPaidTwice: boolean;
};

/**
 * One payout against the lines of a statement that bear its reference. A line that repeats what is known is no news; one that gives
 * a number where none is known is, since only numbers tell two payments of one reference apart. What came back may be listed under
 * the reference as well (no source says so, or not), so that numbers prove nothing for a payout that is Rejected or Returned. Pure.
 */
export function compareStatement(payout: ComparedPayout, lines: readonly Stated[]): StatementVerdict {
  const mayBeReversed = payout.status === 'Rejected' || payout.status === 'Returned';
  const counted: readonly Stated[] = mayBeReversed ? lines.map(({ amountCents }) => ({ amountCents })) : lines;
  const told = [payout.monoova_transaction_id, ...counted.map(({ monoovaTransactionId }) => monoovaTransactionId)];
  const numbers = new Set(told.filter((number) => number !== undefined));
  return {
    news: counted.filter((line) => isNews(payout, line)),
    isOtherAmount: counted.some((line) => hasOtherAmount(payout, line)),
    isPaidTwice: numbers.size > 1,
  };
}

/** Two payments of one reference in one list, none of which was refused. Pure. */
export function isListedTwice(said: readonly Said[]): boolean {
  return said.filter((one) => one !== 'rejected').length > 1;
}

function isNews(payout: ComparedPayout, line: Stated): boolean {
  const { monoovaTransactionId: number } = line;
  return hasOtherAmount(payout, line) || (number !== undefined && number !== payout.monoova_transaction_id);
}

function hasOtherAmount({ amount_cents }: ComparedPayout, { amountCents }: Stated): boolean {
  return amountCents !== undefined && amount_cents !== undefined && amountCents !== amount_cents;
}
