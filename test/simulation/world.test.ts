import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { chanceOf } from './chance.ts';
import type { Choices } from './choices.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import type { Point } from './faults.ts';
import { readRegressions } from './findings.ts';
import { COMPOSITIONS } from './functions/compositions.ts';
import type { FunctionDeps } from './lambda/environment.ts';
import { runSeed } from './run-seed.ts';
import type { Visits } from './state-machines/coverage.ts';
import { createWorld, type WorldOptions, type WorldSettings } from './world.ts';

let deployment: Deployment;
beforeAll(async () => {
  deployment = await readDeployment();
});

const SETTINGS = { profile: 'dedupes', resubmission: 'after-quiet-period' } as const;

/** One payout with a key, and the faults that `fault` says. */
function runWith(
  fault: (point: Point) => string | undefined,
  settings: Partial<WorldSettings> = {},
  others: Pick<WorldOptions, 'compositions' | 'visits'> = {},
) {
  const chance = chanceOf(3);
  const choices: Choices = {
    chance: { ...chance, unit: (name) => (name === 'payouts' ? 0 : chance.unit(name)) },
    fault,
  };
  const options = { choices, deployment, settings: { ...SETTINGS, lostWebhooks: 0, ...settings } };
  return createWorld({ ...options, ...others }).run();
}

/** Comes about the first time only. */
function once(label: string, kind: string) {
  let isDone = false;
  return (point: Point) => {
    if (isDone || point.label !== label) return undefined;
    isDone = true;
    return kind;
  };
}

describe('a simulated world', () => {
  it('takes the same course for the same seed', async () => {
    const settings = { ...SETTINGS, isTraced: true };
    const [one, other] = [await runSeed(7, { deployment, settings }), await runSeed(7, { deployment, settings })];
    expect(other.trace).toEqual(one.trace);
    expect(one.trace.length).toBeGreaterThan(50);
  });

  it('takes the same course for the faults that came about, and another without them', async () => {
    const settings = { ...SETTINGS, isTraced: true };
    const found = await runSeed(11, { deployment, settings });
    const repeated = await runSeed(11, { deployment, settings, faults: found.faults });
    const without = await runSeed(11, { deployment, settings, faults: [] });
    expect(repeated.trace).toEqual(found.trace);
    expect(without.trace).not.toEqual(found.trace);
  });

  it('ends in time, with an outcome for its payout', async () => {
    const end = await runWith(() => undefined);
    expect(end).toMatchObject({ violation: undefined, ending: 'idle', payouts: [{ status: 'Completed' }] });
  });

  it('pays twice where a request lands late, Monoova does not refuse repeats, and the stage sends again', async () => {
    const isLate = () => once('submit-payment: POST execute', 'very late');
    const bold = await runWith(isLate(), { profile: 'never-dedupes' });
    const refused = await runWith(isLate(), { profile: 'dedupes' });
    const careful = await runWith(isLate(), { profile: 'never-dedupes', resubmission: 'never' });
    expect(bold.violation?.invariant).toBe('at most one payment for each payout');
    expect([refused.violation, careful.violation]).toEqual([undefined, undefined]);
  });

  it('looks after more open payouts than a call takes, where few are taken', async () => {
    const kinds: Readonly<Record<string, string>> = {
      'monoova: course': 'never final',
      'reconciliation comes every morning': 'asked for',
    };
    const edge = 'payouts-dev-reconciliation/MoreToWatch -> WatchOpenPayouts';
    const visitsWith = async (page: string | undefined) => {
      const visits: Visits = new Map();
      const fault = ({ label }: Point) => (label === 'reconciliation looks after few at once' ? page : kinds[label]);
      const { violation } = await runWith(fault, { payouts: [1, 2, 3] }, { visits });
      expect(violation).toBeUndefined();
      return visits.has(edge);
    };
    expect(await visitsWith(undefined)).toBe(false);
    expect(await visitsWith('one in a call')).toBe(true);
    expect(await visitsWith('two in a call')).toBe(true);
  });

  it('gives to a person what no webhook and no look-up tells the end of', async () => {
    const end = await runWith(({ label }) => (label === 'monoova: course' ? 'never final' : undefined));
    expect(end.payouts).toEqual([{ status: 'Pending', finalAfterMs: undefined, needsPerson: true }]);
  });
});

/** The guard's function, which shows an account where it should show nothing. */
function leakingBy(leak: (deps: FunctionDeps, transactionId: string) => unknown) {
  const compositions: NonNullable<WorldOptions['compositions']> = {
    ...COMPOSITIONS,
    'check-settlement': (deps) => {
      const handler = COMPOSITIONS['check-settlement']?.(deps);
      return async (event, context) => {
        await leak(deps, (event as { transaction_id: string }).transaction_id);
        return handler?.(event, context);
      };
    },
  };
  return compositions;
}

describe('the plain text of a destination', () => {
  const ACCOUNT = '73941620';
  it.each([
    [
      'an attribute of a record',
      ({ clients, environment }: FunctionDeps, id: string) =>
        clients.documents.send(
          new UpdateCommand({
            TableName: environment['TRANSACTIONS_TABLE_NAME'],
            Key: { transaction_id: id },
            UpdateExpression: 'SET description = :account',
            ExpressionAttributeValues: { ':account': ACCOUNT },
          }),
        ),
    ],
    ['a log line', ({ log }: FunctionDeps) => log.info('looked', { account: ACCOUNT })],
    [
      'an error, which the history shows',
      () => {
        throw new Error(`no account ${ACCOUNT}`);
      },
    ],
  ])('is found in %s', async (_where, leak) => {
    const neverFinal = ({ label }: Point) => (label === 'monoova: course' ? 'never final' : undefined);
    const { violation } = await runWith(neverFinal, {}, { compositions: leakingBy(leak) });
    expect(violation?.invariant).toBe('no plain text can be seen');
  });
});

describe('a run that once broke something', () => {
  it('breaks nothing any more', async () => {
    for (const { name, seed, profile, resubmission, payouts, faults } of readRegressions()) {
      const { violation } = await runSeed(seed, { deployment, faults, settings: { profile, resubmission, payouts } });
      expect({ name, violation }).toEqual({ name, violation: undefined });
    }
  });
});
