import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exchangeOverHttp, type HttpRequest } from '../../../../functions/adapters/monoova/http-exchange.ts';
import { answering, startServer } from './scripted-server.ts';

let server: Awaited<ReturnType<typeof startServer>>;

beforeAll(async () => {
  server = await startServer(answering(200, '{}'));
});
beforeEach(() => server.plays(answering(200, '{}')));
afterAll(() => server.stop());

const post = (fields: Partial<HttpRequest> = {}) =>
  exchangeOverHttp({
    method: 'POST',
    url: `${server.url}/pay`,
    headers: {},
    body: '{"a":"é"}',
    timeoutMs: 2_000,
    ...fields,
  });

describe('one exchange', () => {
  it('sends the request as it is, and gives back the whole answer', async () => {
    server.plays(answering(201, '{"said":"ä"}', { 'Retry-After': '7' }));
    const outcome = await post({ headers: { 'X-Mark': 'yes' } });
    expect(outcome).toMatchObject({ kind: 'answer', status: 201, body: '{"said":"ä"}' });
    expect(outcome).toHaveProperty('headers.retry-after', '7');
    expect(server.seen).toEqual([expect.objectContaining({ method: 'POST', path: '/pay', body: '{"a":"é"}' })]);
    expect(server.seen[0]?.headers).toMatchObject({ 'content-length': '10', 'x-mark': 'yes' });
  });

  it('opens a connection of its own for each request, so that none has died while nobody looked', async () => {
    await post();
    await post();
    await post({ method: 'GET', body: '' });
    expect(server.connections()).toBe(3);
    expect(server.seen.map(({ headers }) => headers['connection'])).toEqual(['close', 'close', 'close']);
  });

  it.each([301, 302, 307, 308])('does not follow a redirect (%i)', async (status) => {
    server.plays(answering(status, 'elsewhere', { Location: `${server.url}/elsewhere` }));
    expect(await post()).toMatchObject({ kind: 'answer', status });
    expect(server.seen).toHaveLength(1);
  });

  it.each([401, 407, 408, 421, 425, 429, 500, 503])('does not send a second time after %i', async (status) => {
    server.plays(answering(status, 'no', { 'WWW-Authenticate': 'Basic', 'Retry-After': '0' }));
    expect(await post()).toMatchObject({ kind: 'answer', status });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a failure before the request has left', () => {
  it('is told for a refused connection', async () => {
    const free = await startServer(answering(200, ''));
    await free.stop();
    expect(await post({ url: free.url })).toEqual({ kind: 'failure', phase: 'connecting', code: 'ECONNREFUSED' });
  });

  it('is told for a name that does not resolve', async () => {
    const outcome = await post({ url: 'http://no-such-host.invalid/' });
    expect(outcome).toMatchObject({ kind: 'failure', phase: 'connecting' });
    expect(outcome).toHaveProperty('code', expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/));
  });

  it('is told when no connection comes about in time', async () => {
    // The TLS handshake that the client waits for never comes.
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const address = mute.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const outcome = await post({ url: `https://127.0.0.1:${port}/`, timeoutMs: 100 });
    mute.close();
    expect(outcome).toEqual({ kind: 'failure', phase: 'connecting', code: 'TIMEOUT' });
  });
});

describe('a failure after the request has left', () => {
  const cases = [
    ['a reset', 'ECONNRESET', (_, request) => request.socket.resetAndDestroy()],
    ['a closed connection', 'ECONNRESET', (_, request) => request.socket.destroy()],
    ['an answer that is no HTTP', 'HPE_INVALID_CONSTANT', (_, request) => request.socket.end('nonsense\r\n\r\n')],
    ['silence', 'TIMEOUT', () => {}],
    [
      'a body that stops half way',
      'BROKEN_OFF',
      (response, request) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('half', () => request.socket.destroy());
      },
    ],
    [
      'a body that never ends',
      'TIMEOUT',
      (response) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('half');
      },
    ],
    ['a body that is too large', 'BODY_TOO_LARGE', (response) => response.end('x'.repeat(64 * 1024 + 1))],
  ] satisfies [string, string, Parameters<typeof startServer>[0]][];

  it.each(cases)('may have been received: %s', async (_, code, script) => {
    server.plays(script);
    expect(await post({ timeoutMs: 300 })).toEqual({ kind: 'failure', phase: 'sent', code });
    expect(server.seen).toHaveLength(1);
  });
});

describe('over TLS', () => {
  let folder: string;
  let secure: Awaited<ReturnType<typeof startServer>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'exchange-'));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes', '-newkey', 'ec', '-pkeyopt'];
    const curve = 'ec_paramgen_curve:prime256v1';
    execFileSync('openssl', ['req', '-x509', ...subject, curve, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    secure = await startServer(answering(200, '{}'), {
      key: readFileSync(key, 'utf8'),
      cert: readFileSync(cert, 'utf8'),
    });
  });
  afterAll(async () => {
    await secure.stop();
    rmSync(folder, { recursive: true });
  });

  it('sends nothing to a server whose certificate nobody vouches for', async () => {
    const outcome = await post({ url: secure.url });
    expect(outcome).toEqual({ kind: 'failure', phase: 'connecting', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(secure.seen).toEqual([]);
  });
});
