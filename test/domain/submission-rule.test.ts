import { describe, expect, it } from 'vitest';
import { applyFact, type Payout } from '../../domain/payout.ts';
import { maySubmit, POSTS_MAX, type ResubmissionPolicy, raiseFence } from '../../domain/submission-rule.ts';
import { aFact, aPayout } from '../builders/payout.ts';

const NEVER: ResubmissionPolicy = { mode: 'never', quietPeriodMs: 60_000 };
const QUIET: ResubmissionPolicy = { mode: 'after-quiet-period', quietPeriodMs: 60_000 };
const POSTED_MS = Date.parse('2026-11-23T01:00:00.000Z');

function posted(fields: Partial<Payout> = {}): Payout {
  return aPayout({ posts: 1, last_posted_at: new Date(POSTED_MS).toISOString(), ...fields });
}

function withNotFounds(payout: Payout, afterMs: readonly number[]): Payout {
  return afterMs.reduce((current, ms) => {
    const observed_at = new Date(POSTED_MS + ms).toISOString();
    return applyFact(current, aFact({ kind: 'not-found', source: 'status', observed_at })).payout;
  }, payout);
}

describe('maySubmit', () => {
  it('sends what was never posted', () => {
    expect(maySubmit(aPayout(), NEVER, POSTED_MS)).toBe(true);
  });

  it('sends nothing that is final', () => {
    expect(maySubmit(aPayout({ status: 'Completed' }), QUIET, POSTED_MS)).toBe(false);
    expect(maySubmit(aPayout({ status: 'Failed' }), QUIET, POSTED_MS)).toBe(false);
  });

  it('never sends again what may have arrived, in a stage that forbids it', () => {
    expect(maySubmit(withNotFounds(posted(), [1000, 60_000, 120_000]), NEVER, POSTED_MS + 600_000)).toBe(false);
  });

  it('sends again after three not-founds over the quiet period, in a stage that allows it', () => {
    expect(maySubmit(withNotFounds(posted(), [1000, 60_000, 120_000]), QUIET, POSTED_MS + 120_000)).toBe(true);
  });

  it('does not take one not-found for proof, nor two', () => {
    expect(maySubmit(withNotFounds(posted(), [60_000, 120_000]), QUIET, POSTED_MS + 120_000)).toBe(false);
  });

  it('does not count the not-founds of an earlier attempt', () => {
    expect(maySubmit(withNotFounds(posted(), [-3000, -2000, -1000]), QUIET, POSTED_MS + 120_000)).toBe(false);
  });

  it('waits until the look-ups span the quiet period', () => {
    const later = POSTED_MS + 600_000;
    expect(maySubmit(withNotFounds(posted(), [1000, 2000, 3000]), QUIET, later)).toBe(false);
    expect(maySubmit(withNotFounds(posted(), [1000, 30_000, 59_999]), QUIET, later)).toBe(false);
    expect(maySubmit(withNotFounds(posted(), [30_000, 60_000, 89_999]), QUIET, later)).toBe(false);
    expect(maySubmit(withNotFounds(posted(), [1000, 30_000, 61_000]), QUIET, POSTED_MS + 61_000)).toBe(true);
  });

  it('never sends again what a person was told about', () => {
    const escalated = posted({ escalated_round: 0 });
    expect(maySubmit(withNotFounds(escalated, [1000, 60_000, 120_000]), QUIET, POSTED_MS + 600_000)).toBe(false);
  });

  it('never sends again what was received, not even when no POST is counted', () => {
    expect(maySubmit(aPayout({ posts: 0, received: true }), QUIET, POSTED_MS)).toBe(false);
  });

  it('never sends again what Monoova has said it holds', () => {
    const accepted = applyFact(posted(), aFact({ kind: 'accepted', source: 'submission' })).payout;
    expect(maySubmit(withNotFounds(accepted, [1000, 60_000, 120_000]), QUIET, POSTED_MS + 600_000)).toBe(false);
    const numbered = posted({ monoova_transaction_id: 1022 });
    expect(maySubmit(withNotFounds(numbered, [1000, 60_000, 120_000]), QUIET, POSTED_MS + 600_000)).toBe(false);
  });

  it('stops after the first submission and three repeats', () => {
    const often = withNotFounds(posted({ posts: POSTS_MAX }), [1000, 60_000, 120_000]);
    expect(maySubmit(often, QUIET, POSTED_MS + 600_000)).toBe(false);
  });
});

describe('the fence', () => {
  it('counts the POST before it is made and keeps everyone else out until it must have ended', () => {
    const fenced = raiseFence(aPayout(), 'attempt-1', POSTED_MS, POSTED_MS + 20_000);
    expect(fenced).toMatchObject({ posts: 1, posting_by: 'attempt-1', revision: 2 });
    expect(fenced.posting_until).toBe(new Date(POSTED_MS + 20_000).toISOString());
    expect(fenced.last_posted_at).toBe(new Date(POSTED_MS).toISOString());
  });
});
