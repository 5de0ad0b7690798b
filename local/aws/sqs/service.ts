import type * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { KeptMap } from '../../data/kept-map.ts';
import type { JsonObject } from '../../json.ts';
import type { Credentials } from '../credentials.ts';
import { parseInput } from '../input.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../wire.ts';
import { sqsError } from './errors.ts';
import {
  BatchInput,
  CancelMoveInput,
  ChangeVisibilityEntry,
  ChangeVisibilityInput,
  DeleteEntry,
  DeleteInput,
  GetAttributesInput,
  GetUrlInput,
  ListInput,
  ListMovesInput,
  QueueInput,
  ReceiveInput,
  SendEntry,
  SendInput,
  StartMoveInput,
} from './inputs.ts';
import { sizeOf } from './message.ts';
import { MoveTasks, notFound } from './move-tasks.ts';
import { Queue, type QueueSettings } from './queue.ts';
import { renderAttributes, renderReceived, renderSent } from './render.ts';

const BATCH_MAX = 10;

/** https://aws.amazon.com/about-aws/whats-new/2025/08/amazon-sqs-max-payload-size-1mib: one message, or one batch. */
const BATCH_BYTES_MAX = 1_048_576;

type Action = (input: JsonObject, principal: Credentials) => JsonObject | Promise<JsonObject>;
type Sent = z.output<typeof SendInput> | z.output<typeof SendEntry>;

/** Amazon SQS with standard queues. All waiting is on the clock. */
export class SqsService implements WireService {
  readonly signingNames = ['sqs'];
  readonly #clock: Clock;
  readonly #kept: KeptMap | undefined;
  readonly #queues = new Map<string, Queue>();
  readonly #moves: MoveTasks;

