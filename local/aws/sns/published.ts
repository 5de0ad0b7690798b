import * as z from 'zod';

const Attribute = z.strictObject({
  DataType: z.string().min(1),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});

export const MessageAttributes = z.record(z.string(), Attribute);

/** A message of a topic. */
export type Published = {
  readonly messageId: string;
  readonly topicArn: string;
  readonly publishedAtMs: number;
  readonly message: string;
  readonly subject: string | undefined;
  readonly attributes: z.output<typeof MessageAttributes>;
};
