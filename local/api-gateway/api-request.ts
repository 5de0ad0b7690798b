import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** API Gateway's limit for a payload (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** Where reading on for politeness ends. */
const DISCARDED_BYTES_MAX = 64 * 1024 * 1024;

/** Never reach the API's configuration (seen in recordings on AWS by github.com/localstack/localstack, header_utils.py). */
const DROPPED_HEADERS = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'transfer-encoding',
  'trailer',
  'upgrade',
  'www-authenticate',
]);

/** A request as API Gateway sees it, before it is known where it goes. */
export type ApiRequest = {
  readonly httpMethod: string;
  /** Percent-encoded, with the stage, without the query. */
  readonly path: string;
  /** As it came over the wire, with the query: what was signed. */
  readonly target: string;
  /**
   * In the client's spelling and order, one pair a line. Names are case-sensitive in API Gateway
   * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
   */
  readonly headers: readonly (readonly [string, string])[];
  /** As Node gives them: what SigV4 is checked against. */
  readonly nodeHeaders: IncomingHttpHeaders;
  readonly query: readonly (readonly [string, string])[];
  readonly body: Buffer;
  readonly sourceIp: string;
  /** E.g. `HTTP/1.1`. */
  readonly protocol: string;
};

/** A body over 10 MB is left out. */
export type ReceivedRequest = { readonly request: ApiRequest; readonly isTooLarge: boolean };

/** Rejects with whatever the socket failed with. */
export async function readRequest(message: IncomingMessage): Promise<ReceivedRequest> {
  const target = (message.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '') || '/';
  const [path = '/', ...rest] = target.split('?');
  const body = await readBody(message);
  const request = {
    httpMethod: message.method ?? 'GET',
    path,
    target,
    headers: rawHeaders(message),
    nodeHeaders: message.headers,
    query: queryPairs(rest.join('?')),
    body: body ?? Buffer.alloc(0),
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
    protocol: `HTTP/${message.httpVersion}`,
  };
  return { request, isTooLarge: body === undefined };
}

/** Undefined for a body over the limit. It is read on, and dropped, so that the client comes to hear the answer. */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let byteCount = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    byteCount += chunk.length;
    if (byteCount > DISCARDED_BYTES_MAX) break;
    if (byteCount <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return byteCount > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks);
}

/** Node joins repeated headers in `headers` and keeps them apart only in `rawHeaders`. */
function rawHeaders(message: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    const name = message.rawHeaders[index] ?? '';
    if (!DROPPED_HEADERS.has(name.toLowerCase())) pairs.push([name, headerText(message.rawHeaders[index + 1] ?? '')]);
  }
  return pairs;
}

/** Node reads header bytes as Latin-1. Bytes that are UTF-8 are read as such (assumption), others are left as they are. */
function headerText(latin1: string): string {
  if (/^[\0-\x7f]*$/.test(latin1)) return latin1;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}

/** Percent-encoding that is none is kept as it is. */
function queryPairs(query: string): [string, string][] {
  return [...new URLSearchParams(query)];
}

/** The last value of each name, which is what API Gateway keeps where it shows one value alone. */
export function lastValues(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  return Object.fromEntries(pairs);
}

/** Every value of each name, in order. */
export function allValues(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(values);
}

/** The last value of a header in any spelling. */
export function headerOf(request: ApiRequest, name: string): string | undefined {
  return request.headers.findLast(([other]) => other.toLowerCase() === name)?.[1];
}
