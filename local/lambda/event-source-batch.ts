import * as z from 'zod';
import { REGION } from '../aws/account.ts';
import type { JsonObject } from '../json.ts';
import type { LambdaResult } from './lambda-function.ts';

/** The event that Lambda makes of messages (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, "Example standard queue message event"). */
export function sqsEvent(messages: readonly JsonObject[], queueArn: string): JsonObject {
  return {
    Records: messages.map((message) => ({
      messageId: message['MessageId'] ?? '',
      receiptHandle: message['ReceiptHandle'] ?? '',
      body: message['Body'] ?? '',
      attributes: message['Attributes'] ?? {},
      messageAttributes: messageAttributes((message['MessageAttributes'] ?? {}) as Record<string, JsonObject>),
      md5OfBody: message['MD5OfBody'] ?? '',
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: REGION,
    })),
  };
}

function messageAttributes(attributes: Readonly<Record<string, JsonObject>>): JsonObject {
  const entries = Object.entries(attributes).map(([name, { DataType = '', StringValue, BinaryValue }]) => [
    name,
    {
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    },
  ]);
  return Object.fromEntries(entries);
}

const response = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullable();

/**
 * Which messages of a batch are to come again. All of them where the function failed, or named one that is not in the batch, or answered in
 * another form; none where it answered nothing (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html, "Success
 * and failure conditions").
 */
export function failedIdsOf(
  result: LambdaResult,
  ids: readonly string[],
  { reportsBatchItemFailures }: { readonly reportsBatchItemFailures: boolean },
): ReadonlySet<string> {
  if (result.functionError) return new Set(ids);
  if (!reportsBatchItemFailures) return new Set();
  const parsed = response.safeParse(JSON.parse(result.payload));
  const failed = parsed.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier) ?? [];
  const isUnderstood = parsed.success && failed.every((id) => ids.includes(id));
  return new Set(isUnderstood ? failed : ids);
}
