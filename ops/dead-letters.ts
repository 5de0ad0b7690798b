import { type WebhookLetter, webhookLetterSchema } from '../functions/shared/webhook-letter.ts';
import { sqsClient } from './clients.ts';
import type { Connection } from './connection.ts';
import { CommandError } from './errors.ts';
import { loadResources } from './resources.ts';

export type DeadLetter = {
  readonly messageId: string;
  /** When it was first put into a queue, in milliseconds since the epoch. */
  readonly sentAtMs: number;
  /** Undefined for a message that is no letter: somebody else has put it there. */
  readonly letter: WebhookLetter | undefined;
  readonly receiptHandle: string;
};

export type DeadLetters = {
  readonly letters: readonly DeadLetter[];
  /** False where there are more than are read at once. */
  readonly isComplete: boolean;
};

const LETTERS_MAX = 1_000;
const BATCH_MAX = 10;
/** While they are read nobody else sees them; afterwards they are given back. */
const HIDDEN_SECONDS = 30;
/** Asks all of SQS's servers, which a shorter wait does not (long polling). */
const WAIT_SECONDS = 1;
const SHOWN_AT_ONCE_SECONDS = 0;

/** Every letter of the dead-letter queue, oldest first. They stay where they are. Safe to repeat. */
export async function readDeadLetters(connection: Connection): Promise<DeadLetters> {
  const queue = await openQueue(connection);
  const letters: DeadLetter[] = [];
  try {
    while (letters.length < LETTERS_MAX) {
      const some = await queue.receive();
      if (some.length === 0) return { letters: inOrder(letters), isComplete: true };
      letters.push(...some);
    }
    return { letters: inOrder(letters), isComplete: false };
  } finally {
    await queue.giveBack(letters);
  }
}

/** @throws {CommandError} where no such letter is to be seen now. */
export async function deleteDeadLetter(connection: Connection, messageId: string): Promise<void> {
  const queue = await openQueue(connection);
  const seen: DeadLetter[] = [];
  let found: DeadLetter | undefined;
  try {
    while (!found && seen.length < LETTERS_MAX) {
      const some = await queue.receive();
      if (some.length === 0) break;
      seen.push(...some);
      found = some.find((one) => one.messageId === messageId);
    }
    if (!found) throw noSuchLetter(messageId);
    await queue.delete(found);
  } finally {
    await queue.giveBack(seen.filter((one) => one !== found));
  }
}

export function noSuchLetter(messageId: string): CommandError {
  return new CommandError(`there is no dead letter ${messageId} now: see payouts dlq list`);
}

export type Redriven = { readonly status: string; readonly moved: number; readonly toMove: number };

const POLL_MS = 500;
const POLLS_MAX = 120;

/**
 * Sends every dead letter back to where it came from, and waits up to a minute for that. Safe to repeat: a fact that is applied twice
 * changes nothing.
 * @throws {CommandError} where the task fails, or one is running already.
 */
export async function redriveDeadLetters(connection: Connection, perSecond: number | undefined): Promise<Redriven> {
  const { client, queueUrl, commands } = await openQueue(connection);
  const attributes = await client.send(
    new commands.GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  const SourceArn = attributes.Attributes?.['QueueArn'] ?? '';
  const rate = perSecond === undefined ? {} : { MaxNumberOfMessagesPerSecond: perSecond };
  await client.send(new commands.StartMessageMoveTaskCommand({ SourceArn, ...rate }));
  for (let poll = 0; poll < POLLS_MAX; poll++) {
    const { Results } = await client.send(new commands.ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
    const task = Results?.[0];
    if (task?.Status === 'FAILED')
      throw new CommandError(`the redrive failed: ${task.FailureReason ?? 'no reason given'}`);
    if (task && task.Status !== 'RUNNING') return redriven(task);
    if (task && poll === POLLS_MAX - 1) return redriven(task);
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  throw new CommandError('SQS does not list the redrive that it has started: look in its console');
}

function redriven(task: {
  readonly Status?: string | undefined;
  readonly ApproximateNumberOfMessagesMoved?: number | undefined;
  readonly ApproximateNumberOfMessagesToMove?: number | undefined;
}): Redriven {
  const { Status = 'RUNNING', ApproximateNumberOfMessagesMoved: moved = 0 } = task;
  return { status: Status, moved, toMove: task.ApproximateNumberOfMessagesToMove ?? moved };
}

async function openQueue(connection: Connection) {
  const [{ client, ...commands }, resources] = await Promise.all([sqsClient(connection), loadResources(connection)]);
  const queueUrl = resources.webhook_dead_letter_queue_url;
  return {
    client,
    commands,
    queueUrl,
    async receive(): Promise<DeadLetter[]> {
      const { Messages = [] } = await client.send(
        new commands.ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: BATCH_MAX,
          VisibilityTimeout: HIDDEN_SECONDS,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageSystemAttributeNames: ['SentTimestamp'],
        }),
      );
      return Messages.map((message) => ({
        messageId: message.MessageId ?? '',
        sentAtMs: Number(message.Attributes?.SentTimestamp ?? 0),
        letter: letterIn(message.Body ?? ''),
        receiptHandle: message.ReceiptHandle ?? '',
      }));
    },
    async giveBack(letters: readonly DeadLetter[]): Promise<void> {
      for (let at = 0; at < letters.length; at += BATCH_MAX) {
        const Entries = letters.slice(at, at + BATCH_MAX).map(({ receiptHandle }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: SHOWN_AT_ONCE_SECONDS,
        }));
        await client.send(new commands.ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    },
    async delete({ receiptHandle }: DeadLetter): Promise<void> {
      await client.send(new commands.DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
    },
  };
}

function letterIn(body: string): WebhookLetter | undefined {
  try {
    return webhookLetterSchema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}

function inOrder(letters: readonly DeadLetter[]): DeadLetter[] {
  return letters.toSorted((one, other) => one.sentAtMs - other.sentAtMs);
}
