import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { KeptMap } from '../../data/kept-map.ts';
import type { JsonObject } from '../../json.ts';
import { AwsError } from '../wire.ts';
import { sqsError } from './errors.ts';
import { type Message, type MessageAttributes, messageFrom } from './message.ts';

/** A queue's settings, with the ranges of AWS. */
export type QueueSettings = {
  /** 0 to 43,200 s. */
  readonly visibilityTimeoutS: number;
  /** 60 to 1,209,600 s. */
  readonly retentionS: number;
  /** 0 to 900 s. */
  readonly delayS: number;
  /** 0 to 20 s: how long a receive waits when it does not say. */
  readonly receiveWaitS: number;
  /** 1,024 to 1,048,576 bytes. */
  readonly messageBytesMax: number;
  readonly redrive?: { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number } | undefined;
};

/** Ours, not AWS's: a queue that nobody reads must not take the machine's memory. */
const MESSAGES_MAX = 100_000;
const WAITERS_MAX = 1_000;

export type SentMessage = {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader?: string | undefined;
  readonly senderId: string;
  readonly delayS?: number | undefined;
};

type ReceiveRequest = { readonly countMax: number; readonly visibilityTimeoutS: number; readonly waitMs: number };

/**
 * One standard queue. A message is invisible until `visibleAtMs`: while it is delayed, and after each receipt.
 *
 *     send ── delay ──▶ visible ── receive ──▶ in flight ── visibility timeout ──▶ visible ── received too often ──▶ dead letters
 *                                                  └─ delete ──▶ gone
 */
export class Queue {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly settings: QueueSettings;
  readonly createdAtMs: number;
  readonly #clock: Clock;
  readonly #kept: KeptMap | undefined;
  readonly #findByArn: (arn: string) => Queue | undefined;
  readonly #messages = new Map<string, Message>();
  readonly #waiters = new Set<() => void>();

  constructor(deps: {
    clock: Clock;
    kept?: KeptMap | undefined;
    findByArn: (arn: string) => Queue | undefined;
    name: string;
    arn: string;
    url: string;
    settings: QueueSettings;
  }) {
    this.name = deps.name;
    this.arn = deps.arn;
    this.url = deps.url;
    this.settings = deps.settings;
    this.#clock = deps.clock;
    this.#findByArn = deps.findByArn;
    this.createdAtMs = deps.clock.nowMs();
    this.#kept = deps.kept;
    this.#restore(deps.kept);
  }

  /** In the order in which they were sent. */
  #restore(kept: KeptMap | undefined): void {
    const messages = [...(kept?.entries() ?? [])].map(([key, value]) => ({ key, message: messageFrom(value) }));
    messages.sort((a, b) => a.message.sentAtMs - b.message.sentAtMs);
    for (const { key, message } of messages) {
      if (key === this.#key(message)) this.#messages.set(message.messageId, message);
    }
  }

  /** @throws {AwsError} OverLimit when the queue holds its maximum */
  send(sent: SentMessage): Message {
    const message = this.#new(sent);
    this.#refuseFull();
    this.#keep([message]);
    this.#add(message);
    return message;
  }

