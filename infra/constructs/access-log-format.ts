import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One line a request: who, what, how long, how it ended. The route's pattern in place of the path, and nothing of bodies, headers,
 * query strings or validation errors, which quote the body. No request or trace id that a caller can choose (`X-Amzn-RequestId`,
 * `X-Amzn-Trace-Id`, which API Gateway keeps where it is there already): a stranger would write into the log with it.
 */
export const ACCESS_LOG_FORMAT = AccessLogFormat.custom(
  JSON.stringify({
    request_id: '$context.extendedRequestId',
    requested_at: '$context.requestTime',
    method: '$context.httpMethod',
    route: '$context.resourcePath',
    status: '$context.status',
    caller: '$context.identity.userArn',
    source_ip: '$context.identity.sourceIp',
    response_type: '$context.error.responseType',
    integration_status: '$context.integration.status',
    integration_latency_ms: '$context.integration.latency',
    latency_ms: '$context.responseLatency',
    response_bytes: '$context.responseLength',
  }),
);
