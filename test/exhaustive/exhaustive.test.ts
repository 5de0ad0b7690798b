import { beforeAll, describe, expect, it } from 'vitest';
import { type Deployment, readDeployment } from '../simulation/deployment.ts';
import { checkAdapters } from './adapters.ts';
import { checkControls } from './controls-table.ts';
import { checkEntrances } from './entrances.ts';
import { explore } from './explore.ts';
import { foldAll } from './folds.ts';
import { gateAll } from './gates.ts';
import { SCOPES } from './scopes.ts';
import { checkSubmissionRule } from './submission-table.ts';
import { timelineOf } from './timeline.ts';

/** Seconds on a quiet machine. */
const EXPLORATION_TIMEOUT_MS = 120_000;

/** The scopes of `npm run exhaustive -- --quick`, and what the exploration says once a protection is gone. */

let deployment: Deployment;
beforeAll(async () => {
  deployment = await readDeployment();
});

const scopeNamed = (name: string) => {
  const found = SCOPES.find(({ scope }) => scope.name === name);
  if (!found) throw new Error(`There is no scope ${name}.`);
  return found.scope;
};

// biome-ignore lint/suspicious/noExplicitAny: a definition is changed here as JSON
type States = Record<string, any>;

/** The deployment with one of its machines changed. */
function changed(suffix: string, change: (states: States) => void): Deployment {
  const machines = deployment.machines.map((machine) => {
    if (!machine.name.endsWith(suffix)) return machine;
    const definition = JSON.parse(machine.definition);
    change(definition.States);
    return { ...machine, definition: JSON.stringify(definition) };
  });
  return { ...deployment, machines };
}

describe('every interleaving', () => {
  it.each(SCOPES.filter(({ isQuick }) => isQuick))(
    '$scope.name',
    async ({ scope, breaks }) => {
      const { counterexample, states, ends } = await explore(scope, deployment);
      if (breaks) {
        expect(counterexample?.broken).toMatch(breaks);
        return;
      }
      expect(counterexample).toBeUndefined();
      expect(states).toBeGreaterThan(2_500);
      // A payout that ends well, and one that a person hears of: without them the promises would be kept for want of payouts.
      expect([...ends.keys()]).toEqual(expect.arrayContaining(['Completed', 'Pending, a person was told']));
    },
    EXPLORATION_TIMEOUT_MS,
  );
});

it('folds facts in every order to what the design has', () => {
  const { folds, broken } = foldAll(2);
  expect(broken).toBeUndefined();
  expect(folds).toBeGreaterThan(5_000);
});

it('sends whom the design has sent', () => {
  const { rows, broken } = checkSubmissionRule();
  expect(broken).toBeUndefined();
  expect(rows).toBeGreaterThan(10_000);
});

it('takes every answer of Monoova for what it proves, and lets one of two writers win', {
  timeout: EXPLORATION_TIMEOUT_MS,
}, async () => {
  const { cases, broken } = await checkAdapters();
  expect(broken).toBeUndefined();
  expect(cases).toBeGreaterThan(50_000);
});

it('calls Monoova when the design has it called, and learns from each call', async () => {
  const { cases, broken } = checkControls();
  expect(broken).toBeUndefined();
  expect((await gateAll()).broken).toBeUndefined();
  expect(cases).toBeGreaterThan(100_000);
});

it('lets in what is proven and valid, and loses nothing of it', async () => {
  const { cases, broken } = await checkEntrances();
  expect(broken).toBeUndefined();
  expect(cases).toBeGreaterThan(4_000);
});

describe('without a protection', () => {
  const name = 'two requests, a webhook';

  it('tells the shortest way to the harm, when the record is put whoever recorded it first', async () => {
    const unguarded = changed('submission', ({ RecordTransaction }) => {
      delete RecordTransaction.Arguments.ConditionExpression;
    });
    const { kernel, counterexample } = await explore(scopeNamed(name), unguarded);
    expect(counterexample).toBeDefined();
    const timeline = counterexample ? await timelineOf(kernel, counterexample) : [];
    expect(timeline.at(-1)).toContain('BROKEN: ');
    expect(timeline).toEqual(expect.arrayContaining([expect.stringContaining('request 2 arrives')]));
  });

  it('says what is sent without a guard, when the guard is started after the payment', async () => {
    const late = changed('submission', ({ RecordTransaction, IsDeclined, IsReplay }) => {
      RecordTransaction.Next = 'SubmitPayment';
      IsDeclined.Default = 'StartSettlement';
      IsReplay.Default = 'Respond';
    });
    const { counterexample } = await explore(scopeNamed(name), late);
    expect(counterexample?.broken).toBe('a payment is sent that has no guard');
  });

  it('notices that nobody rings any more', async () => {
    const deaf = changed('settlement', ({ AwaitOutcome }) => {
      AwaitOutcome.Arguments.UpdateExpression = 'SET task_token_unheard = :token';
    });
    const { counterexample } = await explore(scopeNamed(name), deaf);
    expect(counterexample?.broken).toContain('the guard still waits');
  });
});
