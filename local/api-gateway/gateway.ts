import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ACCOUNT_ID } from '../aws/account.ts';
import type { CredentialStore } from '../aws/credentials.ts';
import { UnsupportedResource } from '../aws/resource-type.ts';
import type { Clock } from '../clock.ts';
import type { Answer } from './answer.ts';
import { type ApiRequest, headerOf, readRequest } from './api-request.ts';
import { authorise, missingAuthenticationToken } from './authorise.ts';
import { type Exchange, isLogVariable } from './context.ts';
import type { ApiDefinition } from './definition.ts';
import type { Integration } from './definition-method.ts';
import { GatewayFault, internalServerError } from './gateway-fault.ts';
import { checkGatewayResponses, gatewayAnswer } from './gateway-responses.ts';
import { answerLambdaProxy, type InvokeLambda } from './integration-lambda-proxy.ts';
import { answerMock } from './integration-mock.ts';
import { answerStepFunctions, type StartExecution } from './integration-step-functions.ts';
import { compileMapping, type Mapping } from './mapping.ts';
import { findRoute } from './router.ts';
import { isSendable, sendAnswer } from './send-answer.ts';
import { checkSubstitutions, substitutePlainly } from './substitution.ts';
import { createRequestValidator, type RequestValidator } from './validate.ts';

export type ApiGatewayOptions = {
  readonly clock: Clock;
  readonly credentials: CredentialStore;
  readonly api: ApiDefinition;
  readonly invokeLambda: InvokeLambda;
  /** Whether the stage lets nothing through to a method; by default all are open. */
  readonly isClosed?: (path: string, httpMethod: string) => boolean;
  readonly startSyncExecution: StartExecution;
  /** Needed only where the API has an integration with `StartExecution`. */
  readonly startExecution?: StartExecution;
  /** Takes the line of the stage's access log for each request; nothing is called for a stage without a format. */
  readonly accessLog?: (line: string) => void;
  /** Takes what went wrong behind a 5XX that the gateway answered by itself; clients see none of it. */
  readonly onFault?: (fault: GatewayFault, requestId: string) => void;
};

export type ApiGateway = {
  /** For a server of the caller's own. Never throws and never rejects. */
  readonly handle: (message: IncomingMessage, response: ServerResponse) => void;
  /** Serves on the loopback; resolves with the port, of the system's choice for port 0. */
  readonly listen: (port: number, host?: string) => Promise<number>;
  /** Ends every connection at once, requests under way too. Safe to repeat. */
  readonly close: () => Promise<void>;
};

type Compiled = ApiGatewayOptions & {
  readonly mappings: ReadonlyMap<Integration, Mapping>;
  readonly validate: RequestValidator;
};

/**
 * Serves one REST API of the template at `/{stage}`, as Amazon API Gateway would: route, signature, validation, integration,
 * gateway responses; methods that are throttled to zero. Not run: any other throttle, usage plans, caching, resource policies, compression, `X-HTTP-Method-Override`.
 *
 * @throws {UnsupportedResource} for anything in the definition that could not be run as AWS runs it
 */
