import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsOfLogLines, type StepEvent } from '../../ops/step-event.ts';
import { timelineOf } from '../../ops/timeline.ts';
import { aFact, aPayout } from '../builders/payout.ts';

const RECORDED_MS = Date.parse('2026-11-23T00:00:00.000Z');
const event = (
  id: number,
  type: string,
  details: Record<string, unknown> = {},
  atMs = RECORDED_MS + id,
): StepEvent => ({
  id,
  atMs,
  type,
  details,
});
const whats = (events: StepEvent[]) =>
  timelineOf(aPayout(), [{ place: 'guard', events }])
    .filter(({ place }) => place === 'guard')
    .map(({ what }) => what);

describe('timelineOf', () => {
  it('is in order of time, and keeps the order of each source', () => {
    const times = fc.array(fc.nat({ max: 5 }), { maxLength: 12 }).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(times, times, times, (submission, guard, facts) => {
        const entered = (offsets: number[]) =>
          offsets.map((ms, index) => event(index + 1, 'PassStateEntered', { name: `S${index}` }, RECORDED_MS + ms));
        const history = facts.map((ms, index) =>
          aFact({ kind: 'not-found', detail: `F${index}`, observed_at: new Date(RECORDED_MS + ms).toISOString() }),
        );
        const story = timelineOf(aPayout({ history }), [
          { place: 'submission', events: entered(submission) },
          { place: 'guard', events: entered(guard) },
        ]);
        expect(story).toHaveLength(1 + submission.length + guard.length + facts.length);
        const rank = (place: string) => ['request', 'submission', 'guard', 'history'].indexOf(place);
        for (const [index, entry] of story.entries()) {
          const next = story[index + 1];
          if (next) expect(entry.atMs * 10 + rank(entry.place)).toBeLessThanOrEqual(next.atMs * 10 + rank(next.place));
        }
        for (const place of ['submission', 'guard']) {
          const names = story.filter((entry) => entry.place === place).map(({ what }) => what);
          expect(names).toEqual(names.map((_name, index) => `S${index} entered`));
        }
      }),
    );
  });

  it('starts with the request even where an execution began in the same millisecond', () => {
    const [first] = timelineOf(aPayout(), [
      { place: 'submission', events: [event(1, 'ExecutionStarted', {}, RECORDED_MS)] },
    ]);
    expect(first?.place).toBe('request');
  });

  it('tells waits, rings, retries and failures, and leaves out what a state line says already', () => {
    const callback = { resourceType: 'aws-sdk:dynamodb', resource: 'updateItem.waitForTaskToken' };
    const story = whats([
      event(1, 'ExecutionStarted'),
      event(2, 'PassStateEntered', { name: 'BeginWatch' }),
      event(3, 'PassStateExited', { name: 'BeginWatch' }),
      event(4, 'TaskStateEntered', { name: 'AwaitOutcome' }),
      event(5, 'TaskScheduled', { ...callback, timeoutInSeconds: 60 }),
      event(6, 'TaskFailed', { ...callback, error: 'DynamoDb.ProvisionedThroughputExceededException' }),
      event(7, 'TaskScheduled', { ...callback, timeoutInSeconds: 60 }),
      event(8, 'TaskStarted', callback),
      event(9, 'TaskSubmitted', callback),
      event(10, 'TaskSucceeded', callback),
      event(11, 'TaskStateExited', { name: 'AwaitOutcome' }),
      event(12, 'TaskStateEntered', { name: 'CheckSettlement' }),
      event(13, 'LambdaFunctionScheduled'),
      event(14, 'LambdaFunctionTimedOut', { error: 'States.Timeout' }),
      event(15, 'EvaluationFailed', { error: 'States.QueryEvaluationError', cause: 'x'.repeat(75) }),
      event(16, 'ExecutionAborted'),
    ]);
    expect(story).toEqual([
      'execution started',
      'BeginWatch entered',
      'AwaitOutcome entered',
      'AwaitOutcome hangs its doorbell and waits, at most 60 s',
      'AwaitOutcome failed: DynamoDb.ProvisionedThroughputExceededException',
      'AwaitOutcome hangs its doorbell and waits, at most 60 s (attempt 2)',
      'AwaitOutcome: the doorbell rang',
      'AwaitOutcome left after 7 ms',
      'CheckSettlement entered',
      'CheckSettlement timed out: States.Timeout',
      `CheckSettlement failed: States.QueryEvaluationError (${'x'.repeat(75)})`,
      'execution aborted',
    ]);
  });
});

describe('the data of an event', () => {
  it('opens texts that hold JSON, and hides what they hold', () => {
    const assignedVariables = {
      refusal: 'null',
      has_key: 'true',
      caller: '"arn:aws:iam::000000000000:root"',
      other: '123456',
    };
    const details = {
      name: 'S',
      output: '{"description":"to 123456"}',
      outputDetails: { truncated: false },
      assignedVariables,
    };
    const [, left] = timelineOf(aPayout(), [{ place: 'guard', events: [event(1, 'TaskStateExited', details)] }]);
    expect(left?.data).toEqual({
      output: { description: 'to •••••' },
      assignedVariables: { refusal: null, has_key: true, caller: 'arn:aws:iam::000000000000:root', other: '•••••' },
    });
  });
});

describe('eventsOfLogLines', () => {
  const line = (id: number) =>
    JSON.stringify({
      id: `${id}`,
      type: 'PassStateEntered',
      details: { name: `S${id}` },
      event_timestamp: `${1000 + id}`,
    });

  it('counts a line that was delivered twice once, in the order of the execution', () => {
    const events = eventsOfLogLines([line(2), 'no JSON', line(10), line(1), line(2), '{"level":"INFO"}']);
    expect(events.map(({ id, atMs }) => [id, atMs])).toEqual([
      [1, 1001],
      [2, 1002],
      [10, 1010],
    ]);
  });
});
