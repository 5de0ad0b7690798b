import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Longer than Monoova's one repeat after 30 seconds; a later repeat is known by its fact (domain/payout.ts). */
const EXPIRES_AFTER_SECONDS = 3_600;

/**
 * One persistence instance a function: it keeps the first configuration it is given. Pass the Lambda context as the second
 * argument of the function that is made idempotent; it bounds how long a crash blocks the key.
 */
export function createIdempotency(options: { readonly tableName: string; readonly client: DynamoDBClient }) {
  return {
    persistenceStore: new DynamoDBPersistenceLayer({
      tableName: options.tableName,
      awsSdkV3Client: options.client,
      keyAttr: 'id',
      expiryAttr: 'expiration',
    }),
    config: new IdempotencyConfig({
      expiresAfterSeconds: EXPIRES_AFTER_SECONDS,
      throwOnNoIdempotencyKey: true,
      hashFunction: 'sha256',
      useLocalCache: false,
    }),
  };
}
