import { beforeAll, describe, expect, it } from 'vitest';
import type { ResubmissionMode } from '../../domain/submission-rule.ts';
import { type Definitions, definitionsOf } from './definitions.ts';
import { explore } from './explore.ts';
import { stageOf } from './scope.ts';
import { SCOPES } from './scopes.ts';
import { timelineOf } from './timeline.ts';

/** Seconds on a quiet machine. */
const EXPLORATION_TIMEOUT_MS = 120_000;

/** The scopes of `npm run exhaustive -- --quick`, and what the exploration says once a protection is gone. */

const definitions = new Map<ResubmissionMode, Definitions>();
const scopeNamed = (name: string) => {
  const found = SCOPES.find(({ scope }) => scope.name === name);
  if (!found) throw new Error(`There is no scope ${name}.`);
  return found.scope;
};
const definitionsFor = (resubmission: ResubmissionMode): Definitions => {
  const found = definitions.get(resubmission);
  if (!found) throw new Error('The stages are not synthesised.');
  return found;
};

beforeAll(() => {
  for (const resubmission of ['never', 'after-quiet-period'] as const) {
    definitions.set(resubmission, definitionsOf(stageOf({ resubmission })));
  }
});

describe('every interleaving', () => {
  it.each(SCOPES.filter(({ isQuick }) => isQuick))('$scope.name', async ({ scope, breaks }) => {
    const { counterexample, states, ends } = await explore(scope, definitionsFor(scope.resubmission));
    if (breaks) {
      expect(counterexample?.broken).toMatch(breaks);
      return;
    }
    expect(counterexample).toBeUndefined();
    expect(states).toBeGreaterThan(3_000);
    // A payout that ends well, and one that a person hears of: without them the promises would be kept for want of payouts.
    expect([...ends.keys()]).toEqual(expect.arrayContaining(['Completed', 'Pending, a person was told']));
  }, EXPLORATION_TIMEOUT_MS);
});

describe('without a protection', () => {
  const name = 'two requests, a webhook';

  it('tells the shortest way to two payments, when the record is put whoever recorded it first', async () => {
    const { submission, settlement } = definitionsFor('never');
    const unguarded = JSON.parse(submission);
    delete unguarded.States.RecordTransaction.ConditionExpression;
    delete unguarded.States.RecordTransaction.Arguments.ConditionExpression;
    const found = await explore(scopeNamed(name), { submission: JSON.stringify(unguarded), settlement });
    expect(found.counterexample).toBeDefined();
    const timeline = found.counterexample ? await timelineOf(found.kernel, found.counterexample) : [];
    expect(timeline.at(-1)).toContain('BROKEN: ');
    expect(timeline).toEqual(expect.arrayContaining([expect.stringContaining('request 2 arrives')]));
  });

  it('says what is sent without a guard, when the guard is started after the payment', async () => {
    const { submission, settlement } = definitionsFor('never');
    const { States, ...machine } = JSON.parse(submission);
    const late = {
      ...States,
      RecordTransaction: { ...States.RecordTransaction, Next: 'SubmitPayment' },
      IsDeclined: { ...States.IsDeclined, Default: 'StartSettlement' },
      IsReplay: { ...States.IsReplay, Default: 'Respond' },
    };
    const found = await explore(scopeNamed(name), {
      submission: JSON.stringify({ ...machine, States: late }),
      settlement,
    });
    expect(found.counterexample?.broken).toBe('a payment is sent that has no guard');
  });

  it('notices that nobody rings any more', async () => {
    const { submission, settlement } = definitionsFor('never');
    const deaf = JSON.parse(settlement);
    deaf.States.AwaitOutcome.Arguments.UpdateExpression = 'SET task_token_unheard = :token';
    const found = await explore(scopeNamed(name), { submission, settlement: JSON.stringify(deaf) });
    expect(found.counterexample?.broken).toContain('the guard still waits');
  });
});
