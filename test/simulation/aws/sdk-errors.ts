import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { ExecutionAlreadyExists, InvalidToken, TaskDoesNotExist, TaskTimedOut } from '@aws-sdk/client-sfn';
import { AwsError } from '../../../local/aws/wire.ts';
import type { JsonObject } from '../../../local/json.ts';
import { toAttributes } from '../database/stored-value.ts';

const METADATA = { $metadata: {} };

/** An error that an SDK has no class for, by its name. */
export function sdkError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, ...METADATA });
}

/** As the SDK would throw what a service refused with. */
export function toSdkError(error: unknown): Error {
  if (!(error instanceof AwsError)) throw error;
  const { code, message, fields } = error;
  switch (code) {
    case 'ConditionalCheckFailedException': {
      const item = fields['Item'] as JsonObject | undefined;
      const Item = item && (toAttributes(item) as unknown as NonNullable<ConditionalCheckFailedException['Item']>);
      return new ConditionalCheckFailedException({ message, ...METADATA, ...(Item && { Item }) });
    }
    case 'ExecutionAlreadyExists':
      return new ExecutionAlreadyExists({ message, ...METADATA });
    case 'TaskTimedOut':
      return new TaskTimedOut({ message, ...METADATA });
    case 'TaskDoesNotExist':
      return new TaskDoesNotExist({ message, ...METADATA });
    case 'InvalidToken':
      return new InvalidToken({ message, ...METADATA });
    default:
      return sdkError(code, message);
  }
}
