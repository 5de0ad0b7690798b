import { afterEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../local/aws/credentials.ts';
import type { JsonObject } from '../../local/json.ts';
import { type TestRun, useLocalRun } from '../support/local-run.ts';
import { createPayout, getPayout, settled, uniqueKey } from '../support/payouts.ts';
import { escalate, guardOf, loseWebhook, WEBHOOK_MS } from './scenarios.ts';
import { type GrantName, takeAway } from './template-without.ts';

/** Secrets are read again after five minutes. */
const SECRETS_FORGOTTEN_MS = 6 * 60_000;

type Case = {
  readonly without: GrantName;
  /** What has to fail first, so that the grant is asked for at all. */
  readonly also?: readonly GrantName[];
  /** It begins with a webhook that cannot be applied (scenarios.ts). */
  readonly losesWebhook?: true;
  /** Of the resource that the refusal names. */
  readonly resource: string;
  /** What does not work any more. */
  readonly fails: (run: TestRun) => Promise<unknown>;
};

const TABLE = 'table/payouts-dev-transactions';
const WEBHOOK_LOGS = '/aws/lambda/payouts-dev-receive-webhook';
const READ = '/payouts/txn-00000000-0000-4000-8000-000000000000';

const WRITE_OF_WEBHOOK: GrantName = {
  holder: 'ReceiveWebhook',
  action: 'dynamodb:UpdateItem',
  resource: 'transactions',
};

const LETTERS = 'payouts-dev-webhook-retry';
const LETTER_OF_WEBHOOK: GrantName = { holder: 'ReceiveWebhook', action: 'sqs:SendMessage' };
/** A letter waits for five seconds before it is received. */
const RETRIED_MS = 6_000;

/** One of each service, of each condition and of each way to be asked. */
const CASES: readonly Case[] = [
  {
    without: { holder: 'PayoutsApiSubmissionRole', action: 'sts:AssumeRole' },
    resource: 'role/PayoutsApiSubmissionRole',
    fails: async (run) => expect((await createPayout(run)).status).toBe(500),
  },
  {
    without: { holder: 'PayoutsApiSubmissionRole', action: 'states:StartSyncExecution' },
    resource: 'stateMachine:payouts-dev-submission',
    fails: async (run) => expect((await createPayout(run)).status).toBe(500),
  },
  {
    without: { holder: 'read-payouts', action: 'lambda:InvokeFunction', condition: '/GET/payouts/*' },
    resource: 'function:payouts-dev-read-payouts',
    fails: async (run) => {
      expect((await run.request('GET', READ)).status).toBe(500);
      expect((await run.request('GET', '/payouts?customer_id=cust-demo-payid')).status).toBe(200);
    },
  },
  {
    without: { holder: 'PayoutSubmissionRole', action: 'lambda:InvokeFunction', resource: 'decrypt-destination' },
    resource: 'function:payouts-dev-decrypt-destination',
    fails: async (run) => expect((await whileTimePasses(run, createPayout(run))).status).toBe(503),
  },
  {
    without: { holder: 'PayoutSubmissionRole', action: 'dynamodb:PutItem' },
    resource: TABLE,
    fails: async (run) => {
      expect((await createPayout(run)).status).toBe(504);
      const events = await linesOf(run, '/aws/vendedlogs/states/payouts-dev-submission');
      const failure = events.findLast((event) => event.includes('"TaskFailed"')) ?? '';
      expect(failure).toContain('"error":"DynamoDB.AmazonDynamoDBException"');
      expect(failure).toContain('is not authorized to perform: dynamodb:PutItem on resource');
    },
  },
  {
    without: { holder: 'PayoutSubmissionRole', action: 'kms:Decrypt', condition: 'kms:ViaService dynamodb.' },
    resource: ':key/',
    fails: async (run) => expect((await createPayout(run)).status).toBe(504),
  },
  {
    without: { holder: 'PayoutSubmissionRole', action: 'states:StartExecution' },
    resource: 'stateMachine:payouts-dev-settlement',
    fails: async (run) => {
      const { id } = await createPayout(run, { customer_id: 'cust-demo-instant' });
      expect(() => guardOf(run, id)).toThrow('Execution Does Not Exist');
      expect((await getPayout(run, id)).status).toBe('Pending');
    },
  },
  {
    without: { holder: 'ValidatePayout', action: 'dynamodb:GetItem', resource: 'table/payouts-dev-controls' },
    resource: 'table/payouts-dev-controls',
    fails: async (run) => {
      const request = { key: null, description: uniqueKey() };
      expect((await createPayout(run, request)).status).toBe(202);
      expect((await createPayout(run, request)).status).toBe(503);
    },
  },
  {
    without: { holder: 'DecryptDestination', action: 'kms:Decrypt', condition: 'kms:EncryptionContext:customer_id' },
    resource: ':key/',
    fails: async (run) => expect((await createPayout(run)).status).toBeGreaterThanOrEqual(500),
  },
  {
    without: { holder: 'ReadPayouts', action: 'dynamodb:Query' },
    resource: `${TABLE}/index/CustomerIndex`,
    fails: async (run) => expect((await run.request('GET', '/payouts?customer_id=cust-demo-payid')).status).toBe(500),
  },
  {
    without: { holder: 'SubmitPayment', action: 'secretsmanager:GetSecretValue' },
    resource: 'secret:monoova/dev/api-key-',
    fails: async (run) => {
      await run.advance(SECRETS_FORGOTTEN_MS);
      const { id } = await createPayout(run, { customer_id: 'cust-demo-instant' });
      expect((await getPayout(run, id)).status).toBe('Pending');
    },
  },
  {
    without: { holder: 'SubmitPayment', action: 'kms:Decrypt', condition: 'kms:ViaService secretsmanager.' },
    resource: ':key/',
    fails: async (run) => {
      await run.advance(SECRETS_FORGOTTEN_MS);
      const { id } = await createPayout(run, { customer_id: 'cust-demo-instant' });
      expect((await getPayout(run, id)).status).toBe('Pending');
    },
  },
  {
    without: { holder: 'ReceiveWebhook', action: 'states:SendTaskSuccess' },
    resource: 'stateMachine:payouts-dev-settlement',
    fails: async (run) => {
      const { id } = await createPayout(run);
      await run.advance(WEBHOOK_MS);
      await settled(run, id);
      await run.advance(WEBHOOK_MS);
      expect(guardOf(run, id).status).toBe('RUNNING');
    },
  },
  {
    without: { holder: 'ReceiveWebhook', action: 'dynamodb:PutItem', resource: 'idempotency' },
    resource: 'table/payouts-dev-idempotency',
    fails: payWithoutMemory,
  },
  {
    without: { holder: 'ReceiveWebhook', action: 'sqs:SendMessage' },
    also: [WRITE_OF_WEBHOOK],
    resource: ':payouts-dev-webhook-retry',
    fails: keepsNoLetter,
  },
  {
    without: { holder: 'ReceiveWebhook', action: 'kms:GenerateDataKey', condition: 'kms:ViaService sqs.' },
    also: [WRITE_OF_WEBHOOK],
    resource: ':key/',
    fails: keepsNoLetter,
  },
  {
    without: { holder: 'ReceiveWebhook', action: 'dynamodb:DeleteItem', resource: 'idempotency' },
    also: [WRITE_OF_WEBHOOK, LETTER_OF_WEBHOOK],
    resource: 'table/payouts-dev-idempotency',
    fails: keepsNoLetter,
  },
  {
    losesWebhook: true,
    without: { holder: 'RetryWebhook', action: 'dynamodb:UpdateItem', resource: 'transactions' },
    resource: TABLE,
    fails: leavesTheLetter,
  },
  {
    losesWebhook: true,
    without: { holder: 'RetryWebhook', action: 'sqs:ReceiveMessage' },
    resource: ':payouts-dev-webhook-retry',
    fails: leavesTheLetter,
  },
  {
    losesWebhook: true,
    without: { holder: 'RetryWebhook', action: 'kms:Decrypt', condition: 'kms:ViaService sqs.' },
    resource: ':key/',
    fails: leavesTheLetter,
  },
  {
    losesWebhook: true,
    without: { holder: 'RetryWebhook', action: 'sqs:DeleteMessage' },
    resource: ':payouts-dev-webhook-retry',
    fails: async (run) => {
      await loseWebhook(run);
      await run.advance(RETRIED_MS);
      expect(await lettersOf(run)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
    },
  },
  {
    losesWebhook: true,
    without: { holder: 'RetryWebhook', action: 'sqs:ChangeMessageVisibility' },
    also: [{ holder: 'RetryWebhook', action: 'dynamodb:UpdateItem', resource: 'transactions' }],
    resource: ':payouts-dev-webhook-retry',
    fails: async (run) => {
      await loseWebhook(run);
      await run.advance(RETRIED_MS);
      expect(await lettersOf(run)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
    },
  },
  {
    without: { holder: 'PayoutSettlementRole', action: 'sns:Publish' },
    resource: ':payouts-dev-alarms',
    fails: async (run) => {
      await escalate(run);
      expect(published(run)).toBe(0);
    },
  },
  {
    without: { holder: 'ReceiveWebhook', action: 'logs:PutLogEvents' },
    resource: `log-group:${WEBHOOK_LOGS}:log-stream:`,
    fails: async (run) => {
      const before = await linesOf(run, WEBHOOK_LOGS);
      await run.request('POST', '/webhooks/monoova', { signed: false, body: {} });
      await run.advance(WEBHOOK_MS);
      expect(await linesOf(run, WEBHOOK_LOGS)).toEqual(before);
    },
  },
];

describe('without one grant of the template', () => {
  const refusals: string[] = [];
  const run = useLocalRun({ print: (line) => line.startsWith('Refused: ') && refusals.push(line) });
  afterEach(() => refusals.splice(0));

  it.each(CASES)(
    '$without.action of $without.holder',
    async ({ without, also = [], losesWebhook, resource, fails }) => {
      const sentence = `is not authorized to perform: ${without.action} on resource: arn:aws:`;
      const isNamed = () => refusals.some((refusal) => refusal.includes(sentence) && refusal.includes(resource));
      const giveBack = takeAway(run(), without, ...also);
      try {
        await fails(run());
        await expect.poll(isNamed).toBe(true);
      } finally {
        giveBack();
        await run().services.sqs.handle({ action: 'PurgeQueue', input: { QueueUrl: LETTERS }, principal: ROOT });
      }
      const others = refusals.filter((refusal) => !refusal.includes(sentence));
      const expected = losesWebhook ? [...also, WRITE_OF_WEBHOOK] : also;
      expect(others.filter((refusal) => !expected.some(({ action }) => refusal.includes(action)))).toEqual([]);
    },
  );
});

/** What the idempotency would have spared is done. */
async function payWithoutMemory(run: TestRun): Promise<void> {
  const { id } = await createPayout(run);
  await run.advance(WEBHOOK_MS);
  expect((await settled(run, id)).status).toBe('Completed');
}

/** Moves time on over the waits between attempts, while the answer is waited for. */
async function whileTimePasses<T>(run: TestRun, answer: Promise<T>): Promise<T> {
  let isAnswered = false;
  const done = answer.finally(() => {
    isAnswered = true;
  });
  for (let steps = 0; steps < 100 && !isAnswered; steps++) await run.advance(100);
  return done;
}

/** Neither applied nor kept: Monoova is answered 500, and sends the webhook again. */
async function keepsNoLetter(run: TestRun): Promise<void> {
  const { id } = await createPayout(run);
  await run.advance(WEBHOOK_MS);
  const isOurs = ({ uniqueReference }: { uniqueReference: string }) => id.endsWith(uniqueReference);
  const answered = await run.until(() => run.simulator?.webhooks().find(isOurs));
  expect(answered).toMatchObject({ statusCode: 500 });
  expect((await getPayout(run, id)).status).toBe('Pending');
  expect(await lettersOf(run)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '0' });
}

async function leavesTheLetter(run: TestRun): Promise<void> {
  const id = await loseWebhook(run);
  await run.advance(RETRIED_MS);
  expect((await getPayout(run, id)).status).toBe('Pending');
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = await lettersOf(run);
  expect(Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible)).toBe(1);
}

async function lettersOf({ services }: TestRun): Promise<JsonObject> {
  const input = { QueueUrl: LETTERS, AttributeNames: ['All'] };
  const answer = await services.sqs.handle({ action: 'GetQueueAttributes', input, principal: ROOT });
  return answer['Attributes'] as JsonObject;
}

function published({ services, template }: TestRun): number {
  const topic = template.resources.find(({ type }) => type === 'AWS::SNS::Topic');
  // The daily reconciliation tells of the same payouts, with a right of its own.
  return services.sns.published(topic?.ref ?? '').filter(({ subject }) => subject?.startsWith('Payout')).length;
}

async function linesOf({ services }: TestRun, logGroupName: string): Promise<string[]> {
  const answer = await services.logs.handle({ action: 'FilterLogEvents', input: { logGroupName }, principal: ROOT });
  return (answer['events'] as JsonObject[]).map(({ message }) => String(message));
}