  #new(sent: SentMessage): Message {
    const nowMs = this.#clock.nowMs();
    return {
      messageId: randomUUID(),
      body: sent.body,
      attributes: sent.attributes,
      traceHeader: sent.traceHeader,
      senderId: sent.senderId,
      sentAtMs: nowMs,
      visibleAtMs: nowMs + (sent.delayS ?? this.settings.delayS) * 1000,
      receiveCount: 0,
      firstReceivedAtMs: undefined,
      receiptHandle: undefined,
    };
  }

  /** Waits up to `waitMs` on the clock for a first message, then answers with what is visible. May be empty. */
  async receive(request: ReceiveRequest): Promise<Message[]> {
    const deadlineMs = this.#clock.nowMs() + request.waitMs;
    for (;;) {
      const taken = this.#take(request);
      if (taken.length > 0 || this.#clock.nowMs() >= deadlineMs) return taken;
      await this.#change(deadlineMs);
    }
  }

  /** Resolves when a message can be received. While there is nothing to wait for, no time passes for it. */
  async untilVisible(): Promise<void> {
    while (!this.oldestVisible()) await this.#change(Number.POSITIVE_INFINITY);
  }

  /** The one that was sent first. */
  oldestVisible(): Message | undefined {
    const nowMs = this.#clock.nowMs();
    for (const message of this.#messages.values()) {
      if (!this.#forgetExpired(message, nowMs) && message.visibleAtMs <= nowMs) return message;
    }
    return undefined;
  }

  /**
   * Sends a message of this queue to another one in its place. "All redriven messages are considered new messages with a new messageID and
   * enqueueTime" (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html).
   */
  moveAsNew(message: Message, target: Queue): void {
    const { body, attributes, traceHeader, senderId } = message;
    const moved = target.#new({ body, attributes, traceHeader, senderId });
    target.#refuseFull();
    this.#kept?.write([[this.#key(message)], [target.#key(moved), asJson(moved)]]);
    this.#messages.delete(message.messageId);
    target.#add(moved);
  }

  /** A handle that is not the newest of its message succeeds and deletes nothing, as AWS documents. */
  delete(receiptHandle: string): void {
    const message = this.#messages.get(messageIdOf(receiptHandle));
    if (message?.receiptHandle === receiptHandle) this.#forget([message]);
  }

  /** @throws {AwsError} MessageNotInflight, or ReceiptHandleIsInvalid */
  changeVisibility(receiptHandle: string, timeoutS: number): void {
    const message = this.#messages.get(messageIdOf(receiptHandle));
    const nowMs = this.#clock.nowMs();
    if (message?.receiptHandle !== receiptHandle || message.visibleAtMs <= nowMs) {
      throw sqsError('MessageNotInflight', 'The message referred to is not in flight.');
    }
    message.visibleAtMs = nowMs + timeoutS * 1000;
    this.#keep([message]);
    this.#notify();
  }

  purge(): void {
    this.#forget([...this.#messages.values()]);
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    const nowMs = this.#clock.nowMs();
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const message of this.#messages.values()) {
      if (this.#forgetExpired(message, nowMs)) continue;
      if (message.visibleAtMs <= nowMs) counts.visible += 1;
      else if (message.receiveCount === 0) counts.delayed += 1;
      else counts.inFlight += 1;
    }
    return counts;
  }

  #take(request: ReceiveRequest): Message[] {
    const nowMs = this.#clock.nowMs();
    const taken: Message[] = [];
    for (const message of this.#messages.values()) {
      if (taken.length === request.countMax) break;
      if (this.#forgetExpired(message, nowMs) || message.visibleAtMs > nowMs) continue;
      if (this.#redrive(message)) continue;
      message.receiveCount += 1;
      message.firstReceivedAtMs ??= nowMs;
      message.visibleAtMs = nowMs + request.visibilityTimeoutS * 1000;
      message.receiptHandle = newReceiptHandle(message.messageId);
      taken.push(message);
    }
    this.#keep(taken);
    return taken;
  }

  #forgetExpired(message: Message, nowMs: number): boolean {
    if (nowMs - message.sentAtMs <= this.settings.retentionS * 1000) return false;
    this.#forget([message]);
    return true;
  }

  /**
   * What was received `maxReceiveCount` times without being deleted moves instead of being received again. It keeps the time
   * at which it was first sent, from which the dead-letter queue's retention counts.
   */
  #redrive(message: Message): boolean {
    const { redrive } = this.settings;
    if (!redrive || message.receiveCount < redrive.maxReceiveCount) return false;
    const target = this.#findByArn(redrive.deadLetterTargetArn);
    if (!target) return false;
    const moved = { ...message, deadLetterSourceArn: this.arn, receiptHandle: undefined };
    target.#refuseFull();
    // In one write: a kill leaves it in one of the two queues.
    this.#kept?.write([[this.#key(message)], [target.#key(moved), asJson(moved)]]);
    this.#messages.delete(message.messageId);
    target.#add(moved);
    return true;
  }

  #key({ messageId }: Message): string {
    return `${this.name}/${messageId}`;
  }

  #keep(messages: readonly Message[]): void {
    this.#kept?.write(messages.map((message) => [this.#key(message), asJson(message)]));
  }

  #forget(messages: readonly Message[]): void {
    this.#kept?.write(messages.map((message) => [this.#key(message)]));
    for (const { messageId } of messages) this.#messages.delete(messageId);
  }

  #refuseFull(): void {
    if (this.#messages.size < MESSAGES_MAX) return;
    throw new AwsError('OverLimit', `the local queue ${this.name} holds ${MESSAGES_MAX} messages, its maximum`);
  }

  #add(message: Message): void {
    this.#messages.set(message.messageId, message);
    this.#notify();
  }

  #notify(): void {
    for (const wake of this.#waiters) wake();
  }

  /** Resolves when a message was added or changed, when the next one becomes visible, and at the deadline. */
  #change(deadlineMs: number): Promise<void> {
    if (this.#waiters.size >= WAITERS_MAX) throw new AwsError('OverLimit', `too many receivers wait at ${this.name}`);
    let wakeAtMs = deadlineMs;
    for (const { visibleAtMs } of this.#messages.values()) wakeAtMs = Math.min(wakeAtMs, visibleAtMs);
    return new Promise((resolve) => {
      const wake = () => {
        cancel();
        this.#waiters.delete(wake);
        resolve();
      };
      const isAwaited = wakeAtMs !== Number.POSITIVE_INFINITY;
      const cancel = isAwaited ? this.#clock.after(Math.max(0, wakeAtMs - this.#clock.nowMs()), wake) : () => {};
      this.#waiters.add(wake);
    });
  }
}

/** Members that are undefined are left out, as JSON leaves them. */
function asJson(message: Message): JsonObject {
  return message as unknown as JsonObject;
}

function newReceiptHandle(messageId: string): string {
  return Buffer.from(`${messageId}/${randomUUID()}`).toString('base64url');
}

/** @throws {AwsError} ReceiptHandleIsInvalid */
function messageIdOf(receiptHandle: string): string {
  const [messageId = '', nonce] = Buffer.from(receiptHandle, 'base64url').toString('utf8').split('/');
  if (nonce?.length === 36) return messageId;
  throw sqsError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
}
