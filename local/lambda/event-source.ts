import { AwsError } from '../aws/wire.ts';
import { type Cancel, type Clock, sleep } from '../clock.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { failedIdsOf, sqsEvent } from './event-source-batch.ts';
import type { LambdaResult } from './lambda-function.ts';

/** A queue that feeds a function, as a mapping of the template describes it. */
export type EventSourceSettings = {
  readonly functionName: string;
  readonly queueArn: string;
  /** 1 to 10. */
  readonly batchSize: number;
  readonly reportsBatchItemFailures: boolean;
  /** Batches under way at the same time. */
  readonly concurrencyMax: number;
};

export type EventSourceDeps = {
  readonly clock: Clock;
  readonly queueUrl: string;
  /** Resolves when there is something to receive. */
  untilVisible(): Promise<void>;
  /** Calls SQS with the function's own role, as Lambda does. */
  callSqs(action: string, input: JsonObject): Promise<JsonObject>;
  invoke(payload: string): Promise<LambdaResult>;
};

/** After a refused call, in milliseconds; doubled while it goes on. */
const PAUSE_MIN_MS = 1_000;
const PAUSE_MAX_MS = 300_000;

/**
 * Receives messages and gives them to a function, batch by batch. What the function is done with is deleted; all else becomes visible
 * again when its time has come, and moves to the dead letters by the queue's own policy
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html). No time passes for an empty queue.
 */
export class EventSource {
  readonly #settings: EventSourceSettings;
  readonly #deps: EventSourceDeps;
  readonly #stopped = new AbortController();
  #underWay = 0;
  #wake: Cancel = () => {};

  constructor(settings: EventSourceSettings, deps: EventSourceDeps) {
    this.#settings = settings;
    this.#deps = deps;
  }

  start(): void {
    void this.#run();
  }

  /** Nothing is received after it. A batch that is under way is cut off with its function. */
  stop(): void {
    this.#stopped.abort();
    this.#wake();
  }

  async #run(): Promise<void> {
    let pauseMs = PAUSE_MIN_MS;
    while (!this.#stopped.signal.aborted) {
      await this.#deps.untilVisible();
      if (this.#underWay >= this.#settings.concurrencyMax) await this.#untilOneIsDone();
      if (this.#stopped.signal.aborted) return;
      try {
        const messages = await this.#receive();
        if (messages.length > 0) void this.#process(messages);
        pauseMs = PAUSE_MIN_MS;
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        await sleep(this.#deps.clock, pauseMs, this.#stopped.signal).catch(() => {});
        pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS);
      }
    }
  }

  #untilOneIsDone(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  async #receive(): Promise<JsonObject[]> {
    const { Messages } = await this.#deps.callSqs('ReceiveMessage', {
      QueueUrl: this.#deps.queueUrl,
      MaxNumberOfMessages: this.#settings.batchSize,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    return (Messages ?? []) as JsonObject[];
  }

  async #process(messages: readonly JsonObject[]): Promise<void> {
    this.#underWay += 1;
    try {
      const result = await this.#deps.invoke(JSON.stringify(sqsEvent(messages, this.#settings.queueArn)));
      const ids = messages.map(({ MessageId }) => String(MessageId));
      const failed = failedIdsOf(result, ids, this.#settings);
      await this.#delete(messages.filter(({ MessageId }) => !failed.has(String(MessageId))));
    } catch (error) {
      // A function that cannot be called, or may not delete: the messages come again.
      if (!(error instanceof AwsError)) throw error;
    } finally {
      this.#underWay -= 1;
      this.#wake();
    }
  }

  async #delete(messages: readonly JsonObject[]): Promise<void> {
    if (messages.length === 0) return;
    const Entries: JsonValue[] = messages.map(({ ReceiptHandle = '' }, index) => ({
      Id: String(index),
      ReceiptHandle,
    }));
    await this.#deps.callSqs('DeleteMessageBatch', { QueueUrl: this.#deps.queueUrl, Entries });
  }
}
