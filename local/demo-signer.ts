import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { REGION } from './aws/account.ts';
import { type Credentials, ROOT } from './aws/credentials.ts';

export type SignedRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default: the account's root. */
  readonly as?: Credentials | undefined;
  /** The clock of the run: a signature made more than five minutes off is refused. */
  readonly nowMs: number;
};

/** SHA-256, or HMAC when made with a secret, in the form that the signer asks for. */
class Sha256 {
  readonly #hash;

  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: SourceData): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

type SourceData = string | ArrayBuffer | ArrayBufferView;

function bytesOf(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Sends a request to the local API. */
export async function fetchSigned(request: SignedRequest): Promise<Response> {
  const { method, body, as: credentials = ROOT } = request;
  const signer = new SignatureV4({ credentials, region: REGION, service: 'execute-api', sha256: Sha256 });
  const url = new URL(request.url);
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, ...request.headers },
      body,
    },
    { signingDate: new Date(request.nowMs) },
  );
  // fetch makes the host header itself, from the same address that was signed.
  const { host: _host, ...headers } = signed.headers;
  return fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
}
