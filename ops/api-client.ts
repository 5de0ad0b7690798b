import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentials } from './clients.ts';

export type ApiRequest = {
  readonly method: 'GET' | 'POST';
  /** Below the stage, from its slash on; already percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type ApiAnswer = { readonly status: number; readonly headers: Headers; readonly text: string };

export type ApiClient = { send(request: ApiRequest): Promise<ApiAnswer> };

/** One second more than API Gateway ever takes. */
const ANSWER_TIMEOUT_MS = 30_000;

/**
 * The payouts API as a client that signs (AWS Signature Version 4, service `execute-api`). One attempt, and redirects are not
 * followed: repeating is the caller's decision, with the same Idempotency-Key.
 */
export function createApiClient(
  apiUrl: string,
  { region, credentials }: { readonly region: string; readonly credentials: AwsCredentials },
): ApiClient {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: NodeSha256 });

  return {
    async send({ method, path, query = {}, headers = {}, body }) {
      const url = new URL(apiUrl + path);
      const signed = await signer.sign({
        method,
        protocol: url.protocol,
        hostname: url.hostname,
        path: url.pathname,
        query: { ...query },
        headers: { ...headers, host: url.host },
        ...(body === undefined ? {} : { body }),
      });
      // `fetch` sets Host itself, from the same URL.
      const { host: _host, ...signedHeaders } = signed.headers;
      const response = await fetch(`${url}${queryText(query)}`, {
        method,
        headers: signedHeaders,
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, headers: response.headers, text: await response.text() };
    },
  };
}

/** Encoded as it is signed (RFC 3986): `URLSearchParams` would write a space as a plus. */
function queryText(query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** The hash that the signer asks for, over Node's own: a digest, or with a secret an HMAC. */
class NodeSha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bufferOf(secret));
  }

  update(data: Bytes): void {
    this.#hash.update(bufferOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bufferOf(data: Bytes): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'utf8');
  return ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data);
}
