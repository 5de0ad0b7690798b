import { EventEmitter } from 'node:events';
import http, { type ClientRequest, type RequestOptions, STATUS_CODES } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Readable } from 'node:stream';
import type { AwsAnswerMessage, AwsCallMessage } from './messages.ts';

/**
 * Lets this thread's HTTP requests to the AWS endpoint go to the main thread as messages, and their answers come back so. The
 * function's SDK does all it does on AWS, its signature included; what is left out is a socket to the same process, which
 * costs more than everything that the SDK and the service do together. Requests to anywhere else stay what they are.
 *
 * Call it before the function's code is loaded. Gives what takes the answers.
 */
export function callAwsByMessage(
  awsUrl: string,
  send: (call: AwsCallMessage) => void,
): (answer: AwsAnswerMessage) => void {
  const { hostname, port } = new URL(awsUrl);
  const waiting = new Map<number, MessagedRequest>();
  let lastId = 0;
  const requestOverSocket = http.request;
  const request = (...args: [RequestOptions, ...unknown[]]): ClientRequest => {
    const [options, onResponse] = args;
    const isAws = options.host === hostname && String(options.port) === port;
    if (!isAws) return Reflect.apply(requestOverSocket, http, args);
    lastId += 1;
    const id = lastId;
    const made = new MessagedRequest({
      send: (body) => send({ kind: 'aws-call', id, ...headOf(options), body }),
      forget: () => waiting.delete(id),
    });
    if (typeof onResponse === 'function') made.once('response', onResponse as () => void);
    waiting.set(id, made);
    return made as unknown as ClientRequest;
  };
  http.request = request as typeof http.request;
  syncBuiltinESMExports();
  return (answer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    asked?.answer(answer);
  };
}

function headOf({ method = 'GET', path, headers }: RequestOptions) {
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return { method, path: path ?? '/', headers: Object.fromEntries(named) };
}

/** What the SDK's handler asks of a connection: it is there at once, and idle for no time. */
const SOCKET = { connecting: false, setTimeout() {}, setKeepAlive() {}, removeListener() {}, destroy() {} };

/** As much of node:http's ClientRequest as the SDK's handler uses (@smithy/node-http-handler, node-http-handler.js). */
class MessagedRequest extends EventEmitter {
  readonly socket = SOCKET;
  readonly #chunks: (string | Uint8Array)[] = [];
  readonly #send: (body: string | Uint8Array) => void;
  readonly #forget: () => void;

  constructor({ send, forget }: { send(body: string | Uint8Array): void; forget(): void }) {
    super();
    this.#send = send;
    this.#forget = forget;
  }

  write(chunk: string | Uint8Array): boolean {
    this.#chunks.push(chunk);
    return true;
  }

  end(chunk?: string | Uint8Array): this {
    if (chunk !== undefined) this.#chunks.push(chunk);
    const [only = '', ...more] = this.#chunks;
    this.#send(more.length === 0 ? only : Buffer.concat(this.#chunks.map((part) => Buffer.from(part))));
    return this;
  }

  /** The call itself goes on, as it would beyond a socket that was closed. Safe to repeat. */
  destroy(error: Error = new Error('socket hang up')): this {
    this.#forget();
    process.nextTick(() => {
      this.emit('error', error);
      this.emit('close');
    });
    return this;
  }

  answer(answer: AwsAnswerMessage): void {
    this.emit('response', new MessagedResponse(answer));
    this.emit('close');
  }
}

/** As much of node:http's IncomingMessage as the SDK uses. */
class MessagedResponse extends Readable {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly complete = true;

  constructor({ statusCode, headers, body }: AwsAnswerMessage) {
    super({ read() {} });
    this.statusCode = statusCode;
    this.statusMessage = STATUS_CODES[statusCode] ?? '';
    this.headers = headers;
    if (body !== '') this.push(Buffer.from(body));
    this.push(null);
  }
}
