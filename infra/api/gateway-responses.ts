import { problemDocument } from '../../domain/problem.ts';
import type { ProblemCode } from '../../domain/problems.ts';

/**
 * What API Gateway answers by itself, as problem documents: every type a client can meet
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
 * MISSING_AUTHENTICATION_TOKEN is also its answer to a route that does not exist. A failed or late integration may have started the
 * submission, so its outcome is unknown.
 */
export const GATEWAY_PROBLEMS = {
  ACCESS_DENIED: 'unsigned',
  BAD_REQUEST_BODY: 'invalid_request',
  BAD_REQUEST_PARAMETERS: 'invalid_request',
  DEFAULT_4XX: 'invalid_request',
  DEFAULT_5XX: 'internal',
  EXPIRED_TOKEN: 'unsigned',
  INTEGRATION_FAILURE: 'outcome_unknown',
  INTEGRATION_TIMEOUT: 'outcome_unknown',
  INVALID_API_KEY: 'unsigned',
  INVALID_SIGNATURE: 'unsigned',
  MISSING_AUTHENTICATION_TOKEN: 'unsigned',
  QUOTA_EXCEEDED: 'too_many_requests',
  REQUEST_TOO_LARGE: 'payload_too_large',
  RESOURCE_NOT_FOUND: 'not_found',
  THROTTLED: 'too_many_requests',
  UNAUTHORIZED: 'unsigned',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported_media_type',
  WAF_FILTERED: 'filtered',
} as const satisfies Record<string, ProblemCode>;

export type GatewayResponseType = keyof typeof GATEWAY_PROBLEMS;

/**
 * Says which part of the body is wrong. The variable goes inside quotes: API Gateway escapes it as JSON text, as the answer shown in
 * AWS's sample "Automating event validation with EventBridge and API Gateway" has it. It quotes the client's own words to that client
 * alone.
 */
const BODY_ERRORS = [{ field: 'body', message: '$context.error.validationErrorString' }];

/** The body of one gateway response. These templates are no Velocity; they know plain variables alone. */
export function gatewayResponseBody(type: GatewayResponseType): string {
  const particulars = type === 'BAD_REQUEST_BODY' ? { errors: BODY_ERRORS } : {};
  return JSON.stringify(problemDocument(GATEWAY_PROBLEMS[type], particulars));
}
