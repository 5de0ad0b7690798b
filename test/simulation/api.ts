import type { Answer } from '../../domain/problem.ts';
import type { JsonObject } from '../../local/json.ts';
import type { Look, PostRequest } from './clients/client.ts';
import type { Outcome } from './lambda/lambda.ts';
import type { Webhook } from './monoova/webhooks.ts';

/** What the API's templates make of requests and answers (infra/api); tests of their own hold those to Apache Velocity. */

const REQUESTED_BY = 'arn:aws:iam::000000000000:user/client';

/** The input of the submission machine. */
export function submissionInputOf({ body, key }: PostRequest, requestId: string): JsonObject {
  return {
    body_base64: Buffer.from(body).toString('base64'),
    idempotency_keys_base64: key === undefined ? [] : [Buffer.from(key).toString('base64')],
    requested_by: REQUESTED_BY,
    request_id: requestId,
  };
}

/** The proxy event of a webhook. */
export function proxyEventOf({ body, headers, name }: Webhook): JsonObject {
  return {
    headers: { ...headers },
    multiValueHeaders: null,
    pathParameters: null,
    body,
    isBase64Encoded: false,
    requestContext: { requestId: name },
  };
}

/** The proxy event of a question about payouts. */
export function lookEventOf(asked: Look): JsonObject {
  const isOne = 'transactionId' in asked;
  return {
    headers: {},
    multiValueHeaders: null,
    pathParameters: isOne ? { transaction_id: asked.transactionId } : null,
    multiValueQueryStringParameters: isOne ? null : { customer_id: [asked.customerId] },
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId: 'look' },
  };
}

const BAD_GATEWAY = 502;

/** The HTTP status that comes of a function's answer. */
export function httpStatusOf(outcome: Outcome): number {
  if (outcome.kind === 'failed') return BAD_GATEWAY;
  return (JSON.parse(outcome.payload) as Answer).statusCode;
}

/** `202`, `202 replayed`, `422 declined`: what a client can tell apart. */
export function inShort({ statusCode, headers, body }: Answer): string {
  const isReplayed = headers['Idempotent-Replayed'] === 'true';
  const { code = '' } = JSON.parse(body) as { readonly code?: string };
  return [statusCode, isReplayed ? 'replayed' : '', code].filter((word) => word !== '').join(' ');
}