export function createApiGateway(options: ApiGatewayOptions): ApiGateway {
  const compiled = compile(options);
  const handle = (message: IncomingMessage, response: ServerResponse): void => {
    serve(compiled, message, response).catch(() => response.destroy());
  };
  let server: Server | undefined;
  return {
    handle,
    listen: async (port, host = '127.0.0.1') => {
      server = createServer({ keepAliveTimeout: 60_000 }, handle);
      await listening(server, port, host);
      return (server.address() as AddressInfo).port;
    },
    close: async () => {
      const closing = server;
      if (!closing) return;
      server = undefined;
      await new Promise((resolve) => {
        closing.close(resolve);
        closing.closeAllConnections();
      });
    },
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function compile(options: ApiGatewayOptions): Compiled {
  const { api } = options;
  const mappings = new Map<Integration, Mapping>();
  for (const resource of api.resources) {
    for (const { logicalId, integration } of resource.methods.values()) {
      if (integration.type === 'AWS_PROXY') continue;
      mappings.set(integration, compileMapping(logicalId, integration));
      if (integration.type === 'AWS' && integration.action === 'StartExecution' && !options.startExecution) {
        throw new UnsupportedResource(`${logicalId}: StartExecution is not run here`);
      }
    }
  }
  checkGatewayResponses(api);
  checkSubstitutions('access log', api.accessLogFormat ?? '', isLogVariable);
  return { ...options, mappings, validate: createRequestValidator(api) };
}

async function serve(compiled: Compiled, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const receivedAtMs = compiled.clock.nowMs();
  const { request, isTooLarge } = await readRequest(message);
  const exchange = newExchange(compiled.api, request, receivedAtMs);
  if (!isOfStage(compiled.api, request)) {
    sendAnswer(response, exchange, forbidden());
    return;
  }
  const answer = isTooLarge
    ? faultAnswer(compiled, exchange, payloadTooLarge())
    : await answerRequest(compiled, exchange);
  const { status, byteCount } = sendAnswer(response, exchange, answer);
  if (!message.complete) message.socket.destroySoon();
  exchange.answer = { status, byteCount, latencyMs: compiled.clock.nowMs() - receivedAtMs };
  if (compiled.api.accessLogFormat === undefined) return;
  compiled.accessLog?.(substitutePlainly(compiled.api.accessLogFormat, exchange));
}

/** The request's own header decides its id, as on AWS ("Clients can override this request ID"). */
function newExchange(api: ApiDefinition, request: ApiRequest, receivedAtMs: number): Exchange {
  const chosen = headerOf(request, 'x-amzn-requestid');
  const seconds = Math.floor(receivedAtMs / 1000).toString(16);
  return {
    api,
    accountId: ACCOUNT_ID,
    request,
    receivedAtMs,
    requestId: chosen !== undefined && /^[\x20-\x7e]+$/.test(chosen) ? chosen : randomUUID(),
    extendedRequestId: `${randomBytes(11).toString('base64url').slice(0, 15)}=`,
    traceId: headerOf(request, 'x-amzn-trace-id') ?? `Root=1-${seconds}-${randomBytes(12).toString('hex')}`,
  };
}

function isOfStage(api: ApiDefinition, request: ApiRequest): boolean {
  return request.path === `/${api.stageName}` || request.path.startsWith(`/${api.stageName}/`);
}

async function answerRequest(compiled: Compiled, exchange: Exchange): Promise<Answer> {
  try {
    const answer = await runMethod(compiled, exchange);
    if (isSendable(answer)) return answer;
    throw internalServerError(new Error('a status or header that HTTP cannot carry'), 502);
  } catch (error) {
    return faultAnswer(compiled, exchange, error instanceof GatewayFault ? error : internalServerError(error));
  }
}

function faultAnswer(compiled: Compiled, exchange: Exchange, fault: GatewayFault): Answer {
  exchange.fault = fault;
  if (fault.statusCode >= 500) compiled.onFault?.(fault, exchange.requestId);
  return gatewayAnswer(exchange, fault);
}

/** @throws {GatewayFault} and, for a defect of ours, anything else. */
async function runMethod(compiled: Compiled, exchange: Exchange): Promise<Answer> {
  const { api, request } = exchange;
  const route = routeOf(api, request);
  if (!route) throw missingAuthenticationToken();
  exchange.route = route;
  if (compiled.isClosed?.(route.resource.path, route.method.httpMethod)) throw throttled();
  const principal = authorise(route.method, request, compiled.credentials, compiled.clock.nowMs());
  if (principal) exchange.principal = principal;
  compiled.validate(exchange, route.method);
  return integrate(compiled, exchange, route.method.integration);
}

function routeOf(api: ApiDefinition, request: ApiRequest) {
  try {
    return findRoute(api, request.httpMethod, request.path.slice(`/${api.stageName}`.length));
  } catch (error) {
    throw new GatewayFault('DEFAULT_4XX', 'Bad Request', { errorType: 'BadRequestException', cause: error });
  }
}

async function integrate(compiled: Compiled, exchange: Exchange, integration: Integration): Promise<Answer> {
  if (integration.type === 'AWS_PROXY') return answerLambdaProxy(integration, exchange, compiled);
  const mapping = compiled.mappings.get(integration);
  if (!mapping) throw new Error('an integration without its mapping');
  if (integration.type === 'MOCK') return answerMock(mapping, exchange);
  const start = integration.action === 'StartExecution' ? compiled.startExecution : compiled.startSyncExecution;
  if (!start) throw new Error('StartExecution is not run here');
  return answerStepFunctions(integration, mapping, exchange, { clock: compiled.clock, start });
}

/** Whether AWS asks for the signature first is not documented; here it does not (assumption). */
function throttled(): GatewayFault {
  return new GatewayFault('THROTTLED', 'Too Many Requests', { errorType: 'TooManyRequestsException' });
}

/** In AWS's words; the message is what its clients report, its page names only the status. */
function payloadTooLarge(): GatewayFault {
  return new GatewayFault('REQUEST_TOO_LARGE', 'Request Too Long', { errorType: 'RequestTooLargeException' });
}

/** Outside the stage there is no API whose gateway responses could count. */
function forbidden(): Answer {
  return {
    status: 403,
    headers: [
      ['Content-Type', ['application/json']],
      ['x-amzn-ErrorType', ['ForbiddenException']],
    ],
    body: Buffer.from('{"message":"Forbidden"}'),
  };
}
