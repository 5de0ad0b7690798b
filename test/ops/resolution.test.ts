import { describe, expect, it } from 'vitest';
import { HISTORY_MAX_FACTS, type Payout, STATUSES } from '../../domain/payout.ts';
import { factOf, isResendUnused, refusalAfter, refusalOf } from '../../ops/resolution.ts';
import { aFact, aPayout } from '../builders/payout.ts';

const POSTED_AT = '2026-11-23T00:00:00.000Z';
const NOW_MS = Date.parse('2026-11-26T00:00:00.000Z');
const escalated = (fields: Partial<Payout> = {}) =>
  aPayout({ posts: 1, last_posted_at: POSTED_AT, escalated_round: 0, ended_unpaid_round: 0, ...fields });

describe('what may be said of a payout', () => {
  it('anything, of one that was escalated', () => {
    for (const as of ['completed', 'rejected', 'failed', 'resend'] as const) {
      expect(refusalOf(escalated(), as, NOW_MS)).toBeUndefined();
    }
  });

  it('only upwards, of one that is final, and resend of none', () => {
    const allowed = STATUSES.flatMap((status) =>
      (['failed', 'rejected', 'completed', 'resend'] as const).flatMap((as) =>
        refusalOf(escalated({ status }), as, NOW_MS) === undefined ? [`${status} ${as}`] : [],
      ),
    );
    expect(allowed).toEqual([
      'Pending failed',
      'Pending rejected',
      'Pending completed',
      'Pending resend',
      'Failed rejected',
      'Failed completed',
      'Rejected completed',
    ]);
  });

  it('nothing that invites to pay again while a POST may be under way', () => {
    const posting = escalated({ posting_by: 'attempt-2', posting_until: new Date(NOW_MS + 1).toISOString() });
    for (const as of ['rejected', 'failed', 'resend'] as const) {
      expect(refusalOf(posting, as, NOW_MS)).toContain('may be under way');
      expect(refusalOf(posting, as, NOW_MS + 1)).toBeUndefined();
    }
    expect(refusalOf(posting, 'completed', NOW_MS)).toBeUndefined();
  });

  it('no resend of what Monoova has ever said it holds; that no money moved may be said', () => {
    for (const fields of [{ received: true as const }, { monoova_transaction_id: 1022 }]) {
      expect(refusalOf(escalated(fields), 'resend', NOW_MS)).toContain('--as failed');
      expect(refusalOf(escalated(fields), 'failed', NOW_MS)).toBeUndefined();
    }
  });

  it('three resends, and a guard for the third as often as it takes', () => {
    const third = escalated({ posts: 3, resends: [1, 2, 3] });
    expect(isResendUnused(third)).toBe(true);
    expect(refusalOf(third, 'resend', NOW_MS)).toBeUndefined();
    expect(refusalOf({ ...third, posts: 4, escalated_round: 3 }, 'resend', NOW_MS)).toContain('3 times');
  });

  it('nothing that the history has no room for', () => {
    const history = Array.from({ length: HISTORY_MAX_FACTS }, () => aFact({ kind: 'not-found' }));
    expect(refusalOf(escalated({ history }), 'completed', NOW_MS)).toContain('full');
  });
});

describe("what Monoova's answer of this moment forbids", () => {
  const verdicts = (said: Parameters<typeof refusalAfter>[0]['said']) =>
    (['completed', 'rejected', 'failed', 'resend'] as const).filter(
      (as) => refusalAfter({ payout: escalated(), said }, as) === undefined,
    );

  it.each([
    ['not-found', ['completed', 'rejected', 'failed', 'resend']],
    ['pending', ['completed']],
    ['unknown', ['completed', 'rejected']],
    ['credentials-refused', ['completed', 'rejected']],
    ['completed', ['completed']],
    ['rejected', ['rejected']],
  ] as const)('%s lets through %j', (said, allowed) => {
    expect(verdicts(said)).toEqual(allowed);
  });
});

describe('what is written', () => {
  const said = { by: 'arn:aws:iam::000000000000:user/second', evidence: 'a letter', nowMs: NOW_MS };

  it('names the person, the evidence, and where nothing was paid the last POST that they knew of', () => {
    const known = { source: 'operator', observed_at: '2026-11-26T00:00:00.000Z', by: said.by, evidence: said.evidence };
    expect(factOf(escalated(), 'completed', said)).toEqual({ kind: 'completed', ...known });
    for (const as of ['rejected', 'failed'] as const) {
      expect(factOf(escalated(), as, said)).toEqual({ kind: as, ...known, last_posted_at: POSTED_AT });
    }
    expect(factOf(escalated({ resends: [1] }), 'resend', said)).toEqual({
      kind: 'resend',
      ...known,
      last_posted_at: POSTED_AT,
      round: 2,
    });
    expect(factOf(aPayout(), 'failed', said)).not.toHaveProperty('last_posted_at');
  });
});
