import type { JsonObject } from '../../json.ts';
import { type Message, type MessageAttributes, md5, md5OfAttributes } from './message.ts';
import type { Queue } from './queue.ts';

export function renderSent(message: Message): JsonObject {
  return {
    MessageId: message.messageId,
    MD5OfMessageBody: md5(message.body),
    ...optional('MD5OfMessageAttributes', md5OfAttributes(message.attributes)),
  };
}

export function renderReceived(message: Message, wanted: { system: string[]; custom: string[] }): JsonObject {
  const attributes = chosen(message.attributes, wanted.custom);
  const system = systemAttributes(message);
  const isWanted = (name: string) => wanted.system.includes('All') || wanted.system.includes(name);
  const chosenSystem = Object.fromEntries(Object.entries(system).filter(([name]) => isWanted(name)));
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle ?? '',
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(Object.keys(chosenSystem).length > 0 ? { Attributes: chosenSystem } : {}),
    ...(Object.keys(attributes).length > 0 ? { MessageAttributes: attributes as JsonObject } : {}),
    ...optional('MD5OfMessageAttributes', md5OfAttributes(attributes)),
  };
}

function systemAttributes(message: Message): Record<string, string> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(Math.floor(message.sentAtMs)),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(Math.floor(message.firstReceivedAtMs ?? 0)),
    ...optional('AWSTraceHeader', message.traceHeader),
    ...optional('DeadLetterQueueSourceArn', message.deadLetterSourceArn),
  };
}

/** By name, by prefix (`bar.*`), or all (`All` or `.*`). */
function chosen(attributes: MessageAttributes, wanted: readonly string[]): MessageAttributes {
  const isWanted = (name: string) =>
    wanted.some((pattern) => {
      if (pattern === 'All' || pattern === '.*') return true;
      return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
    });
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => isWanted(name)));
}

export function renderAttributes(queue: Queue, wanted: readonly string[]): JsonObject {
  const { settings } = queue;
  const counts = queue.counts();
  const created = String(Math.floor(queue.createdAtMs / 1000));
  const all: Record<string, string> = {
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    QueueArn: queue.arn,
    VisibilityTimeout: String(settings.visibilityTimeoutS),
    MessageRetentionPeriod: String(settings.retentionS),
    DelaySeconds: String(settings.delayS),
    ReceiveMessageWaitTimeSeconds: String(settings.receiveWaitS),
    MaximumMessageSize: String(settings.messageBytesMax),
    ...optional('RedrivePolicy', settings.redrive && JSON.stringify(settings.redrive)),
  };
  const isWanted = (name: string) => wanted.includes('All') || wanted.includes(name);
  return Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
}

function optional(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}
