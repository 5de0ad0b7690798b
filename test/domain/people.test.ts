import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fact, RESENDS_MAX } from '../../domain/fact.ts';
import { applyFact, HISTORY_MAX_FACTS, isEscalated, openPosts, type Payout, roundOf } from '../../domain/payout.ts';
import { maySubmit, type ResubmissionMode, type ResubmissionPolicy, raiseFence } from '../../domain/submission-rule.ts';
import { aFact, aPayout } from '../builders/payout.ts';

const NEVER: ResubmissionPolicy = { mode: 'never', quietPeriodMs: 60_000 };
const QUIET: ResubmissionPolicy = { mode: 'after-quiet-period', quietPeriodMs: 60_000 };
const POSTED_MS = Date.parse('2026-11-23T01:00:00.000Z');
const LATER_MS = POSTED_MS + 4 * 86_400_000;

/** Posted once without an answer, looked for in vain, and given to a person. */
function anEscalatedPayout(): Payout {
  const posted = raiseFence(aPayout(), 'attempt-1', POSTED_MS, POSTED_MS + 20_000);
  return [
    aFact({ kind: 'unanswered', source: 'submission', attempt: 'attempt-1' }),
    ...[1, 2, 3].map((hour) => notFound(POSTED_MS + hour * 3_600_000)),
    aFact({ kind: 'patience-ended', source: 'settlement' }),
    aFact({ kind: 'escalated', source: 'settlement' }),
  ].reduce(learn, posted);
}

function learn(payout: Payout, fact: Fact): Payout {
  return applyFact(payout, fact).payout;
}

function notFound(atMs: number): Fact {
  return aFact({ kind: 'not-found', source: 'status', observed_at: new Date(atMs).toISOString() });
}

/** What a person says who looks at the payout as it stands. */
function said(payout: Payout, kind: 'failed' | 'resend' | 'completed' | 'rejected'): Fact {
  const person = { source: 'operator', by: 'arn:aws:iam::000000000000:user/second', evidence: 'a letter' } as const;
  const known = payout.last_posted_at === undefined ? {} : { last_posted_at: payout.last_posted_at };
  if (kind === 'resend') return aFact({ kind, ...person, ...known, round: roundOf(payout) + 1 });
  return kind === 'completed' ? aFact({ kind, ...person }) : aFact({ kind, ...person, ...known });
}

describe('what a person says of a payout that was escalated', () => {
  it.each([
    ['failed', 'Failed'],
    ['rejected', 'Rejected'],
    ['completed', 'Completed'],
  ] as const)('%s ends it as %s, without a conflict', (kind, status) => {
    const { payout, isNewConflict } = applyFact(anEscalatedPayout(), said(anEscalatedPayout(), kind));
    expect({ status: payout.status, isNewConflict }).toEqual({ status, isNewConflict: false });
    expect(payout.history.at(-1)).toMatchObject({ kind, source: 'operator', evidence: 'a letter' });
  });

  it.each(['completed', 'rejected', 'returned'] as const)(
    'raises, with a conflict, what Monoova calls %s later',
    (kind) => {
      const escalated = anEscalatedPayout();
      const failed = learn(escalated, said(escalated, 'failed'));
      const told = learn(failed, aFact({ kind }));
      expect(told).toMatchObject({ status: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, conflict: true });
      const otherWay = learn(learn(escalated, aFact({ kind })), said(escalated, 'failed'));
      expect(otherWay).toMatchObject({ status: told.status, conflict: true });
    },
  );

  it.each([NEVER, QUIET])('resend lets it be sent once more, and no more than once: $mode', (policy) => {
    const escalated = anEscalatedPayout();
    expect(maySubmit(escalated, policy, LATER_MS)).toBe(false);
    const resent = learn(escalated, said(escalated, 'resend'));
    expect(resent).toMatchObject({ status: 'Pending', posts: 1, resends: [1] });
    expect(isEscalated(resent)).toBe(false);
    expect(maySubmit(resent, policy, LATER_MS)).toBe(true);

    const again = raiseFence(resent, 'attempt-2', LATER_MS, LATER_MS + 20_000);
    expect(maySubmit(again, policy, LATER_MS)).toBe(false);
    const quiet = [1, 2, 3].map((hour) => notFound(LATER_MS + hour * 3_600_000)).reduce(learn, again);
    expect(maySubmit(quiet, policy, LATER_MS + 86_400_000)).toBe(false);
  });

  it('resend that reached nobody may be sent, for it was not sent', () => {
    const escalated = anEscalatedPayout();
    const resent = learn(escalated, said(escalated, 'resend'));
    const again = raiseFence(resent, 'attempt-2', LATER_MS, LATER_MS + 20_000);
    const unreceived = learn(
      again,
      aFact({ kind: 'unreceived', source: 'submission', attempt: 'attempt-2', round: 1 }),
    );
    expect(unreceived).toMatchObject({ status: 'Pending', posts: 1 });
    expect(maySubmit(unreceived, NEVER, LATER_MS)).toBe(true);
  });

  it('resend never sends what Monoova says it holds, whichever comes first', () => {
    const escalated = anEscalatedPayout();
    const accepted = aFact({ kind: 'accepted', source: 'status', detail: 'Pending' });
    for (const facts of [
      [accepted, said(escalated, 'resend')],
      [said(escalated, 'resend'), accepted],
    ]) {
      expect(maySubmit(facts.reduce(learn, escalated), QUIET, LATER_MS)).toBe(false);
    }
  });

  it.each(['declined', 'patience-ended'] as const)('a resend that ends as %s is Failed', (kind) => {
    const escalated = anEscalatedPayout();
    const resent = learn(escalated, said(escalated, 'resend'));
    const again = kind === 'declined' ? raiseFence(resent, 'attempt-2', LATER_MS, LATER_MS + 20_000) : resent;
    const ended = learn(again, aFact({ kind, source: 'submission', attempt: 'attempt-2', round: 1 }));
    expect(ended).toMatchObject({ status: 'Failed' });
  });

  it('a resend that is not answered is escalated anew, and a second resend is allowed', () => {
    const escalated = anEscalatedPayout();
    const resent = learn(escalated, said(escalated, 'resend'));
    const again = raiseFence(resent, 'attempt-2', LATER_MS, LATER_MS + 20_000);
    const ended = ['patience-ended', 'escalated'] as const;
    const anew = ended.map((kind) => aFact({ kind, source: 'settlement', round: 1 })).reduce(learn, again);
    expect(anew).toMatchObject({ status: 'Pending', posts: 2 });
    expect(isEscalated(anew)).toBe(true);
    expect(anew.history.filter(({ kind }) => kind === 'escalated')).toHaveLength(2);
    const second = learn(anew, said(anew, 'resend'));
    expect(second).toMatchObject({ resends: [1, 2] });
    expect(maySubmit(second, NEVER, LATER_MS)).toBe(true);
  });

  it('two people who allow the same resend allow one', () => {
    const escalated = anEscalatedPayout();
    const facts = [
      said(escalated, 'resend'),
      { ...said(escalated, 'resend'), by: 'arn:aws:iam::000000000000:user/third' },
    ];
    const both = facts.reduce(learn, escalated);
    expect(both).toMatchObject({ resends: [1] });
    expect(both.history.filter(({ kind }) => kind === 'resend')).toHaveLength(2);
  });

  it('a resend counts also where the history has no room for it', () => {
    const escalated = anEscalatedPayout();
    const words = Array.from({ length: HISTORY_MAX_FACTS }, (_, index) =>
      aFact({ kind: 'unanswered', source: 'operator', detail: `word ${index}` }),
    );
    const full = words.reduce(learn, escalated);
    expect(full.history).toHaveLength(HISTORY_MAX_FACTS);
    expect(learn(full, said(full, 'resend'))).toMatchObject({ resends: [1] });
  });

  it.each(['rejected', 'failed', 'resend'] as const)(
    '%s says nothing of a POST that came after the person looked',
    (kind) => {
      const escalated = anEscalatedPayout();
      const fact = said(escalated, kind);
      const later = raiseFence(escalated, 'attempt-2', LATER_MS, LATER_MS + 20_000);
      expect(applyFact(later, fact)).toEqual({ payout: later, isChanged: false, isNewConflict: false, isOutrun: true });
    },
  );
});

