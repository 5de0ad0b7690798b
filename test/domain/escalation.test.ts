import { describe, expect, it } from 'vitest';
import { knownOf } from '../../domain/escalation.ts';
import { aFact, aPayout } from '../builders/payout.ts';

const SENT = '2026-11-23T00:00:02.000Z';

describe('what a person is told of a payout', () => {
  it('says how many POSTs may have arrived, and what the last answer was', () => {
    const history = [
      aFact({ kind: 'unanswered', source: 'submission', detail: 'TIMEOUT' }),
      aFact({ kind: 'not-found', source: 'status', observed_at: '2026-11-25T00:00:00.000Z' }),
    ];
    expect(knownOf(aPayout({ posts: 2, last_posted_at: SENT, history }))).toBe(
      '2 POSTs of it may have arrived; the last was sent at 2026-11-23T00:00:02.000Z. ' +
        'The last that was learnt: not-found, by status, at 2026-11-25T00:00:00.000Z.',
    );
  });

  it('leaves out what the guard noted about itself', () => {
    const history = [
      aFact({ kind: 'unanswered', source: 'submission', detail: 'HTTP 500, Exception' }),
      aFact({ kind: 'patience-ended', source: 'settlement' }),
      aFact({ kind: 'escalated', source: 'settlement' }),
    ];
    expect(knownOf(aPayout({ posts: 1, last_posted_at: SENT, history }))).toContain(
      '1 POST of it may have arrived; the last was sent at 2026-11-23T00:00:02.000Z. ' +
        'The last that was learnt: unanswered (HTTP 500, Exception), by submission, at',
    );
  });

  it.each([
    [{ received: true as const }, 'Monoova has said that it holds it.'],
    [{ received: true as const, monoova_transaction_id: 1022 }, "Monoova's number of it is 1022."],
    [{ posts: 2, resends: [1] }, '2 POSTs of it may have arrived, 1 of which a person held for unreceived; the last'],
    [{ posts: 0 }, 'No POST of it may have arrived; the last was sent at'],
    [{ history: [] }, 'Nothing was ever learnt about it.'],
  ])('says so where %j', (fields, words) => {
    expect(knownOf(aPayout({ posts: 1, last_posted_at: SENT, ...fields }))).toContain(words);
  });

  it('says so where nothing was ever sent', () => {
    expect(knownOf(aPayout())).toContain('It was never sent to Monoova.');
  });
});
