import { describe, expect, it } from 'vitest';
import type { Payout } from '../../domain/payout.ts';
import { standingOf } from '../../ops/standing.ts';
import type { StepEvent } from '../../ops/step-event.ts';
import { aFact, aPayout, REFERENCE } from '../builders/payout.ts';

const NOW_MS = Date.parse('2026-11-23T00:01:00.000Z');
const waiting = { resource: 'updateItem.waitForTaskToken', timeoutInSeconds: 60 };
const guardOf = (...events: (readonly [string, Record<string, unknown>?])[]) => ({
  place: 'guard',
  events: events.map(
    ([type, details = {}], index): StepEvent => ({ id: index + 1, atMs: NOW_MS - 30_000, type, details }),
  ),
});
const started = ['ExecutionStarted'] as const;
const entered = (name: string) => ['TaskStateEntered', { name }] as const;
const waits = guardOf(started, entered('AwaitOutcome'), ['TaskScheduled', waiting], ['TaskStarted'], ['TaskSubmitted']);

const standing = (fields: Partial<Payout>, ...guards: ReturnType<typeof guardOf>[]) =>
  standingOf(aPayout(fields), guards, NOW_MS);

describe('standingOf', () => {
  it('says when an open payout is looked at next', () => {
    expect(standing({}, waits)).toBe(
      "Pending. Monoova has received nothing so far. The guard waits for Monoova's webhook; if none comes, it asks Monoova at 2026-11-23 11:01:30.000 +11:00 (in 30 s).",
    );
  });

  it('says that a look is due where the wait is over', () => {
    expect(standingOf(aPayout(), [waits], NOW_MS + 60_000)).toContain(
      'it asks Monoova now (due since 2026-11-23 11:01:30.000',
    );
  });

  it('names the state of a guard that is at work', () => {
    const guard = guardOf(started, entered('CheckSettlement'), [
      'TaskScheduled',
      { resource: 'invoke', timeoutInSeconds: 15 },
    ]);
    expect(standing({}, guard)).toContain('The guard is at CheckSettlement now.');
  });

  it('does not take a wait that has ended for an open one', () => {
    const guard = guardOf(
      started,
      entered('AwaitOutcome'),
      ['TaskScheduled', waiting],
      ['TaskTimedOut'],
      entered('CheckSettlement'),
    );
    expect(standing({}, guard)).toContain('The guard is at CheckSettlement now.');
  });

  it('says that a POST may be under way behind a fence', () => {
    expect(standing({ posts: 1, posting_until: new Date(NOW_MS + 1).toISOString() }, waits)).toContain(
      'A POST to Monoova may be under way until',
    );
  });

  it('says that a person has answered for what was sent, until it is sent again', () => {
    const word = 'on the word of a person';
    expect(standing({ posts: 2, resends: [1, 2] }, waits)).toContain(word);
    expect(standing({ posts: 2, resends: [1] }, waits)).toContain('Monoova may have received it (2 POSTs');
  });

  it('does not take a POST for under way whose attempt has ended without an answer', () => {
    const fence = { posting_by: 'attempt-1', posting_until: new Date(NOW_MS + 1).toISOString() };
    const text = standing(
      { posts: 1, ...fence, history: [aFact({ kind: 'unanswered', attempt: 'attempt-1' })] },
      waits,
    );
    expect(text).toContain('Monoova may have received it (1 POST).');
  });

  it('counts a final status from its own fact, not from a later one', () => {
    const history = [aFact({ kind: 'completed' })];
    const text = standing({ status: 'Completed', updated_at: '2026-11-23T00:09:00.000Z', history });
    expect(text).toMatch(/^Completed since 2026-11-23 11:01:00\.000/);
  });

  it.each([
    [{ monoova_transaction_id: 4711 }, 'Monoova has it as its number 4711.'],
    [{ history: [aFact({ kind: 'accepted' })] }, 'Monoova has it.'],
  ])('does not speak of a POST under way once Monoova has answered', (fields, words) => {
    const text = standing({ ...fields, posts: 1, posting_until: new Date(NOW_MS + 1).toISOString() }, waits);
    expect(text).toContain(`Pending. ${words} The guard waits`);
  });

  it('warns of paying again what a person owns', () => {
    const guard = guardOf(started, entered('Escalate'), ['ExecutionFailed', { error: 'PayoutEscalated' }]);
    expect(standing({ posts: 2 }, guard)).toContain(
      `(2 POSTs). Do not pay it again: ask Monoova about the reference ${REFERENCE}.`,
    );
  });

  it.each([
    ['ExecutionSucceeded', 'but the guard has succeeded'],
    ['ExecutionTimedOut', 'but the guard has timed out'],
    ['ExecutionAborted', 'but the guard has been stopped'],
    ['ExecutionFailed', 'but the guard has failed'],
  ])('says that nothing happens by itself after %s', (type, words) => {
    const text = standing({}, guardOf(started, [type]));
    expect(text).toContain(words);
    expect(text).toContain('The next reconciliation starts a guard');
  });

  it('counts the last guard', () => {
    expect(standing({}, guardOf(started, ['ExecutionAborted']), { ...waits, place: 'guard 2' })).toContain(
      'Guard 2 waits',
    );
  });

  it.each(['Failed', 'Rejected', 'Completed', 'Returned'] as const)('tells since when it is %s', (status) => {
    const text = standing({ status, updated_at: '2026-07-01T00:00:00.000Z' }, guardOf(started, ['ExecutionSucceeded']));
    expect(text).toMatch(new RegExp(`^${status} since 2026-07-01 10:00:00\\.000 \\+10:00\\. [A-Z]`));
    expect(text).not.toContain('guard');
  });

  it('says that a person has to look where facts contradict each other', () => {
    expect(standing({ status: 'Completed', conflict: true })).toMatch(/a person has to look \(docs\/runbook\.md\)\.$/);
  });
});