type Step = { readonly do: 'post' | 'unreceived' | 'unanswered' | 'look' | 'say' | 'end' };
const anyStep = fc.record({
  do: fc.constantFrom<Step['do']>('post', 'post', 'unreceived', 'unanswered', 'look', 'say', 'end'),
});

describe('any walk through POSTs, proofs and what people say', () => {
  it.each(['never', 'after-quiet-period'] as const)(
    'counts every POST that neither a proof nor a person who knew of it covers, and posts once for each word: %s',
    (mode: ResubmissionMode) => {
      fc.assert(
        fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => walk(steps, { mode, quietPeriodMs: 60_000 })),
        { numRuns: 3_000 },
      );
    },
  );
});

/** A POST as it really is: `isKnown` to the person whose word was taken last. */
type Sent = { readonly attempt: string; isProven: boolean; isAnsweredFor: boolean };

function walk(steps: readonly Step[], policy: ResubmissionPolicy): void {
  let payout = aPayout();
  let nowMs = POSTED_MS;
  const sent: Sent[] = [];
  /** What a person saw, and may say much later. */
  let seen: { readonly fact: Fact; readonly covers: number } | undefined;
  for (const step of steps) {
    nowMs += 60_000;
    const last = sent.at(-1);
    if (step.do === 'post' && maySubmit(payout, policy, nowMs)) {
      sent.push({ attempt: `attempt-${sent.length}`, isProven: false, isAnsweredFor: false });
      payout = raiseFence(payout, `attempt-${sent.length - 1}`, nowMs, nowMs + 20_000);
    }
    if (step.do === 'unreceived' && last && payout.posting_by === last.attempt) {
      last.isProven = true;
      payout = learn(payout, aFact({ kind: 'unreceived', source: 'submission', attempt: last.attempt }));
    }
    if (step.do === 'unanswered' && last) {
      payout = learn(payout, aFact({ kind: 'unanswered', source: 'submission', attempt: last.attempt }));
    }
    if (step.do === 'look' && roundOf(payout) < RESENDS_MAX)
      seen = { fact: said(payout, 'resend'), covers: sent.length };
    if (step.do === 'say' && seen) {
      const next = learn(payout, seen.fact);
      if (next !== payout) for (const post of sent.slice(0, seen.covers)) post.isAnsweredFor = true;
      payout = next;
    }
    if (step.do === 'end') {
      const facts = ['patience-ended', 'escalated'] as const;
      const round = roundOf(payout) === 0 ? {} : { round: roundOf(payout) };
      payout = facts.map((kind) => aFact({ kind, source: 'settlement', ...round })).reduce(learn, payout);
    }
    const open = sent.filter(({ isProven, isAnsweredFor }) => !isProven && !isAnsweredFor).length;
    expect(openPosts(payout)).toBeGreaterThanOrEqual(open);
    expect(payout.status === 'Failed' && open > 0).toBe(false);
    const mayHaveArrived = sent.filter(({ isProven }) => !isProven).length;
    if (policy.mode === 'never') expect(mayHaveArrived).toBeLessThanOrEqual(1 + roundOf(payout));
  }
}
