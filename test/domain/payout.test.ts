import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT_KINDS, FACT_SOURCES, type Fact } from '../../domain/fact.ts';
import { applyFact, HISTORY_MAX_FACTS, type Payout, STATUSES } from '../../domain/payout.ts';
import { aFact, aPayout, REFERENCE } from '../builders/payout.ts';

const ATTEMPT = 'attempt-1';

function fold(payout: Payout, facts: readonly Fact[]): Payout {
  return facts.reduce((current, fact) => applyFact(current, fact).payout, payout);
}

/** What must not depend on the order in which facts arrive. */
function ending(payout: Payout) {
  const { status, conflict, posts, posting_by, monoova_transaction_id, history, open, task_token } = payout;
  const seen = history.map((fact) => JSON.stringify({ ...fact, observed_at: undefined })).sort();
  return { status, conflict: conflict === true, posts, posting_by, monoova_transaction_id, seen, open, task_token };
}

const anyFact: fc.Arbitrary<Fact> = fc
  .record(
    {
      kind: fc.constantFrom(...FACT_KINDS),
      source: fc.constantFrom(...FACT_SOURCES),
      observed_at: fc
        .integer({ min: 0, max: 1_000_000 })
        .map((seconds) => new Date(1_795_000_000_000 + seconds * 1000).toISOString()),
      unique_reference: fc.constantFrom(REFERENCE, REFERENCE, REFERENCE, 'somebody-else'),
      amount_cents: fc.constantFrom(12_345, 12_345, 12_345, 12_346, 1),
      monoova_transaction_id: fc.constantFrom(1022, 1022, 1023),
      attempt: fc.constantFrom(ATTEMPT, 'attempt-0'),
      detail: fc.constantFrom('Ok', 'ACCOUNT CLOSED'),
    },
    { requiredKeys: ['kind', 'source', 'observed_at'] },
  )
  .map((fact) => Object.fromEntries(Object.entries(fact).filter(([, value]) => value !== undefined)) as Fact);

const anyStart: fc.Arbitrary<Payout> = fc.constantFrom(
  aPayout(),
  aPayout({ posts: 1, posting_by: ATTEMPT, posting_until: '2026-11-23T00:00:20.000Z', task_token: 'token' }),
  aPayout({ posts: 2, posting_by: ATTEMPT, posting_until: '2026-11-23T00:00:20.000Z' }),
);

