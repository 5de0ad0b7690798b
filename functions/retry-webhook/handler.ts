import * as z from 'zod';
import { errorName } from '../shared/error-name.ts';
import type { WebhookQueue } from '../shared/ports.ts';
import { type SettleDeps, settle } from '../shared/settle.ts';
import { type FactLetter, isFactLetter, type WebhookLetter, webhookLetterSchema } from '../shared/webhook-letter.ts';

/** What is read of the event that Lambda makes of messages (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). */
const eventSchema = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      receiptHandle: z.string(),
      body: z.string(),
      attributes: z.object({
        ApproximateReceiveCount: z
          .string()
          .regex(/^\d{1,6}$/)
          .transform(Number),
      }),
    }),
  ),
});
type Received = z.output<typeof eventSchema>['Records'][number];

export type RetryWebhookDeps = SettleDeps & {
  readonly queue: WebhookQueue;
  /** After so many receives SQS moves a letter to the dead-letter queue. */
  readonly receivesMax: number;
};

/** Messages that are to be received again; Lambda deletes all others of the batch. */
export type BatchAnswer = { readonly batchItemFailures: readonly { readonly itemIdentifier: string }[] };

/** Before the second receive, the third and so on: 42 minutes in all, which outlast most of what passes by itself. */
const WAITS_SECONDS = [30, 120, 600, 1_800] as const;
const AT_ONCE_SECONDS = 0;

/**
 * Applies the facts that `receive-webhook` could not be done with. What fails waits longer each time, and goes to the dead-letter
 * queue after the last receive; so does, at once, what only a person can read. Safe to repeat.
 */
export function createHandler(deps: RetryWebhookDeps): (event: unknown) => Promise<BatchAnswer> {
  return async function retryWebhook(event) {
    const { Records } = eventSchema.parse(event);
    const outcomes = await Promise.all(Records.map((record) => retry(deps, record)));
    const failed = Records.filter((_record, index) => outcomes[index] === 'failed');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function retry(deps: RetryWebhookDeps, record: Received): Promise<'done' | 'failed'> {
  const letter = readLetter(record.body);
  if (letter === undefined || !isFactLetter(letter)) {
    await postpone(deps, record, AT_ONCE_SECONDS);
    return 'failed';
  }
  const failure = await apply(deps, letter);
  if (failure === undefined) {
    deps.metrics.count('WebhookRecovered');
    return 'done';
  }
  await report(deps, letter, { record, failure });
  return 'failed';
}

function readLetter(body: string): WebhookLetter | undefined {
  try {
    return webhookLetterSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

/** What keeps the letter from being done with; undefined where nothing does. */
async function apply(deps: RetryWebhookDeps, { transaction_id, fact }: FactLetter): Promise<string | undefined> {
  try {
    const settled = await settle(deps, transaction_id, fact);
    if (settled.outcome === 'no-such-payout') return 'PayoutNotFoundError';
    return settled.doorbell === 'failed' ? 'DoorbellFailed' : undefined;
  } catch (error) {
    return errorName(error);
  }
}

type Failed = { readonly record: Received; readonly failure: string };

async function report(deps: RetryWebhookDeps, letter: FactLetter, { record, failure }: Failed): Promise<void> {
  const receives = record.attributes.ApproximateReceiveCount;
  const { transaction_id, fact } = letter;
  const keys = { transaction_id, fact: fact.kind, error: failure, receives, received_at: letter.received_at };
  const waitSeconds = WAITS_SECONDS[receives - 1];
  if (receives < deps.receivesMax && waitSeconds !== undefined) {
    deps.metrics.count('WebhookRetryFailed');
    deps.log.warn('A webhook could not be applied again; it waits.', { ...keys, wait_seconds: waitSeconds });
    await postpone(deps, record, waitSeconds);
    return;
  }
  // A payout that nobody ever knew is an orphan: somebody paid with a reference of our form, or a table has lost it.
  const isOrphan = failure === 'PayoutNotFoundError';
  deps.metrics.count(isOrphan ? 'WebhookOrphaned' : 'WebhookGivenUp');
  const what = isOrphan ? 'is about a payout that nobody knows' : 'could not be applied in time';
  deps.log.error(`A webhook ${what}; it goes to the dead-letter queue.`, keys);
  await postpone(deps, record, AT_ONCE_SECONDS);
}

/** Only a courtesy: without it the letter comes again when the queue's own timeout is over. */
async function postpone(deps: RetryWebhookDeps, { receiptHandle }: Received, seconds: number): Promise<void> {
  try {
    await deps.queue.postpone(receiptHandle, seconds);
  } catch (error) {
    deps.log.warn('A letter could not be postponed.', { error: errorName(error) });
  }
}
