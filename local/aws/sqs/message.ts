import { createHash } from 'node:crypto';
import type { JsonValue } from '../../json.ts';

export type MessageAttribute = {
  /** `String`, `Number` or `Binary`, with or without a label after a dot. */
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  /** Base64. */
  readonly BinaryValue?: string | undefined;
};

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export type Message = {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader: string | undefined;
  readonly senderId: string;
  readonly sentAtMs: number;
  /** Set when it was moved to this queue by a redrive policy. */
  readonly deadLetterSourceArn?: string;
  visibleAtMs: number;
  receiveCount: number;
  firstReceivedAtMs: number | undefined;
  /** Of the newest receipt: older handles no longer delete the message. */
  receiptHandle: string | undefined;
};

/** A message as it was kept: JSON has no undefined members, which a message always has. */
export function messageFrom(kept: JsonValue): Message {
  const absent = { traceHeader: undefined, firstReceivedAtMs: undefined, receiptHandle: undefined };
  return { ...absent, ...(kept as unknown as Message) };
}

export function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex');
}

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html, "Calculating the
 * MD5 message digest for message attributes": by name, each part with its length in four bytes.
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    const isBinary = attribute.DataType.startsWith('Binary');
    const value = isBinary
      ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
      : Buffer.from(attribute.StringValue ?? '');
    hash.update(withLength(Buffer.from(name)));
    hash.update(withLength(Buffer.from(attribute.DataType)));
    hash.update(Buffer.from([isBinary ? 2 : 1]));
    hash.update(withLength(value));
  }
  return hash.digest('hex');
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Body, and name, type and value of each attribute: what AWS counts against the limit. */
export function sizeOf(body: string, attributes: MessageAttributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    bytes += Buffer.byteLength(BinaryValue, 'base64');
  }
  return bytes;
}
