import { REGION } from '../aws/account.ts';
import { AwsError } from '../aws/wire.ts';
import type { Clock } from '../clock.ts';
import type { LambdaResult } from '../lambda/lambda-function.ts';
import type { Answer } from './answer.ts';
import { allValues, headerOf, lastValues } from './api-request.ts';
import { type ContextValue, contextValue, contextVariableNames, type Exchange } from './context.ts';
import { withinTime } from './deadline.ts';
import type { LambdaProxyIntegration } from './definition-method.ts';
import { configurationError, GatewayFault, internalServerError } from './gateway-fault.ts';
import { proxyAnswer } from './lambda-proxy-answer.ts';
import { isBinary } from './media-type.ts';
import { allHeadersOf, headersOf } from './template-variables.ts';

export type InvokeLambda = (
  functionArn: string,
  payloadJson: string,
  options: { signal: AbortSignal; methodArn: string },
) => Promise<LambdaResult>;

/**
 * Hands the whole request to a function and takes its answer
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html).
 *
 * @throws {GatewayFault} 502 for a function that failed, was refused or answered in another form; 504 when the clock says so;
 * 413 for an event that Lambda does not take; 500 where the function's policy does not let the API invoke it
 */
export async function answerLambdaProxy(
  integration: LambdaProxyIntegration,
  exchange: Exchange,
  calls: { readonly clock: Clock; readonly invokeLambda: InvokeLambda },
): Promise<Answer> {
  const { clock, invokeLambda } = calls;
  const event = JSON.stringify(proxyEvent(exchange));
  const methodArn = methodArnOf(exchange);
  const startedAtMs = clock.nowMs();
  const result = await withinTime(clock, integration.timeoutMs, async (signal) => {
    try {
      return await invokeLambda(integration.functionArn, event, { signal, methodArn });
    } catch (error) {
      throw refusedInvocation(error);
    }
  });
  exchange.integration = { status: 200, latencyMs: clock.nowMs() - startedAtMs };
  if (result.functionError) throw internalServerError(new FunctionFailed(integration.functionArn, result.payload), 502);
  const accept = headerOf(exchange.request, 'accept');
  return proxyAnswer(result.payload, isBinary(accept, exchange.api.binaryMediaTypes));
}

/** Its text is for whoever looks at this run: the caller is told nothing of it. */
class FunctionFailed extends Error {
  override readonly name = 'FunctionFailed' as const;

  constructor(functionArn: string, payload: string) {
    const { errorType } = JSON.parse(payload) as { readonly errorType?: string };
    super(`${functionArn.split(':').slice(6).join(':')} failed with ${errorType ?? 'no error type'}: see its log`);
  }
}

/** Whom the function's permission names as its source (the method as the API declares it, not the path that was asked for). */
function methodArnOf({ api, accountId, request, route }: Exchange): string {
  const method = `${api.stageName}/${request.httpMethod}${route?.resource.path ?? '/'}`;
  return `arn:aws:execute-api:${REGION}:${accountId}:${api.apiId}/${method}`;
}

/** What Lambda itself refuses is 502 here, throttling too (assumption); an event over 6 MB is 413. */
function refusedInvocation(error: unknown): GatewayFault {
  if (error instanceof AwsError && error.code === 'RequestEntityTooLargeException') {
    return new GatewayFault('REQUEST_TOO_LARGE', 'Request Too Long', {
      errorType: 'RequestTooLargeException',
      cause: error,
    });
  }
  // "Invalid permissions on Lambda function", as the execution log calls it.
  if (error instanceof AwsError && error.code === 'AccessDeniedException') return configurationError(error);
  return internalServerError(error, 502);
}

/** Version 1.0 of the event. What is empty is null. */
function proxyEvent(exchange: Exchange): object {
  const { request, route, api } = exchange;
  const isBase64Encoded = isBinary(headerOf(request, 'content-type'), api.binaryMediaTypes);
  const body = request.body.toString(isBase64Encoded ? 'base64' : 'utf8');
  return {
    resource: route?.resource.path,
    path: request.path.slice(`/${api.stageName}`.length) || '/',
    httpMethod: request.httpMethod,
    headers: withoutSignature(headersOf(exchange)),
    multiValueHeaders: withoutSignature(allHeadersOf(exchange)),
    queryStringParameters: filled(lastValues(request.query)),
    multiValueQueryStringParameters: filled(allValues(request.query)),
    pathParameters: filled(route?.pathParameters ?? {}),
    stageVariables: filled(api.stageVariables),
    requestContext: requestContext(exchange),
    body: body === '' ? null : body,
    isBase64Encoded,
  };
}

/** "The Authorization header is dropped if it contains a Signature Version 4 signature" (API Gateway's important notes). */
function withoutSignature<Entry extends string | string[]>(headers: Record<string, Entry>): Record<string, Entry> {
  const kept = Object.entries(headers).filter(
    ([name, value]) => name.toLowerCase() !== 'authorization' || !String(value).startsWith('AWS4-HMAC-SHA256'),
  );
  return Object.fromEntries(kept);
}

function filled<Entry>(values: Readonly<Record<string, Entry>>): Readonly<Record<string, Entry>> | null {
  return Object.keys(values).length > 0 ? values : null;
}

const NOT_IN_EVENT =
  /^(?:error|waf|authorizer)\.|^identity\.apiKey|^(?:wafResponseCode|webaclArn|xrayTraceId|awsEndpointRequestId)$/;

function requestContext(exchange: Exchange): object {
  const context: Record<string, ContextValue | Record<string, ContextValue>> = {};
  const identity: Record<string, ContextValue> = {};
  for (const name of contextVariableNames()) {
    if (NOT_IN_EVENT.test(name)) continue;
    if (name.startsWith('identity.')) identity[name.slice('identity.'.length)] = contextValue(exchange, name);
    else context[name] = contextValue(exchange, name);
  }
  return { ...context, identity };
}
