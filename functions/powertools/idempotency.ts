import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';

/**
 * Longer than Monoova's one repeat after 30 seconds; a later repeat is known by its fact (domain/payout.ts). Not much longer: what was received
 * before a table was restored, and is sent for again after it, has to be applied again.
 */
const EXPIRES_AFTER_SECONDS = 300;

/**
 * Runs once a key in five minutes; later calls get the stored result without running. A run that throws is forgotten, and runs again.
 * @throws {IdempotencyAlreadyInProgressError} while another invocation runs the same key, at most until that one's timeout.
 * @throws {IdempotencyPersistenceLayerError} where the table fails, before or after the run.
 */
export type Once<Result> = (key: string, context: Context, run: () => Promise<Result>) => Promise<Result>;

/**
 * One a function, since a persistence instance keeps the first configuration it is given. The result is stored as JSON: let it hold
 * nothing that must not be seen.
 */
export function createOnce<Result extends Readonly<Record<string, string>>>(options: {
  readonly tableName: string;
  readonly client: DynamoDBClient;
  /** Fixed, so that renaming a function does not change every key. */
  readonly keyPrefix: string;
}): Once<Result> {
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: options.tableName,
    awsSdkV3Client: options.client,
    keyAttr: 'id',
    expiryAttr: 'expiration',
  });
  const config = new IdempotencyConfig({
    expiresAfterSeconds: EXPIRES_AFTER_SECONDS,
    throwOnNoIdempotencyKey: true,
    hashFunction: 'sha256',
    useLocalCache: false,
  });
  return (key, context, run) => {
    // Without the context a crash would block its key until the record expires.
    config.registerLambdaContext(context);
    return makeIdempotent(async (_key: string) => run(), { persistenceStore, config, keyPrefix: options.keyPrefix })(
      key,
    );
  };
}
