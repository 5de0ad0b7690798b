import * as z from 'zod';

const QueueUrl = z.string().min(1).max(2048);

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: what XML 1.0 may hold. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

const Body = z
  .string()
  .min(1)
  .refine((text) => !NOT_XML.test(text), 'it holds a character that SQS does not take');

const Attribute = z
  .strictObject({
    DataType: z.string().regex(/^(String|Number|Binary)(\..+)?$/),
    StringValue: z.string().optional(),
    BinaryValue: z.base64().optional(),
  })
  .refine(({ DataType, StringValue, BinaryValue }) => {
    return DataType.startsWith('Binary') ? BinaryValue !== undefined : StringValue !== undefined;
  }, 'a value of its type is missing');

const Attributes = z
  .record(z.string().max(256), Attribute)
  .refine((attributes) => Object.keys(attributes).length <= 10, 'at most 10 attributes')
  .default({});

/** The one attribute that AWS lets a sender set for itself. */
const SystemAttributes = z
  .strictObject({ AWSTraceHeader: z.object({ DataType: z.literal('String'), StringValue: z.string() }).optional() })
  .optional();

const sent = {
  MessageBody: Body,
  DelaySeconds: z.int().min(0).max(900).optional(),
  MessageAttributes: Attributes,
  MessageSystemAttributes: SystemAttributes,
};

const VisibilityTimeout = z.int().min(0).max(43_200);
const EntryId = z.string().regex(/^[\w-]{1,80}$/);
const ReceiptHandle = z.string().min(1).max(1024);

export const SendInput = z.strictObject({ QueueUrl, ...sent });
export const SendEntry = z.strictObject({ Id: EntryId, ...sent });

export const ReceiveInput = z.strictObject({
  QueueUrl,
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: VisibilityTimeout.optional(),
  WaitTimeSeconds: z.int().min(0).max(20).optional(),
  /** The name before MessageSystemAttributeNames replaced it. */
  AttributeNames: z.array(z.string()).default([]),
  MessageSystemAttributeNames: z.array(z.string()).default([]),
  MessageAttributeNames: z.array(z.string()).default([]),
});

export const DeleteInput = z.strictObject({ QueueUrl, ReceiptHandle });
export const DeleteEntry = z.strictObject({ Id: EntryId, ReceiptHandle });

export const ChangeVisibilityInput = z.strictObject({ QueueUrl, ReceiptHandle, VisibilityTimeout });
export const ChangeVisibilityEntry = z.strictObject({ Id: EntryId, ReceiptHandle, VisibilityTimeout });

/** The entries are read one by one, so that a wrong one fails alone. */
export const BatchInput = z.strictObject({ QueueUrl, Entries: z.array(z.looseObject({ Id: EntryId })) });

export const GetAttributesInput = z.strictObject({ QueueUrl, AttributeNames: z.array(z.string()).default([]) });
export const GetUrlInput = z.strictObject({
  QueueName: z.string().min(1),
  QueueOwnerAWSAccountId: z.string().optional(),
});
export const QueueInput = z.strictObject({ QueueUrl });
export const ListInput = z.strictObject({
  QueueNamePrefix: z.string().default(''),
  MaxResults: z.int().min(1).max(1000).default(1000),
  NextToken: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
});

const Arn = z.string().min(1).max(2048);
export const StartMoveInput = z.strictObject({
  SourceArn: Arn,
  DestinationArn: Arn.optional(),
  MaxNumberOfMessagesPerSecond: z.int().min(1).max(500).optional(),
});
export const ListMovesInput = z.strictObject({ SourceArn: Arn, MaxResults: z.int().min(1).max(10).default(1) });
export const CancelMoveInput = z.strictObject({ TaskHandle: z.string().min(1) });
