import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACT_KINDS, FACT_SOURCES, type Fact } from '../../domain/fact.ts';
import { applyFact, HISTORY_MAX_FACTS, HISTORY_MAX_FINAL_FACTS, type Payout, STATUSES } from '../../domain/payout.ts';
import { aFact, aPayout, aRebuiltPayout, REFERENCE } from '../builders/payout.ts';

const ATTEMPT = 'attempt-1';
const POSTED_AT = '2026-11-23T00:00:00.000Z';
const PERSON = 'arn:aws:iam::000000000000:user/second';

function fold(payout: Payout, facts: readonly Fact[]): Payout {
  return facts.reduce((current, fact) => applyFact(current, fact).payout, payout);
}

/** What must not depend on the order in which facts arrive. */
function ending(payout: Payout) {
  const { revision: _revision, updated_at: _updated, conflict, history, ...rest } = payout;
  const seen = history.map((fact) => JSON.stringify({ ...fact, observed_at: undefined })).sort();
  return { ...rest, conflict: conflict === true, seen };
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
      return_transaction_id: fc.constantFrom(1030, 1031, 1032),
      attempt: fc.constantFrom(ATTEMPT, 'attempt-0'),
      detail: fc.constantFrom('Ok', 'ACCOUNT CLOSED'),
      round: fc.constantFrom(1, 1, 2, 3),
      by: fc.constantFrom(PERSON, 'arn:aws:iam::000000000000:user/third'),
      evidence: fc.constantFrom('Monoova wrote that it has nothing'),
      last_posted_at: fc.constantFrom(POSTED_AT, POSTED_AT, POSTED_AT, '2026-11-22T00:00:00.000Z'),
    },
    { requiredKeys: ['kind', 'source', 'observed_at'] },
  )
  .map((fact) => Object.fromEntries(Object.entries(fact).filter(([, value]) => value !== undefined)) as Fact);

/** Parts of the payout's 12345 cents that come back: numbered or not, repeated, too many, or one number with two amounts. */
const anyReturn: fc.Arbitrary<Fact> = fc
  .record(
    {
      source: fc.constantFrom('webhook', 'webhook', 'reconciliation'),
      amount_cents: fc.constantFrom(2_345, 5_000, 5_000, 10_000, 12_345, 12_346, 0),
      return_transaction_id: fc.constantFrom(1030, 1031, 1032),
      detail: fc.constantFrom('Ok', 'ACCOUNT CLOSED'),
    },
    { requiredKeys: ['source'] },
  )
  .map((fields) => aFact({ kind: 'returned', ...fields } as Fact));

const FENCED = { posting_by: ATTEMPT, posting_until: '2026-11-23T00:00:20.000Z', last_posted_at: POSTED_AT };

const anyStart: fc.Arbitrary<Payout> = fc.constantFrom(
  aPayout(),
  aPayout({ posts: 1, ...FENCED, task_token: 'token' }),
  aPayout({ posts: 2, ...FENCED }),
  aPayout({ posts: 2, last_posted_at: POSTED_AT, ended_unpaid_round: 0, escalated_round: 0 }),
  aPayout({ posts: 1, ...FENCED, resends: [0], ended_unpaid_round: 0 }),
  aPayout({ posts: 3, ...FENCED, resends: [1, 2], escalated_round: 1 }),
  aRebuiltPayout(),
  aRebuiltPayout({ amountCents: undefined }),
);

