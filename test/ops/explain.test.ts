import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Payout } from '../../domain/payout.ts';
import { TaskError, type TaskRunner } from '../../local/step-functions/engine.ts';
import { documentClient } from '../../ops/clients.ts';
import { connectionOf } from '../../ops/connection.ts';
import { aFact, aPayout } from '../builders/payout.ts';
import { type LocalRun, SUBMISSION_LOG_GROUP, startLocalRun, TRANSACTIONS } from './local-run.ts';
import { runCommand } from './run-command.ts';

/**
 * Executions of the local Step Functions, shaped as the real machines are: an Express submission that retries, and a Standard
 * guard that waits for its token, read back over the wire. Time moves by the clock.
 */
const ACCOUNT = '987654321';
const CIPHERTEXT = 'Q2lwaGVydGV4dA'.repeat(20);

const SUBMISSION = {
  QueryLanguage: 'JSONata',
  StartAt: 'SubmitPayment',
  States: {
    SubmitPayment: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'SubmitPayment', Payload: '{% $states.input %}' },
      TimeoutSeconds: 15,
      Retry: [{ ErrorEquals: ['MonoovaUnreachableError'], IntervalSeconds: 1, MaxAttempts: 1 }],
      Next: 'Respond',
    },
    Respond: { Type: 'Pass', Output: { statusCode: 202, body: '{}' }, End: true },
  },
};
const SETTLEMENT = {
  QueryLanguage: 'JSONata',
  StartAt: 'AwaitOutcome',
  States: {
    AwaitOutcome: {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem.waitForTaskToken',
      Arguments: { ExpressionAttributeValues: { ':token': { S: '{% $states.context.Task.Token %}' } } },
      TimeoutSeconds: 60,
      Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Escalated' }],
      End: true,
    },
    Escalated: { Type: 'Fail', Error: 'PayoutEscalated', Cause: 'The outcome is unknown; a person was told.' },
  },
};

let tokens: string[] = [];
let failures: TaskError[] = [];
const runTask: TaskRunner = async ({ arguments: given }) => {
  const values = (given as { ExpressionAttributeValues?: { ':token': { S: string } } }).ExpressionAttributeValues;
  if (values) tokens.push(values[':token'].S);
  const failure = failures.shift();
  if (failure) throw failure;
  return { Payload: { status: 'Pending' } };
};

let run: LocalRun;
const arns = { submission: '', settlement: '' };
beforeAll(async () => {
  run = await startLocalRun(runTask);
  const roleArn = 'arn:aws:iam::000000000000:role/states';
  arns.submission = run.engine.createStateMachine({
    name: 'payout-submission-dev',
    type: 'EXPRESS',
    definition: JSON.stringify(SUBMISSION),
    roleArn,
    logGroupName: SUBMISSION_LOG_GROUP,
    includeExecutionData: true,
  });
  arns.settlement = run.engine.createStateMachine({
    name: 'payout-settlement-dev',
    type: 'STANDARD',
    definition: JSON.stringify(SETTLEMENT),
    roleArn,
  });
});
afterAll(() => run.close());
beforeEach(() => {
  tokens = [];
  failures = [];
});

let count = 0;
function newId() {
  count += 1;
  return `0a1b2c3d-4e5f-8a6b-9c7d-${String(count).padStart(12, '0')}`;
}

async function store(fields: Partial<Payout>): Promise<Payout> {
  const reference = newId();
  const now = new Date(run.clock.nowMs()).toISOString();
  const payout = aPayout({
    transaction_id: `txn-${reference}`,
    uniqueReference: reference,
    created_at: now,
    updated_at: now,
    destination_ciphertext: CIPHERTEXT,
    ...fields,
  });
  await (await documentClient(connectionOf({}, run.env))).send(
    new PutCommand({ TableName: TRANSACTIONS, Item: payout }),
  );
  return payout;
}

const startGuard = (payout: Payout, suffix = '') => {
  const { transaction_id } = payout;
  const name = `${transaction_id}${suffix}`;
  return run.engine.startExecution({
    stateMachineArn: arns.settlement,
    name,
    input: JSON.stringify({ transaction_id }),
  });
};
const turn = () => run.clock.advance(1);
/** Until the guard has hung its doorbell. */
async function untilItWaits(): Promise<void> {
  for (let turns = 0; turns < 100 && tokens.length === 0; turns++) await turn();
}
const explain = (payout: Payout, ...flags: string[]) =>
  runCommand(['explain', payout.transaction_id, ...flags], { env: run.env, nowMs: run.clock.nowMs() });

const shownOf = ({ transaction_id, uniqueReference, status, amount_cents, created_at }: Payout) => ({
  transaction_id,
  uniqueReference,
  status,
  amount_cents,
  created_at,
});