describe('applyFact', () => {
  it('ends alike for any order of any duplicates of any facts', () => {
    const shuffled = fc
      .array(anyFact, { minLength: 1, maxLength: 8 })
      .chain((facts) =>
        fc.tuple(
          fc.constant(facts),
          fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2, maxLength: facts.length * 2 }),
        ),
      );
    fc.assert(
      fc.property(anyStart, shuffled, (start, [facts, others]) => {
        expect(ending(fold(start, others))).toEqual(ending(fold(start, facts)));
      }),
      { numRuns: 2000 },
    );
  });

  it('never lowers a status and never takes a conflict back', () => {
    fc.assert(
      fc.property(anyStart, fc.array(anyFact, { maxLength: 12 }), (start, facts) => {
        let current = start;
        for (const fact of facts) {
          const next = applyFact(current, fact).payout;
          expect(STATUSES.indexOf(next.status)).toBeGreaterThanOrEqual(STATUSES.indexOf(current.status));
          expect(current.conflict === true && next.conflict !== true).toBe(false);
          current = next;
        }
      }),
    );
  });

  it('changes nothing when a fact comes a second time', () => {
    fc.assert(
      fc.property(anyStart, anyFact, (start, fact) => {
        const first = applyFact(start, fact).payout;
        const second = applyFact(first, { ...fact, observed_at: fact.observed_at });
        expect(second.isChanged).toBe(false);
        expect(second.payout).toEqual(first);
      }),
    );
  });

  it.each([
    ['completed', 'Completed'],
    ['rejected', 'Rejected'],
    ['returned', 'Returned'],
    ['accepted', 'Pending'],
    ['unanswered', 'Pending'],
    ['not-found', 'Pending'],
    ['escalated', 'Pending'],
  ] as const)('takes %s for %s', (kind, status) => {
    expect(applyFact(aPayout({ posts: 1 }), aFact({ kind })).payout.status).toBe(status);
  });

  it('holds a payout Completed when a late Rejected comes, and says that they contradict each other', () => {
    const payout = fold(aPayout({ posts: 1 }), [aFact({ kind: 'completed' }), aFact({ kind: 'rejected' })]);
    expect(payout).toMatchObject({ status: 'Completed', conflict: true });
  });

  it('raises a Rejected payout to Completed, since money moved, and says that they contradict each other', () => {
    const payout = fold(aPayout({ posts: 1 }), [aFact({ kind: 'rejected' }), aFact({ kind: 'completed' })]);
    expect(payout).toMatchObject({ status: 'Completed', conflict: true });
  });

  it('sees no contradiction in money that arrives and comes back', () => {
    const payout = fold(aPayout({ posts: 1 }), [aFact({ kind: 'completed' }), aFact({ kind: 'returned' })]);
    expect(payout).toMatchObject({ status: 'Returned' });
    expect(payout.conflict).toBeUndefined();
  });

  it('fails a payout on a decline only when no earlier attempt may have moved money', () => {
    const decline = aFact({ kind: 'declined', source: 'submission', attempt: ATTEMPT, detail: 'InvalidMAccount' });
    expect(applyFact(aPayout({ posts: 1, posting_by: ATTEMPT }), decline).payout.status).toBe('Failed');
    expect(applyFact(aPayout({ posts: 2, posting_by: ATTEMPT }), decline).payout).toMatchObject({
      status: 'Pending',
      posts: 1,
    });
  });

  it('does not let a decline of another attempt open the fence of this one', () => {
    const payout = aPayout({ posts: 1, posting_by: ATTEMPT, posting_until: '2026-11-23T00:00:20.000Z' });
    const next = applyFact(payout, aFact({ kind: 'declined', attempt: 'attempt-0' })).payout;
    expect(next).toMatchObject({ status: 'Pending', posts: 1, posting_by: ATTEMPT });
  });

  it('opens the fence and takes the POST back when an attempt is proven unreceived', () => {
    const payout = aPayout({ posts: 1, posting_by: ATTEMPT, posting_until: '2026-11-23T00:00:20.000Z' });
    const next = applyFact(payout, aFact({ kind: 'unreceived', attempt: ATTEMPT })).payout;
    expect(next).toMatchObject({ status: 'Pending', posts: 0, revision: 2 });
    expect(next.posting_by).toBeUndefined();
    expect(next.posting_until).toBeUndefined();
  });

  it('fails a payout at the end of patience only if nothing was ever posted', () => {
    const end = aFact({ kind: 'patience-ended', source: 'settlement' });
    expect(applyFact(aPayout({ posts: 0 }), end).payout.status).toBe('Failed');
    expect(applyFact(aPayout({ posts: 1 }), end).payout.status).toBe('Pending');
  });

  it.each([{ amount_cents: 12_346 }, { unique_reference: 'somebody-else' }])(
    'changes nothing but the conflict when a fact names another payment: %j',
    (other) => {
      const { payout, isNewConflict } = applyFact(aPayout({ posts: 1 }), aFact({ kind: 'completed', ...other }));
      expect(payout).toMatchObject({ status: 'Pending', conflict: true });
      expect(isNewConflict).toBe(true);
    },
  );

  it.each([1, 12_346])('does not take a return of %i of 12345 cents for a return of the payout', (amount_cents) => {
    const completed = fold(aPayout({ posts: 1 }), [aFact({ kind: 'completed' })]);
    const { payout } = applyFact(completed, aFact({ kind: 'returned', amount_cents }));
    expect(payout).toMatchObject({ status: 'Completed', conflict: true });
  });

  it('says so when Monoova names two transactions for one reference', () => {
    const accepted = aFact({ kind: 'accepted', monoova_transaction_id: 1023 });
    const payout = fold(aPayout({ posts: 1 }), [accepted, { ...accepted, monoova_transaction_id: 1022 }]);
    expect(payout).toMatchObject({ monoova_transaction_id: 1022, conflict: true });
  });

  it('lets ciphertext, token and the mark of an open payout go with the last open revision', () => {
    const { payout } = applyFact(aPayout({ posts: 1, task_token: 'token' }), aFact({ kind: 'completed' }));
    expect(payout).not.toHaveProperty('destination_ciphertext');
    expect(payout).not.toHaveProperty('task_token');
    expect(payout).not.toHaveProperty('open');
  });

  it('keeps a bounded history and still hears the outcome when it is full', () => {
    const lookUps = Array.from({ length: 80 }, (_, second) =>
      aFact({ kind: 'not-found', observed_at: new Date(1_795_000_000_000 + second * 1000).toISOString() }),
    );
    const busy = fold(aPayout({ posts: 1 }), lookUps);
    expect(busy.history.length).toBeLessThan(HISTORY_MAX_FACTS);
    expect(applyFact(busy, aFact({ kind: 'completed' })).payout).toMatchObject({ status: 'Completed' });
    expect(applyFact(busy, aFact({ kind: 'completed' })).payout.history.at(-1)?.kind).toBe('completed');
    // What the history has no room for is remembered all the same, since it decides whether anything is sent again.
    expect(applyFact(busy, aFact({ kind: 'accepted' })).payout).toMatchObject({ received: true });
    expect(applyFact(busy, aFact({ kind: 'escalated' })).payout).toMatchObject({ escalated: true });
    const unposted = { ...busy, posts: 0 };
    expect(applyFact(unposted, aFact({ kind: 'patience-ended' })).payout).toMatchObject({ status: 'Failed' });
  });
});
