import { execFile, spawnSync } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CredentialStore } from '../../../local/aws/credentials.ts';
import { type SigV4Verdict, verifySigV4 } from '../../../local/aws/sigv4.ts';

const run = promisify(execFile);
const NOW_MS = Date.parse('2026-03-01T10:00:00Z');
const store = new CredentialStore();

class Sha256 {
  readonly #hash: { update(data: Uint8Array): unknown; digest(): Buffer };
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = ArrayBuffer.isView(secret)
      ? new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength)
      : secret;
    this.#hash =
      key === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof key === 'string' ? key : new Uint8Array(key));
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {}
}

type Parts = {
  method: string;
  path: string;
  query?: Record<string, string | string[]>;
  body?: string;
  secret?: string;
};

async function signed(parts: Parts, headers: Record<string, string> = {}): Promise<IncomingHttpHeaders> {
  const signer = new SignatureV4({
    service: 'execute-api',
    region: 'ap-southeast-2',
    sha256: Sha256,
    credentials: { accessKeyId: 'local', secretAccessKey: parts.secret ?? 'local' },
  });
  const request = await signer.sign(
    {
      method: parts.method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      path: parts.path,
      query: parts.query ?? {},
      headers: { host: '127.0.0.1:3000', ...headers },
      ...(parts.body === undefined ? {} : { body: parts.body }),
    },
    { signingDate: new Date(NOW_MS) },
  );
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function verify(
  request: { method: string; path: string; headers: IncomingHttpHeaders; body?: string },
  nowMs = NOW_MS,
) {
  const body = Buffer.from(request.body ?? '');
  return verifySigV4({ ...request, body }, store, { service: 'execute-api', nowMs, realNowMs: nowMs });
}

function reasonOf(verdict: SigV4Verdict): string {
  return verdict.ok ? 'ok' : verdict.reason;
}

describe('what @smithy/signature-v4 signs', () => {
  test('is accepted, and names the principal', async () => {
    const headers = await signed({ method: 'POST', path: '/dev/payouts', body: '{"a":1}' });
    const verdict = verify({ method: 'POST', path: '/dev/payouts', headers, body: '{"a":1}' });
    expect(verdict.ok && verdict.principal.accessKeyId).toBe('local');
  });

  test('is accepted with a query in another order and with reserved characters', async () => {
    const query = { status: 'Pending', customer_id: 'c 1+2', cursor: "a=/(b)*'!", empty: '' };
    const headers = await signed({ method: 'GET', path: '/dev/payouts', query });
    const path = "/dev/payouts?status=Pending&empty=&cursor=a%3D%2F(b)*'!&customer_id=c%201%2B2";
    expect(reasonOf(verify({ method: 'GET', path, headers }))).toBe('ok');
  });

  test('is accepted with a path whose reserved characters are encoded twice for signing', async () => {
    const headers = await signed({ method: 'GET', path: '/dev/payouts/txn%3A1%20%2F' });
    expect(reasonOf(verify({ method: 'GET', path: '/dev/payouts/txn%3A1%20%2F', headers }))).toBe('ok');
  });

  test('is accepted with header values that hold runs of spaces', async () => {
    const headers = await signed({ method: 'GET', path: '/' }, { 'x-note': '  two   words ' });
    expect(reasonOf(verify({ method: 'GET', path: '/', headers: { ...headers, 'x-note': 'two   words' } }))).toBe('ok');
  });
});

describe('what is refused', () => {
  const parts = { method: 'POST', path: '/dev/payouts', body: '{"amount":1}' };

  test.each([
    ['another body', { body: '{"amount":2}' }],
    ['another path', { path: '/dev/payouts/x' }],
    ['a query that was not signed', { path: '/dev/payouts?limit=1' }],
    ['another method', { method: 'PUT' }],
  ])('%s fails the signature', async (_name, change) => {
    const headers = await signed(parts);
    expect(reasonOf(verify({ ...parts, headers, ...change }))).toBe('signature');
  });

  test('a signed header that was changed fails the signature', async () => {
    const headers = await signed(parts, { 'idempotency-key': 'a' });
    expect(reasonOf(verify({ ...parts, headers: { ...headers, 'idempotency-key': 'b' } }))).toBe('signature');
  });

  test('a wrong secret fails the signature, an unknown key is named so', async () => {
    const wrong = await signed({ ...parts, secret: 'guess' });
    expect(reasonOf(verify({ ...parts, headers: wrong }))).toBe('signature');
    const headers = await signed(parts);
    headers.authorization = headers.authorization?.replace('Credential=local/', 'Credential=AKIANOBODY/') ?? '';
    expect(reasonOf(verify({ ...parts, headers }))).toBe('unknown-key');
  });

  test('an unsigned payload fails, whatever x-amz-content-sha256 says', async () => {
    const headers = await signed(parts, { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' });
    expect(reasonOf(verify({ ...parts, headers }))).toBe('signature');
  });

  test('a scope of another service or region fails', async () => {
    const headers = await signed(parts);
    const request = { ...parts, body: Buffer.from(parts.body), headers };
    expect(reasonOf(verifySigV4(request, store, { service: 'states', nowMs: NOW_MS }))).toBe('signature');
    headers.authorization = headers.authorization?.replace('ap-southeast-2', 'us-east-1') ?? '';
    expect(reasonOf(verify({ ...parts, headers }))).toBe('signature');
  });

  test('no Authorization header is missing, garbage in it is malformed', async () => {
    const headers = await signed(parts);
    expect(reasonOf(verify({ ...parts, headers: { ...headers, authorization: undefined } }))).toBe('missing');
    expect(reasonOf(verify({ ...parts, headers: { ...headers, authorization: 'Bearer x' } }))).toBe('malformed');
    expect(reasonOf(verify({ ...parts, headers: { ...headers, 'x-amz-date': 'today' } }))).toBe('malformed');
    const authorization = headers.authorization?.replace(/SignedHeaders=[^,]*/, 'SignedHeaders=x-amz-date') ?? '';
    expect(reasonOf(verify({ ...parts, headers: { ...headers, authorization } }))).toBe('malformed');
  });
});

describe('the date', () => {
  const MINUTE_MS = 60_000;
  const parts = { method: 'GET', path: '/dev/payouts' };

  test.each([
    [5 * MINUTE_MS, 'ok'],
    [-5 * MINUTE_MS, 'ok'],
    [5 * MINUTE_MS + 1000, 'expired'],
    [-5 * MINUTE_MS - 1000, 'expired'],
  ])('a clock %d ms ahead of the signer gives %s', async (aheadMs, expected) => {
    expect(reasonOf(verify({ ...parts, headers: await signed(parts) }, NOW_MS + aheadMs))).toBe(expected);
  });

  test('may be near real time or near the local clock, and need not be near both', async () => {
    const request = { ...parts, headers: await signed(parts), body: Buffer.alloc(0) };
    const options = { service: 'execute-api' };
    const days = 86_400_000;
    const movedClock = verifySigV4(request, store, { ...options, nowMs: NOW_MS + days, realNowMs: NOW_MS });
    const movedSigner = verifySigV4(request, store, { ...options, nowMs: NOW_MS, realNowMs: NOW_MS - days });
    expect([reasonOf(movedClock), reasonOf(movedSigner)]).toEqual(['ok', 'ok']);
  });
});

/** The suite promises to run with Node and npm alone. */
const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe.skipIf(!hasCurl)('curl --aws-sigv4', () => {
  const seen: string[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const request = {
        method: req.method ?? '',
        path: req.url ?? '',
        headers: req.headers,
        body: Buffer.concat(chunks),
      };
      seen.push(String(req.headers.authorization));
      res.end(reasonOf(verifySigV4(request, store, { service: 'execute-api', nowMs: Date.now() })));
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void server.close());

  async function curl(path: string, ...options: string[]): Promise<string> {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const sigv4 = ['--aws-sigv4', 'aws:amz:ap-southeast-2:execute-api'];
    return (await run('curl', ['-s', ...sigv4, ...options, url])).stdout;
  }
  const ROOT = ['--user', 'local:local'];

  test.each([
    ['a GET', '/dev/payouts/txn-1', []],
    ['a sorted query', '/dev/payouts?customer_id=c&limit=2', []],
    ['an unsorted query with encoded characters', '/dev/payouts?limit=2&customer_id=c%3D%20&cursor=a:b', []],
    ['a path with encoded characters', '/dev/payouts/txn%3A1', []],
    [
      'a POST with a body and headers',
      '/dev/payouts',
      ['-d', '{"amount":1.5}', '-H', 'Content-Type: application/json'],
    ],
    ['a POST with an empty body', '/dev/payouts', ['-X', 'POST', '-H', 'Idempotency-Key: a-key']],
  ])('signs %s acceptably', async (_name, path, options) => {
    expect(await curl(path, ...ROOT, ...options)).toBe('ok');
  });

  test('with a wrong secret is refused', async () => {
    expect(await curl('/dev/payouts', '--user', 'local:guess')).toBe('signature');
  });
});
