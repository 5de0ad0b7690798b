import type { Equivalent } from './equivalent.ts';

export const inDomain: readonly Equivalent[] = [
  {
    reason:
      'No moment is before or after one that is undefined (NaN): the comparison behind it says no as well. It tells TypeScript that there is one.',
    ids: [
      'domain/controls.ts standingOf: && (refused_until !== undefined) is always true',
      'domain/controls.ts isProbedByAnother: && (probe_until !== undefined) is always true',
    ],
  },
  {
    reason:
      'A comparison with undefined is false: the next operand, `escalated_round >= roundOf(payout)`, says the same. This one tells TypeScript that there is a number.',
    ids: ['domain/payout.ts isEscalated: && (payout.escalated_round !== undefined) is always true'],
  },
  {
    reason:
      'contradicts() has taken every return of a payout whose amount nobody knows, so that none comes here; there the same question is noticed. This one tells TypeScript that there is an amount.',
    ids: ['domain/payout.ts raiseByReturns: if (payout.amount_cents === undefined) is always false'],
  },
  {
    reason:
      'The return that was just noted is then added up a second time, and addUpReturns counts each number once, the whole amount once, and a part without a number not at all.',
    ids: ['domain/payout.ts raiseByReturns: the choice (isNoted) is always false'],
  },
  {
    reason:
      'Without the question the time of the POST is NaN, no look-up is later than that, and three are needed: the answer is the same. It tells TypeScript that there is a time.',
    ids: ['domain/submission-rule.ts isQuiet: if (payout.last_posted_at === undefined) is always false'],
  },
];
