import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Clock } from '../clock.ts';
import type { JsonObject } from '../json.ts';
import type { CredentialStore, Credentials } from './credentials.ts';
import { parseJsonCall, renderJsonAnswer, renderJsonError, type WireAnswer } from './json-protocol.ts';
import { parseQueryCall, renderQueryAnswer, renderQueryError } from './query-protocol.ts';
import { parseRestCall, renderRestAnswer } from './rest-protocol.ts';
import type { RestRoute } from './rest-route.ts';
import { type SignedRequest, type SigV4Refusal, signingNameOf, verifySigV4 } from './sigv4.ts';
import { AwsError, type WireService } from './wire.ts';

type EndpointDependencies = {
  readonly services: readonly WireService[];
  readonly credentials: CredentialStore;
  readonly clock: Clock;
};

/** DynamoDB takes up to 16 MB (BatchWriteItem), more than any other service here. */
const BODY_BYTES_MAX = 16 * 1024 * 1024;

/** Longer than SDK clients keep an idle connection in practice, so that none is closed while a request is on its way. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

/** Answers one signed request, whichever way it came. Never rejects: what goes wrong is an answer too. */
export type AnswerAws = (request: SignedRequest) => Promise<WireAnswer>;

/**
 * Every AWS service of the local run, as any SDK or the AWS CLI speaks to them. The service is chosen by the name in the SigV4
 * credential scope, and only after the signature holds.
 */
export function createAwsAnswers({ services, credentials, clock }: EndpointDependencies): AnswerAws {
  const byName = new Map(services.flatMap((service) => service.signingNames.map((name) => [name, service])));
  const serve = async (protocol: Protocol, request: SignedRequest) => {
    const { service, principal } = authenticate(request, { credentials, clock }, byName);
    if (service.routes) return answerRest(service, service.routes, { request, principal });
    const { action, input } = protocol.parse(request);
    return protocol.answer(action, await service.handle({ action, input, principal }));
  };
  return async (request) => {
    const protocol = protocolOf(request.headers);
    const answer = await serve(protocol, request).catch((error: unknown) => failed(protocol, error));
    const headers = { ...answer.headers, 'x-amzn-requestid': randomUUID(), date: httpDate(clock.nowMs()) };
    return { ...answer, headers };
  };
}

async function answerRest(
  service: WireService,
  routes: readonly RestRoute[],
  { request, principal }: { readonly request: SignedRequest; readonly principal: Credentials },
): Promise<WireAnswer> {
  const { route, action, input } = parseRestCall(routes, request);
  return renderRestAnswer(route, await service.handle({ action, input, principal }));
}

/** One port for all of it. The caller listens and closes. */
export function createAwsEndpoint(answerAws: AnswerAws): Server {
  const server = createServer((request, response) => {
    answerRequest(request, answerAws).then(
      (answer) => send(response, answer),
      () => response.destroy(),
    );
  });
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return server;
}

/** Rejects for a client that hung up in the middle of its request: a function that was timed out. */
async function answerRequest(request: IncomingMessage, answerAws: AnswerAws): Promise<WireAnswer> {
  const { method = '', url = '/', headers } = request;
  const body = await readBody(request);
  if (body) return answerAws({ method, path: url, headers, body });
  const error = new AwsError('RequestEntityTooLarge', 'the body is too large', { statusCode: 413 });
  return protocolOf(headers).error(error);
}

function failed(protocol: Protocol, error: unknown): WireAnswer {
  if (error instanceof AwsError) return protocol.error(error);
  console.error('A local AWS service failed:', error);
  return protocol.error(new AwsError('InternalFailure', 'the local service failed', { statusCode: 500 }));
}

type Protocol = {
  parse(request: SignedRequest): { action: string; input: JsonObject };
  answer(action: string, output: JsonObject): WireAnswer;
  error(error: AwsError): WireAnswer;
};

function protocolOf(headers: IncomingHttpHeaders): Protocol {
  const contentType = headers['content-type'] ?? 'application/x-amz-json-1.0';
  const type = contentType.split(';')[0]?.trim() ?? '';
  if (type === 'application/x-www-form-urlencoded') {
    const call = { service: signingNameOf(headers) ?? '', requestId: randomUUID() };
    return {
      parse: ({ body }) => parseQueryCall(body),
      answer: (action, output) => renderQueryAnswer(action, output, call),
      error: (error) => renderQueryError(error, call),
    };
  }
  return {
    parse: ({ headers, body }) => parseJsonCall(headers, body),
    answer: (_action, output) => renderJsonAnswer(type, output),
    error: (error) => renderJsonError(type, error),
  };
}

function authenticate(
  request: SignedRequest,
  { credentials, clock }: Pick<EndpointDependencies, 'credentials' | 'clock'>,
  byName: ReadonlyMap<string, WireService>,
): { service: WireService; principal: Credentials } {
  const name = signingNameOf(request.headers) ?? '';
  const verdict = verifySigV4(request, credentials, { service: name, nowMs: clock.nowMs() });
  if (!verdict.ok) throw refusal(verdict.reason);
  const service = byName.get(name);
  if (!service) throw new AwsError('UnknownOperationException', `the service ${name} is not run here`);
  return { service, principal: verdict.principal };
}

/** The common errors of AWS (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CommonErrors.html). */
const REFUSALS: Readonly<Record<SigV4Refusal, { code: string; queryCode: string; message: string }>> = {
  missing: {
    code: 'MissingAuthenticationTokenException',
    queryCode: 'MissingAuthenticationToken',
    message: 'Request is missing Authentication Token',
  },
  'unknown-key': {
    code: 'UnrecognizedClientException',
    queryCode: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid.',
  },
  signature: {
    code: 'InvalidSignatureException',
    queryCode: 'SignatureDoesNotMatch',
    message: 'The request signature we calculated does not match the signature you provided.',
  },
  expired: {
    code: 'InvalidSignatureException',
    queryCode: 'SignatureDoesNotMatch',
    message: 'Signature expired: the date of the request is more than five minutes from ours',
  },
  malformed: {
    code: 'IncompleteSignatureException',
    queryCode: 'IncompleteSignature',
    message: 'The Authorization header is not one of Signature Version 4',
  },
};

function refusal(reason: SigV4Refusal): AwsError {
  const { code, queryCode, message } = REFUSALS[reason];
  return new AwsError(code, message, { statusCode: 403, queryCode });
}

/** Undefined where it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, { statusCode, headers, body }: WireAnswer): void {
  response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** The SDKs correct their clock by it: that of the local run, which may be ahead of the machine's. */
function httpDate(nowMs: number): string {
  return new Date(nowMs).toUTCString();
}
