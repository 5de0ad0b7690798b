import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';
import type { Answer } from './answer.ts';
import type { Exchange } from './context.ts';

const BODYLESS = new Set([204, 304]);

const UNSENDABLE: Answer = {
  status: 500,
  headers: [
    ['Content-Type', ['application/json']],
    ['x-amzn-ErrorType', ['InternalServerErrorException']],
  ],
  body: Buffer.from('{"message":"Internal server error"}'),
};

/**
 * Writes an answer with the ids that AWS adds. A header that HTTP cannot carry turns the answer into a 500: never into a crash,
 * and never into two headers.
 */
export function sendAnswer(
  response: ServerResponse,
  exchange: Exchange,
  answer: Answer,
): { status: number; byteCount: number } {
  const { status, headers, body } = isSendable(answer) ? answer : UNSENDABLE;
  response.statusCode = status;
  for (const [name, values] of headers) response.setHeader(name, values.map(latin1));
  response.setHeader('x-amzn-RequestId', exchange.requestId);
  response.setHeader('x-amz-apigw-id', exchange.extendedRequestId);
  if (isTraced(exchange)) response.setHeader('X-Amzn-Trace-Id', latin1(exchange.traceId));
  const sent = BODYLESS.has(status) ? Buffer.alloc(0) : body;
  if (!BODYLESS.has(status)) response.setHeader('Content-Length', sent.length);
  response.end(sent);
  return { status, byteCount: sent.length };
}

/** A mock integration has nobody to trace, and neither has a fault. */
function isTraced({ integration, fault, route }: Exchange): boolean {
  return integration !== undefined && fault === undefined && route?.method.integration.type !== 'MOCK';
}

/** Whether HTTP can carry the answer's status and headers. */
export function isSendable({ status, headers }: Answer): boolean {
  try {
    for (const [name, values] of headers) {
      validateHeaderName(name);
      for (const value of values) validateHeaderValue(name, latin1(value));
    }
    return Number.isInteger(status) && status >= 200 && status <= 599;
  } catch {
    return false;
  }
}

/** Node writes header values as Latin-1: the bytes are those of UTF-8. */
function latin1(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}
