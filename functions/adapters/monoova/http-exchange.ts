import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';

/** Monoova's answers about one payment hold less than 2 kB; what is larger is not one of them. */
const BODY_BYTES_MAX = 64 * 1024;

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  /** Of `http:` or `https:`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the first step to the last byte of the answer. */
  readonly timeoutMs: number;
  /** A larger answer is a failure (`BODY_TOO_LARGE`). Default: 64 kB. */
  readonly bodyBytesMax?: number;
};

/** What became of one request. */
export type HttpOutcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | undefined>>;
      readonly body: string;
    }
  /**
   * `connecting`: not one byte of the request had left this machine. `sent`: it may have arrived. `code` is Node's
   * (`ECONNREFUSED`), or `TIMEOUT`, `BODY_TOO_LARGE`, `BROKEN_OFF`.
   */
  | { readonly kind: 'failure'; readonly phase: 'connecting' | 'sent'; readonly code: string };

/** Never rejects. */
export type HttpExchange = (request: HttpRequest) => Promise<HttpOutcome>;

/**
 * One request over one new connection, sent at most once. Why not the built-in `fetch`, for something that moves money:
 * it sends a POST a second time when the answer is 421 (step 15 of "HTTP-network-or-cache fetch", https://fetch.spec.whatwg.org;
 * seen in Node 24); it takes kept connections, which die unseen while a Lambda environment is frozen, and a reset there
 * proves nothing; and it does not tell whether a failure came before the request left.
 *
 *     connecting (DNS, TCP, TLS) ──▶ connected ──▶ request ──▶ answer
 *     └─ failure proves that nothing was received │ failure proves nothing
 */
export const exchangeOverHttp: HttpExchange = (request) =>
  new Promise((resolve) => {
    const isSecure = request.url.startsWith('https:');
    const payload = Buffer.from(request.body ?? '', 'utf8');
    const headers = { ...request.headers, ...(payload.length > 0 && { 'Content-Length': String(payload.length) }) };
    let phase: 'connecting' | 'sent' = 'connecting';
    // `agent: false`: a new connection, closed afterwards. Redirects are never followed by this API.
    const sender = (isSecure ? requestHttps : requestHttp)(request.url, {
      method: request.method,
      headers,
      agent: false,
    });
    const end = (outcome: HttpOutcome) => {
      clearTimeout(timer);
      resolve(outcome);
      sender.destroy();
    };
    const fail = (code: string) => end({ kind: 'failure', phase, code });
    const timer = setTimeout(() => fail('TIMEOUT'), request.timeoutMs);
    sender.on('socket', (socket: Socket) => {
      // A socket that was connected before we could watch it proves nothing.
      if (!socket.connecting) phase = 'sent';
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        phase = 'sent';
      });
    });
    sender.on('error', (error) => fail(codeOf(error)));
    sender.on('response', (answer) => {
      readBody(answer, request.bodyBytesMax ?? BODY_BYTES_MAX).then(
        (body) => {
          if (typeof body !== 'string') return fail(body.code);
          end({ kind: 'answer', status: answer.statusCode ?? 0, headers: singleHeaders(answer), body });
        },
        () => fail('BROKEN_OFF'),
      );
    });
    sender.end(payload);
  });

async function readBody(answer: IncomingMessage, bytesMax: number): Promise<string | { readonly code: string }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return { code: 'BODY_TOO_LARGE' };
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function singleHeaders(answer: IncomingMessage): Record<string, string | undefined> {
  const entries = Object.entries(answer.headers);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]));
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