  readonly #actions: Readonly<Record<string, Action>> = {
    SendMessage: (input, principal) => {
      const request = parseInput(SendInput, input);
      return this.#send(this.#find(request.QueueUrl), request, principal);
    },
    SendMessageBatch: (input, principal) =>
      this.#batch(input, (queue, entry) => this.#send(queue, parseInput(SendEntry, entry), principal)),
    ReceiveMessage: (input) => this.#receive(input),
    DeleteMessage: (input) => {
      const request = parseInput(DeleteInput, input);
      this.#find(request.QueueUrl).delete(request.ReceiptHandle);
      return {};
    },
    DeleteMessageBatch: (input) =>
      this.#batch(input, (queue, entry) => {
        queue.delete(parseInput(DeleteEntry, entry).ReceiptHandle);
        return {};
      }),
    ChangeMessageVisibility: (input) => {
      const request = parseInput(ChangeVisibilityInput, input);
      this.#find(request.QueueUrl).changeVisibility(request.ReceiptHandle, request.VisibilityTimeout);
      return {};
    },
    ChangeMessageVisibilityBatch: (input) =>
      this.#batch(input, (queue, entry) => {
        const { ReceiptHandle, VisibilityTimeout } = parseInput(ChangeVisibilityEntry, entry);
        queue.changeVisibility(ReceiptHandle, VisibilityTimeout);
        return {};
      }),
    GetQueueAttributes: (input) => {
      const request = parseInput(GetAttributesInput, input);
      return { Attributes: renderAttributes(this.#find(request.QueueUrl), request.AttributeNames) };
    },
    GetQueueUrl: (input) => ({ QueueUrl: this.#find(parseInput(GetUrlInput, input).QueueName).url }),
    ListQueues: (input) => this.#list(input),
    PurgeQueue: (input) => {
      this.#find(parseInput(QueueInput, input).QueueUrl).purge();
      return {};
    },
    StartMessageMoveTask: (input) => {
      const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond } = parseInput(StartMoveInput, input);
      const source = this.findByArn(SourceArn);
      if (!source) throw notFound('SourceArn');
      if (DestinationArn !== undefined && !this.findByArn(DestinationArn)) throw notFound('DestinationArn');
      return this.#moves.start({
        source,
        destinationArn: DestinationArn,
        perSecond: MaxNumberOfMessagesPerSecond,
      });
    },
    ListMessageMoveTasks: (input) => {
      const { SourceArn, MaxResults } = parseInput(ListMovesInput, input);
      const source = this.findByArn(SourceArn);
      if (!source) throw notFound('SourceArn');
      return this.#moves.list(source, MaxResults);
    },
    CancelMessageMoveTask: (input) => this.#moves.cancel(parseInput(CancelMoveInput, input).TaskHandle),
  };

  constructor(deps: { clock: Clock; kept?: KeptMap | undefined }) {
    this.#clock = deps.clock;
    this.#kept = deps.kept;
    this.#moves = new MoveTasks({ clock: deps.clock, queues: () => [...this.#queues.values()] });
  }

  async handle({ action, input, principal }: WireRequest): Promise<JsonObject> {
    const run = this.#actions[action];
    if (!run) throw unknownAction('sqs', action);
    return run(input, principal);
  }

  /** The queue, with the messages that were kept of it. @throws {AwsError} QueueNameExists */
  createQueue(queue: { name: string; arn: string; url: string; settings: QueueSettings }): Queue {
    if (this.#queues.has(queue.name)) throw sqsError('QueueNameExists', `the queue ${queue.name} exists`);
    const findByArn = (arn: string) => this.findByArn(arn);
    const made = new Queue({ ...queue, clock: this.#clock, kept: this.#kept, findByArn });
    this.#queues.set(queue.name, made);
    return made;
  }

  findByArn(arn: string): Queue | undefined {
    return [...this.#queues.values()].find((queue) => queue.arn === arn);
  }

  /** By URL, whatever its host, or by name. @throws {AwsError} QueueDoesNotExist */
  #find(urlOrName: string): Queue {
    const queue = this.#queues.get(urlOrName.slice(urlOrName.lastIndexOf('/') + 1));
    if (queue) return queue;
    throw sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  #send(queue: Queue, request: Sent, principal: Credentials): JsonObject {
    const bytes = sizeOf(request.MessageBody, request.MessageAttributes);
    const { messageBytesMax } = queue.settings;
    if (bytes > messageBytesMax) {
      const reason = `One or more parameters are invalid. Reason: Message must be shorter than ${messageBytesMax} bytes.`;
      throw sqsError('InvalidParameterValue', reason);
    }
    const message = queue.send({
      body: request.MessageBody,
      attributes: request.MessageAttributes,
      traceHeader: request.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
      senderId: principal.accessKeyId,
      delayS: request.DelaySeconds,
    });
    return renderSent(message);
  }

  async #receive(input: JsonObject): Promise<JsonObject> {
    const request = parseInput(ReceiveInput, input);
    const queue = this.#find(request.QueueUrl);
    const messages = await queue.receive({
      countMax: request.MaxNumberOfMessages,
      visibilityTimeoutS: request.VisibilityTimeout ?? queue.settings.visibilityTimeoutS,
      waitMs: (request.WaitTimeSeconds ?? queue.settings.receiveWaitS) * 1000,
    });
    if (messages.length === 0) return {};
    const system = [...request.AttributeNames, ...request.MessageSystemAttributeNames];
    const wanted = { system, custom: request.MessageAttributeNames };
    return { Messages: messages.map((message) => renderReceived(message, wanted)) };
  }

  /** Each entry succeeds or fails alone; the batch itself fails only when it cannot be told apart or is too large. */
  #batch(input: JsonObject, run: (queue: Queue, entry: JsonObject) => JsonObject): JsonObject {
    const { QueueUrl, Entries } = parseInput(BatchInput, input);
    const queue = this.#find(QueueUrl);
    refuseBatch(
      Entries.map(({ Id }) => Id),
      Entries as JsonObject[],
    );
    const Successful: JsonObject[] = [];
    const Failed: JsonObject[] = [];
    for (const entry of Entries as JsonObject[]) {
      const { Id = '' } = entry;
      try {
        Successful.push({ ...run(queue, entry), Id });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id, SenderFault: error.statusCode < 500, Code: error.code, Message: error.message });
      }
    }
    return { Successful, Failed };
  }

  #list(input: JsonObject): JsonObject {
    const { QueueNamePrefix, MaxResults, NextToken } = parseInput(ListInput, input);
    const urls = [...this.#queues.values()]
      .filter(({ name }) => name.startsWith(QueueNamePrefix))
      .map(({ url }) => url);
    const from = Number(NextToken ?? 0);
    const to = from + MaxResults;
    return { QueueUrls: urls.slice(from, to), ...(to < urls.length ? { NextToken: String(to) } : {}) };
  }
}

function refuseBatch(ids: readonly string[], entries: readonly JsonObject[]): void {
  if (ids.length === 0) throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (ids.length > BATCH_MAX) {
    throw sqsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are ${BATCH_MAX}.`);
  }
  if (new Set(ids).size < ids.length) throw sqsError('BatchEntryIdsNotDistinct', 'Two entries have the same Id.');
  let bytes = 0;
  for (const { MessageBody } of entries) bytes += typeof MessageBody === 'string' ? Buffer.byteLength(MessageBody) : 0;
  if (bytes > BATCH_BYTES_MAX) {
    throw sqsError('BatchRequestTooLong', `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes.`);
  }
}