describe('applyFact', () => {
  it.each([
    ['any facts', anyFact],
    ['returns', anyReturn],
    ['returns among other facts', fc.oneof(anyFact, anyReturn)],
  ])('ends alike for any order of any duplicates of %s', (_, some) => {
    const shuffled = fc
      .array(some, { minLength: 1, maxLength: 8 })
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
      fc.property(anyStart, fc.array(fc.oneof(anyFact, anyReturn), { maxLength: 12 }), (start, facts) => {
        let current = start;
        for (const fact of facts) {
          const next = applyFact(current, fact).payout;
          expect(next.returned_cents ?? 0).toBeGreaterThanOrEqual(current.returned_cents ?? 0);
          expect(next.returned_cents ?? 0).toBeLessThanOrEqual(next.amount_cents ?? 0);
          expect(STATUSES.indexOf(next.status)).toBeGreaterThanOrEqual(STATUSES.indexOf(current.status));
          expect(current.conflict === true && next.conflict !== true).toBe(false);
          current = next;
        }
      }),
    );
  });

  it('changes nothing when a fact comes a second time', () => {
    fc.assert(
      fc.property(anyStart, fc.oneof(anyFact, anyReturn), (start, fact) => {
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

  describe('of returns', () => {
    const completed = fold(aPayout({ posts: 1 }), [aFact({ kind: 'completed' })]);
    const aReturn = (amount_cents: number, number?: number) =>
      aFact({ kind: 'returned', amount_cents, ...(number !== undefined && { return_transaction_id: number }) });

    it('adds up the parts, and is Returned with the last', () => {
      const some = fold(completed, [aReturn(10_000, 1030)]);
      expect(some).toMatchObject({ status: 'Completed', returned_cents: 10_000 });
      expect(some).not.toHaveProperty('conflict');
      const all = fold(some, [aReturn(2_345, 1031)]);
      expect(all).toMatchObject({ status: 'Returned', returned_cents: 12_345 });
      expect(all).not.toHaveProperty('conflict');
    });

    it('adds a repeat no second time, whoever tells it and in whatever words', () => {
      const part = aReturn(5_000, 1030);
      const repeats: Fact[] = [part, { ...part, detail: 'ACCOUNT CLOSED' }, { ...part, source: 'reconciliation' }];
      expect(fold(completed, repeats)).toMatchObject({ status: 'Completed', returned_cents: 5_000 });
      expect(fold(completed, repeats)).not.toHaveProperty('conflict');
    });

    it('counts two parts of one amount as two where Monoova numbers them as two', () => {
      const parts = [aReturn(5_000, 1030), aReturn(5_000, 1031)];
      expect(fold(completed, parts)).toMatchObject({ status: 'Completed', returned_cents: 10_000 });
    });

    it.each([
      ['more than was paid, in all', [aReturn(10_000, 1030), aReturn(5_000, 1031)], 'Returned', 12_345],
      ['the whole amount twice', [aReturn(12_345, 1030), aReturn(12_345, 1031)], 'Returned', 12_345],
      ['one number with two amounts', [aReturn(5_000, 1030), aReturn(2_345, 1030)], 'Completed', 5_000],
      ['a part without a number', [aReturn(5_000)], 'Completed', undefined],
      ['more than was paid, at once', [aReturn(12_346, 1030)], 'Completed', undefined],
      ['nothing at all', [aReturn(0, 1030)], 'Completed', undefined],
    ] as const)('gives to a person what cannot be added up: %s', (_, returns, status, returned_cents) => {
      const payout = fold(completed, returns);
      expect(payout).toMatchObject({ status, conflict: true });
      expect(payout.returned_cents).toBe(returned_cents);
    });

    it('takes a part for proof that the money had arrived', () => {
      expect(fold(aPayout({ posts: 1 }), [aReturn(5_000, 1030)])).toMatchObject({ status: 'Completed' });
      const rejected = fold(aPayout({ posts: 1 }), [aFact({ kind: 'rejected' }), aReturn(5_000, 1030)]);
      expect(rejected).toMatchObject({ status: 'Completed', conflict: true });
    });

    it('gives to a person what a full history has no room for, and never counts less than before', () => {
      const parts = Array.from({ length: HISTORY_MAX_FINAL_FACTS }, (_unused, index) => aReturn(100, 2_000 + index));
      const full = fold(aPayout({ posts: 1 }), parts);
      expect(full).toMatchObject({ status: 'Completed', returned_cents: 4_600 });
      expect(full).not.toHaveProperty('conflict');
      const more = fold(full, [aReturn(100, 3_000), aReturn(50, 3_001)]);
      expect(more).toMatchObject({ status: 'Completed', returned_cents: 4_700, conflict: true });
    });
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

  it('keeps room in the history for what people say', () => {
    const outcomes = Array.from({ length: 80 }, (_, index) => aFact({ kind: 'completed', detail: `told ${index}` }));
    const full = fold(aPayout({ posts: 1 }), outcomes);
    expect(full.history.length).toBeLessThan(HISTORY_MAX_FACTS);
    const said = applyFact(full, aFact({ kind: 'rejected', source: 'operator', by: PERSON, evidence: 'a letter' }));
    expect(said.payout.history.at(-1)).toMatchObject({ by: PERSON, evidence: 'a letter' });
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
    expect(applyFact(busy, aFact({ kind: 'escalated' })).payout).toMatchObject({ escalated_round: 0 });
    const unposted = { ...busy, posts: 0 };
    expect(applyFact(unposted, aFact({ kind: 'patience-ended' })).payout).toMatchObject({ status: 'Failed' });
  });

  it('calls for a person where attempts came to nothing and Monoova says that it has the payment, whichever is learnt first', () => {
    for (const end of [aFact({ kind: 'patience-ended' }), aFact({ kind: 'declined' })]) {
      const accepted = aFact({ kind: 'accepted', source: 'status' });
      for (const facts of [
        [accepted, end],
        [end, accepted],
      ]) {
        expect(fold(aPayout(), facts)).toMatchObject({ status: 'Failed', conflict: true });
      }
    }
  });

  it('keeps room in the history for what ends a payout, however long it was held', () => {
    const lookUps = Array.from({ length: 80 }, (_, second) =>
      aFact({ kind: 'not-found', observed_at: new Date(1_795_000_000_000 + second * 1000).toISOString() }),
    );
    const ends = [{}, { round: 1 }, { round: 2 }, { round: 3 }].flatMap((round, index) => [
      aFact({ kind: 'declined', detail: `attempt ${index}`, ...round }),
      aFact({ kind: 'escalated', ...round }),
      aFact({ kind: 'patience-ended', ...round }),
    ]);
    const held = fold(aPayout({ posts: 1 }), [...lookUps, ...ends]);
    expect(held.history.slice(-ends.length)).toEqual(ends);
  });
});
