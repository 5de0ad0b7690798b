import type { Published } from './published.ts';

/**
 * What a queue receives unless delivery is raw
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html). It carries no signature: there is no
 * certificate of SNS here to check it with.
 */
export function envelope(published: Published): string {
  const attributes = Object.entries(published.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
  ]);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: published.messageId,
    TopicArn: published.topicArn,
    ...(published.subject === undefined ? {} : { Subject: published.subject }),
    Message: published.message,
    Timestamp: new Date(published.publishedAtMs).toISOString(),
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
  });
}
