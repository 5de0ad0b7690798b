import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareStatement, compareStatus, isListedTwice, type Said, type Stated } from '../../domain/comparison.ts';
import type { Fact } from '../../domain/fact.ts';
import { applyFact, type Payout, type PayoutStatus } from '../../domain/payout.ts';
import { aFact, aPayout } from '../builders/payout.ts';

const SAID: readonly Said[] = ['completed', 'rejected', 'pending', 'unknown'];
const reconciled = (fields: Partial<Fact> & Pick<Fact, 'kind'>) => aFact({ source: 'reconciliation', ...fields });

/** What facts of any kind and order make of a payout. */
const payouts: fc.Arbitrary<Payout> = fc
  .array(
    fc.record(
      {
        kind: fc.constantFrom<Fact['kind'][]>(
          'accepted',
          'unanswered',
          'patience-ended',
          'escalated',
          'rejected',
          'completed',
          'returned',
          'not-found',
        ),
        amount_cents: fc.constantFrom(12_345, 12_345, 5_000),
        monoova_transaction_id: fc.constantFrom(4_711, 4_711, 4_712),
      },
      { requiredKeys: ['kind'] },
    ),
    { maxLength: 6 },
  )
  .map((facts) => facts.reduce((payout, fact) => applyFact(payout, aFact(fact)).payout, aPayout({ posts: 1 })));

const lines: fc.Arbitrary<Stated[]> = fc.array(
  fc.record(
    { amountCents: fc.constantFrom(12_345, 12_345, 5_000), monoovaTransactionId: fc.constantFrom(4_711, 4_712) },
    { requiredKeys: [] },
  ),
  { maxLength: 3 },
);

describe('a status in the books against the record', () => {
  it.each<[PayoutStatus, Partial<Payout>, readonly (string | undefined)[]]>([
    ['Pending', { received: true }, ['completed', 'rejected', 'agrees', 'unclear']],
    ['Pending', { monoova_transaction_id: 4_711 }, ['completed', 'rejected', 'agrees', 'unclear']],
    ['Pending', { posts: 1 }, ['completed', 'rejected', 'accepted', 'unclear, accepted']],
    ['Failed', {}, ['completed', 'rejected', 'differs', 'unclear']],
    ['Rejected', {}, ['completed', 'agrees', 'differs', 'unclear']],
    ['Completed', {}, ['agrees', 'rejected', 'differs', 'unclear']],
    ['Returned', {}, ['agrees', 'rejected', 'differs', 'unclear']],
  ])('%s, %j', (status, fields, expected) => {
    const verdicts = SAID.map((said) => compareStatus(aPayout({ status, ...fields }), said));
    const words = verdicts.map((verdict) => {
      if (verdict.kind === 'repair') return verdict.fact;
      return verdict.kind === 'unclear' && verdict.fact ? `${verdict.kind}, ${verdict.fact}` : verdict.kind;
    });
    expect(words).toEqual(expected);
  });

  it('agrees once it is repaired, or calls a person', () => {
    fc.assert(
      fc.property(payouts, fc.constantFrom(...SAID), (payout, said) => {
        const verdict = compareStatus(payout, said);
        if (verdict.kind !== 'repair') return;
        const repaired = applyFact(payout, reconciled({ kind: verdict.fact, detail: said })).payout;
        if (!repaired.conflict) expect(compareStatus(repaired, said)).toEqual({ kind: 'agrees' });
      }),
    );
  });

  it('lowers nothing: a repair that is no progress is a conflict', () => {
    const verdict = compareStatus(aPayout({ status: 'Completed' }), 'rejected');
    expect(verdict).toEqual({ kind: 'repair', fact: 'rejected' });
    const { payout } = applyFact(aPayout({ status: 'Completed' }), reconciled({ kind: 'rejected' }));
    expect(payout).toMatchObject({ status: 'Completed', conflict: true });
  });
});

describe('the statement against the record', () => {
  const completed = aPayout({ status: 'Completed', monoova_transaction_id: 4_711 });

  it.each<[string, Payout, readonly Stated[], object]>([
    ['nothing', completed, [], { news: [], isOtherAmount: false, isPaidTwice: false }],
    [
      'what is known',
      completed,
      [{ amountCents: 12_345, monoovaTransactionId: 4_711 }],
      { news: [], isOtherAmount: false, isPaidTwice: false },
    ],
    [
      'another amount',
      completed,
      [{ amountCents: 12_344, monoovaTransactionId: 4_711 }],
      { news: [{ amountCents: 12_344, monoovaTransactionId: 4_711 }], isOtherAmount: true, isPaidTwice: false },
    ],
    [
      'a number where none was known',
      aPayout({ posts: 1 }),
      [{ amountCents: 12_345, monoovaTransactionId: 4_711 }],
      { news: [{ amountCents: 12_345, monoovaTransactionId: 4_711 }], isOtherAmount: false, isPaidTwice: false },
    ],
    [
      'another number than the known one',
      completed,
      [{ monoovaTransactionId: 4_712 }],
      { news: [{ monoovaTransactionId: 4_712 }], isOtherAmount: false, isPaidTwice: true },
    ],
    [
      'two numbers where none was known',
      aPayout({ posts: 1 }),
      [{ monoovaTransactionId: 4_711 }, { monoovaTransactionId: 4_712 }],
      {
        news: [{ monoovaTransactionId: 4_711 }, { monoovaTransactionId: 4_712 }],
        isOtherAmount: false,
        isPaidTwice: true,
      },
    ],
    [
      'a second number of a payout whose money came back',
      aPayout({ status: 'Returned', monoova_transaction_id: 4_711 }),
      [
        { amountCents: 12_345, monoovaTransactionId: 4_711 },
        { amountCents: 12_345, monoovaTransactionId: 4_712 },
      ],
      { news: [], isOtherAmount: false, isPaidTwice: false },
    ],
    [
      'an amount where none is known',
      aPayout({ status: 'Completed', amount_cents: undefined, rebuilt_at: '2026-11-23T00:00:00.000Z' }),
      [{ amountCents: 5_000 }],
      { news: [], isOtherAmount: false, isPaidTwice: false },
    ],
  ])('tells %s', (_what, payout, told, expected) => {
    expect(compareStatement(payout, told)).toEqual(expected);
  });

  it('tells no news twice, unless a person is called', () => {
    fc.assert(
      fc.property(payouts, lines, (payout, told) => {
        const { news, isOtherAmount, isPaidTwice } = compareStatement(payout, told);
        const after = news.reduce(
          (so, { amountCents, monoovaTransactionId }) =>
            applyFact(
              so,
              reconciled({
                kind: 'accepted',
                ...(amountCents !== undefined && { amount_cents: amountCents }),
                ...(monoovaTransactionId !== undefined && { monoova_transaction_id: monoovaTransactionId }),
              }),
            ).payout,
          payout,
        );
        if (isOtherAmount || isPaidTwice) return;
        expect(compareStatement(after, told).news).toEqual([]);
        expect(after.conflict).toBe(payout.conflict);
      }),
    );
  });
});

describe('one reference twice in one list', () => {
  it.each<[readonly Said[], boolean]>([
    [[], false],
    [['completed'], false],
    [['completed', 'completed'], true],
    [['completed', 'pending'], true],
    [['rejected', 'completed'], false],
    [['rejected', 'rejected'], false],
    [['unknown', 'pending'], true],
  ])('%j', (said, isTwice) => {
    expect(isListedTwice(said)).toBe(isTwice);
  });
});
