import type { Fact } from './fact.ts';

export type Returns = {
  /** How much has come back: 0 to the amount. */
  readonly returnedCents: number;
  /** False where a person has to look: the returns cannot be told apart, contradict each other, or are more than was paid. */
  readonly isClear: boolean;
};

/**
 * Adds up the returns of one payout, each once by Monoova's number of it. A return of the whole amount needs no number. A part
 * without one may be the repeat of another, so it adds nothing. In cents; the order of the facts does not matter.
 */
export function addUpReturns(amountCents: number, returns: readonly Fact[]): Returns {
  const centsByNumber = new Map<number, number>();
  let isWhole = false;
  let isClear = true;
  for (const { return_transaction_id: number, amount_cents: cents = amountCents } of returns) {
    isWhole ||= cents === amountCents;
    if (number === undefined) {
      isClear &&= cents === amountCents;
      continue;
    }
    const known = centsByNumber.get(number) ?? cents;
    isClear &&= known === cents;
    centsByNumber.set(number, Math.max(known, cents));
  }
  const sumCents = [...centsByNumber.values()].reduce((sum, cents) => sum + cents, 0);
  return {
    returnedCents: isWhole ? amountCents : Math.min(sumCents, amountCents),
    isClear: isClear && sumCents <= amountCents,
  };
}