describe('explain', () => {
  it('tells record, submission, guard and facts as one story in order of time', async () => {
    const cause = JSON.stringify({ errorType: 'MonoovaUnreachableError', errorMessage: `refused for ${ACCOUNT}` });
    failures = [new TaskError('MonoovaUnreachableError', cause)];
    const input = JSON.stringify({ ciphertext: CIPHERTEXT, description: `to ${ACCOUNT}` });
    const ended = run.engine.startSyncExecution({ stateMachineArn: arns.submission, input });
    await run.clock.advance(2_000);
    const submission = await ended;
    const created_at = new Date(submission.startMs).toISOString();
    const payout = await store({
      execution_arn: submission.executionArn,
      created_at,
      posts: 1,
      last_posted_at: created_at,
      task_token: 'the-task-token',
      history: [
        aFact({
          kind: 'accepted',
          source: 'submission',
          observed_at: new Date(run.clock.nowMs()).toISOString(),
          detail: 'Ok',
        }),
      ],
    });
    startGuard(payout);
    await untilItWaits();

    const { code, out, err } = await explain(payout);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    const story = out.split('\n').filter((line) => /^\d{4}-/.test(line));
    expect(story.map((line) => line.replace(/^.{30} +[+-]\d+ +/, ''))).toEqual([
      'request     123.45 AUD to ja•••• (PayId), asked for by arn:aws:iam::000000000000:root',
      'submission  execution started',
      'submission  SubmitPayment entered',
      'submission  SubmitPayment failed: MonoovaUnreachableError (refused for •••••)',
      'submission  SubmitPayment tries again (attempt 2)',
      expect.stringMatching(/^submission {2}SubmitPayment left after \d+ ms$/),
      'submission  Respond entered',
      'submission  execution succeeded with answer 202',
      'history     fact accepted: Monoova has the payout (by submission, Ok)',
      'guard       execution started',
      'guard       AwaitOutcome entered',
      'guard       AwaitOutcome hangs its doorbell and waits, at most 60 s',
    ]);
    expect(out).toContain(`(ciphertext, ${CIPHERTEXT.length} characters)`);
    expect(out).toMatch(
      /Pending\. Monoova has it\. The guard waits for Monoova's webhook; if none comes, it asks Monoova at .+ \(in \d+ s\)\.\n$/,
    );
  });

  it('shows data masked: no account, no ciphertext, no token', async () => {
    const input = JSON.stringify({ ciphertext: CIPHERTEXT, description: `to ${ACCOUNT}`, body_base64: 'eyJhIjoxfQ==' });
    const submission = await run.engine.startSyncExecution({ stateMachineArn: arns.submission, input });
    const payout = await store({ execution_arn: submission.executionArn, task_token: 'the-task-token' });
    startGuard(payout);
    await untilItWaits();

    const text = await explain(payout, '--data');
    const json = await explain(payout, '--json');

    expect(text.out).toContain(`"ciphertext":"(ciphertext, ${CIPHERTEXT.length} characters)"`);
    expect(tokens).toHaveLength(1);
    for (const out of [text.out, json.out]) {
      expect(out).toContain('to •••••');
      for (const secret of [ACCOUNT, CIPHERTEXT, 'eyJhIjoxfQ', 'the-task-token', ...tokens])
        expect(out).not.toContain(secret);
    }
    expect(JSON.parse(json.out)).toMatchObject({
      payout: { ...shownOf(payout), destination_ciphertext: `(ciphertext, ${CIPHERTEXT.length} characters)` },
      timeline: expect.arrayContaining([expect.objectContaining({ place: 'guard', what: 'AwaitOutcome entered' })]),
      standing: expect.stringContaining('Pending.'),
    });
  });

  it('says who owns a payout that was escalated, and follows further guards', async () => {
    const payout = await store({ posts: 1 });
    startGuard(payout);
    await untilItWaits();
    await run.clock.advance(61_000);
    expect((await explain(payout)).out).toContain('Pending, and a person owns it since');

    tokens = [];
    startGuard(payout, '-2');
    await untilItWaits();
    const { out } = await explain(payout);

    expect(out).toContain('guard    execution failed: PayoutEscalated (The outcome is unknown; a person was told.)');
    expect(out).toContain('guard    AwaitOutcome timed out: States.Timeout');
    expect(out).toContain('guard 2  AwaitOutcome hangs its doorbell');
    expect(out).toContain("Guard 2 waits for Monoova's webhook");
  });

  it('tells the rest where the log has no lines yet and no guard is known', async () => {
    const payout = await store({});
    const { code, out } = await explain(payout);

    expect(code).toBe(0);
    expect(out).toContain('Note: the submission has no lines in its log: on AWS they arrive a little late');
    expect(out).toContain('Pending, and no guard is known');
    expect(out).toContain('Monoova has received nothing so far.');
  });

  it('ends a settled payout with its outcome', async () => {
    const payout = await store({
      status: 'Completed',
      history: [aFact({ kind: 'completed', monoova_transaction_id: 4711 })],
    });
    const { out } = await explain(payout);

    expect(out).toContain("fact completed: the payee has the money (by webhook, Monoova's number 4711)");
    expect(out).toMatch(/Completed since .+\. The payee has the money\.\n$/);
  });

  it('says so where there is no such payout', async () => {
    const { code, err } = await runCommand(['explain', `txn-${newId()}`], { env: run.env });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining('there is no payout txn-') });
  });
});
