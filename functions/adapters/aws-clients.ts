import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const TRIES_MAX = 3;
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 2_000;

/**
 * Bounds for every AWS client of the functions: at most three tries of two seconds each. Without
 * `throwOnRequestTimeout` the SDK only warns (docstring of `NodeHttpHandlerOptions` in @smithy/types).
 */
export const awsClientConfig = {
  maxAttempts: TRIES_MAX,
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  },
} as const;

/** For what somebody waits for who has waited already: two tries of 400 ms each. */
export const hurriedClientConfig = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 400, requestTimeout: 400, throwOnRequestTimeout: true },
} as const;

/** Plain objects in and out; a field that is undefined is left out of the item. */
export function createDocumentClient(): DynamoDBDocumentClient {
  return documentClientOf(new DynamoDBClient(awsClientConfig));
}

/** For what must not keep anybody waiting. */
export function createHurriedDocumentClient(): DynamoDBDocumentClient {
  return documentClientOf(new DynamoDBClient(hurriedClientConfig));
}

function documentClientOf(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
