import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checked, EMPTY_TALLY, found, incomplete, reportOf, type Tally } from '../../domain/reconciliation.ts';
import { reportText } from '../../ops/reconciliation-text.ts';
import { TRANSACTION_ID } from '../builders/payout.ts';
import { type LocalRun, startLocalRun } from './local-run.ts';
import { runCommand } from './run-command.ts';

const RUN = { from: '2026-11-22', to: '2026-11-22', today: '2026-11-23', is_rebuild: false, name: 'reconcile-one' };
const CLEAN = checked(checked(EMPTY_TALLY, 'payments', 12), 'foreign', 2);
const ORPHANED = found(CLEAN, 'orphan', { id: TRANSACTION_ID, detail: 'Complete' });

let run: LocalRun;
/** What the machine does with the next execution; its input is seen by the state `Ask`. */
let ending: object = {};
const asked: unknown[] = [];

beforeAll(async () => {
  run = await startLocalRun(async (call) => {
    asked.push(call.arguments);
    return ending as never;
  });
  run.engine.createStateMachine({
    name: 'reconciliation-dev',
    type: 'STANDARD',
    roleArn: 'arn:aws:iam::000000000000:role/reconciliation',
    definition: JSON.stringify({
      QueryLanguage: 'JSONata',
      StartAt: 'Ask',
      States: {
        Ask: {
          Type: 'Task',
          Resource: 'arn:aws:states:::dynamodb:getItem',
          Arguments: '{% $states.input %}',
          Next: 'IsRefused',
        },
        IsRefused: {
          Type: 'Choice',
          Choices: [
            { Condition: '{% $exists($states.input.refusal) %}', Next: 'Refused' },
            { Condition: '{% $exists($states.input.waits) %}', Next: 'Wait' },
          ],
          Default: 'Reconciled',
        },
        Wait: { Type: 'Wait', Seconds: 3600, Next: 'Reconciled' },
        Refused: { Type: 'Fail', Error: 'ReconciliationRefused', Cause: '{% $states.input.refusal %}' },
        Reconciled: { Type: 'Succeed', Output: '{% $states.input %}' },
      },
    }),
  });
});
afterAll(() => run.close());

async function reconcile(tally: Tally | object, ...args: string[]) {
  asked.length = 0;
  ending = 'counts' in tally ? reportOf(RUN, tally as Tally) : tally;
  return runCommand(['reconcile', ...args], { env: run.env });
}

describe('payouts reconcile', () => {
  it('asks for days, waits for the end and prints the report; nobody is needed: 0', async () => {
    const { code, out, err } = await reconcile(CLEAN, '--from', '2026-11-21', '--to', '2026-11-22');
    expect(asked).toEqual([{ from: '2026-11-21', to: '2026-11-22' }]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Nobody is needed.') });
    expect(out).toContain("12  payments in Monoova's books");
    expect(out).toContain('2 of them of other systems');
    expect(err).toMatch(/^Reconciling \(reconcile-[0-9a-f-]{36}\) \.\.\.\n$/);
  });

  it('ends with 3 where a person is needed, and names what and what to do', async () => {
    const { code, out, err } = await reconcile(ORPHANED);
    expect(asked).toEqual([{}]);
    expect(code).toBe(3);
    expect(out).toContain('1 × Monoova has a payment of ours without a record');
    expect(out).toContain(`${TRANSACTION_ID}  Complete`);
    expect(out).toContain('Next step: If the table was restored');
    expect(err).toContain('a person is needed: docs/runbook.md, "Reconciliation needs a person"');
    expect(err).not.toContain('error:');
  });

  it('says what a run has left out, for which a person is needed as well', async () => {
    const { code, out } = await reconcile(incomplete(CLEAN, 'statuses of 2026-11-21: TIMEOUT'));
    expect(code).toBe(3);
    expect(out).toContain('Left out\n  statuses of 2026-11-21: TIMEOUT\n');
  });

  it('prints the report as JSON', async () => {
    const { code, out } = await reconcile(ORPHANED, '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toEqual(reportOf(RUN, ORPHANED));
  });

  it('shows an earlier run, and starts none', async () => {
    const { err } = await reconcile(ORPHANED);
    const name = /\((reconcile-[^)]*)\)/.exec(err)?.[1] ?? '';
    const { code, out } = await reconcile(CLEAN, '--execution', name);
    expect(asked).toEqual([]);
    expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining(TRANSACTION_ID) });
    const missing = await reconcile(CLEAN, '--execution', 'reconcile-none');
    expect(missing).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no reconciliation reconcile-none'),
    });
  });

  it('says what to ask for instead where the machine refuses', async () => {
    const refusal = 'A rebuild needs payouts to be paused until it has ended: run `payouts pause` first.';
    const { code, err } = await reconcile({ refusal }, '--rebuild');
    expect(asked).toEqual([{ rebuild: true }]);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`nothing was reconciled. ${refusal}`) });
  });

  it('does not wait for ever, and says how to see the end', async () => {
    const { code, err } = await reconcile({ waits: true }, '--wait-minutes', '0.01');
    const name = /\((reconcile-[^)]*)\)/.exec(err)?.[1] ?? 'none';
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`payouts reconcile --execution ${name}`) });
  });

  it.each([
    [['--from', '2026-02-30'], 'YYYY-MM-DD'],
    [['--to', 'today'], 'YYYY-MM-DD'],
    [['--execution', 'x', '--from', '2026-11-22'], 'leave out --from'],
    [['--wait-minutes', '0'], 'a number up to 240'],
    [['--wait-minutes', 'x'], 'a number up to 240'],
  ])('refuses %j before anything is started', async (args, words) => {
    const { code, err } = await reconcile(CLEAN, ...args);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(words) });
    expect(asked).toEqual([]);
  });
});

describe('the text of a report', () => {
  it('says how many more there are than it names', () => {
    let tally = EMPTY_TALLY;
    for (let index = 0; index < 130; index++) tally = found(tally, 'repaired', { id: `txn-${index}` });
    const text = reportText(reportOf(RUN, tally));
    expect(text).toContain('130 × brought to the outcome that Monoova knows');
    expect(text).toContain('and 30 more, in the log of the function reconcile');
  });
});
