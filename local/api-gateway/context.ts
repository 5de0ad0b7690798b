import type { Credentials } from '../aws/credentials.ts';
import type { ApiRequest } from './api-request.ts';
import { headerOf } from './api-request.ts';
import type { ApiDefinition } from './definition.ts';
import type { GatewayFault } from './gateway-fault.ts';
import type { Route } from './router.ts';

/** What is known of one request, in the order in which it becomes known. */
export type Exchange = {
  readonly api: ApiDefinition;
  readonly accountId: string;
  readonly request: ApiRequest;
  readonly receivedAtMs: number;
  /** A client may choose it, by the header `x-amzn-RequestId`, as on AWS. Never unique for certain. */
  readonly requestId: string;
  /** Always the gateway's own. */
  readonly extendedRequestId: string;
  readonly traceId: string;
  route?: Route;
  principal?: Credentials;
  fault?: GatewayFault;
  integration?: { status?: number; latencyMs?: number };
  answer?: { status: number; byteCount: number; latencyMs: number };
};

/** A value of `$context`, or null for one that AWS documents and this request does not have. */
export type ContextValue = string | number | null;

type Reader = (exchange: Exchange) => ContextValue | undefined;

const ABSENT: Reader = () => null;

/**
 * The variables of `$context` by their dotted names
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html). Those that AWS has
 * and nothing here can have a value for are null; a name that is not in this list is an error, so a slip of the pen shows.
 */
const VARIABLES: Readonly<Record<string, Reader>> = {
  accountId: ({ accountId }) => accountId,
  apiId: ({ api }) => api.apiId,
  awsEndpointRequestId: ABSENT,
  'authorizer.principalId': ABSENT,
  deploymentId: ({ api }) => api.deploymentId,
  domainName: ({ request }) => hostOf(request),
  domainPrefix: ({ request }) => hostOf(request).split('.')[0],
  'error.message': ({ fault }) => fault?.message,
  'error.messageString': ({ fault }) => (fault ? JSON.stringify(fault.message) : undefined),
  'error.responseType': ({ fault }) => fault?.responseType,
  'error.validationErrorString': ({ fault }) => fault?.validationErrorString,
  extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
  httpMethod: ({ request }) => request.httpMethod,
  'identity.accessKey': ({ principal }) => principal?.accessKeyId,
  'identity.accountId': ({ principal, accountId }) => (principal ? accountId : null),
  'identity.apiKey': ABSENT,
  'identity.apiKeyId': ABSENT,
  'identity.caller': ({ principal }) => callerOf(principal),
  'identity.cognitoAuthenticationProvider': ABSENT,
  'identity.cognitoAuthenticationType': ABSENT,
  'identity.cognitoIdentityId': ABSENT,
  'identity.cognitoIdentityPoolId': ABSENT,
  'identity.principalOrgId': ABSENT,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.user': ({ principal }) => callerOf(principal),
  'identity.userAgent': ({ request }) => headerOf(request, 'user-agent'),
  'identity.userArn': ({ principal }) => principal?.principalArn,
  path: ({ request }) => request.path,
  protocol: ({ request }) => request.protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ receivedAtMs }) => commonLogTime(receivedAtMs),
  requestTimeEpoch: ({ receivedAtMs }) => receivedAtMs,
  resourceId: ({ route }) => route?.resource.id,
  resourcePath: ({ route }) => route?.resource.path,
  stage: ({ api }) => api.stageName,
  'waf.status': ABSENT,
  wafResponseCode: ABSENT,
  webaclArn: ABSENT,
  xrayTraceId: ({ traceId }) => traceId,
};

/** Known once the answer is: for the access log alone. */
const LOG_VARIABLES: Readonly<Record<string, Reader>> = {
  'integration.error': ABSENT,
  'integration.integrationStatus': ({ integration }) => integration?.status,
  'integration.latency': ({ integration }) => integration?.latencyMs,
  'integration.requestId': ABSENT,
  'integration.status': ({ integration }) => integration?.status,
  integrationErrorMessage: ABSENT,
  integrationLatency: ({ integration }) => integration?.latencyMs,
  integrationStatus: ({ integration }) => integration?.status,
  responseLatency: ({ answer }) => answer?.latencyMs,
  responseLength: ({ answer }) => answer?.byteCount,
  status: ({ answer }) => answer?.status,
};

export function isContextVariable(name: string): boolean {
  return Object.hasOwn(VARIABLES, name);
}

export function isLogVariable(name: string): boolean {
  return isContextVariable(name) || Object.hasOwn(LOG_VARIABLES, name);
}

/** Null for a name that is not in the lists: ask {@link isContextVariable} first. */
export function contextValue(exchange: Exchange, name: string): ContextValue {
  const reader = Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : LOG_VARIABLES[name];
  return reader?.(exchange) ?? null;
}

export function contextVariableNames(): readonly string[] {
  return Object.keys(VARIABLES);
}

function hostOf(request: ApiRequest): string {
  return (headerOf(request, 'host') ?? '').replace(/:\d+$/, '');
}

/** AWS gives the principal's unique id here; the access key stands for it (assumption). */
function callerOf(principal: Credentials | undefined): string | undefined {
  return principal?.accessKeyId;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `dd/MMM/yyyy:HH:mm:ss +0000`, the form of the Common Log Format. */
function commonLogTime(ms: number): string {
  const date = new Date(ms);
  const [day, time] = [String(date.getUTCDate()).padStart(2, '0'), date.toISOString().slice(11, 19)];
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`;
}
