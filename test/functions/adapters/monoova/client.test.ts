import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../../domain/errors.ts';
import { toCents } from '../../../../domain/money.ts';
import { createMonoova, type MonoovaDeps } from '../../../../functions/adapters/monoova/client.ts';
import { exchangeOverHttp } from '../../../../functions/adapters/monoova/http-exchange.ts';
import type { ReadApiKey } from '../../../../functions/adapters/secrets.ts';
import { REFERENCE } from '../../../builders/payout.ts';
import { DESTINATION } from '../../../fakes/world.ts';
import { answering, startServer } from './scripted-server.ts';

/** No deadline that a test could meet. */
const LATE_MS = Number.MAX_SAFE_INTEGER;

let server: Awaited<ReturnType<typeof startServer>>;
let nowMs = 0;
let apiKey = 'key-one';
const reads: boolean[] = [];

beforeAll(async () => {
  server = await startServer(answering(200, ''));
});
beforeEach(() => {
  nowMs = 0;
  apiKey = 'key-one';
  reads.length = 0;
});
afterAll(() => server.stop());

const readApiKey: ReadApiKey = async (options) => {
  reads.push(options?.isFresh ?? false);
  return { apiKey, environment: 'sandbox', baseUrl: server.url };
};

const open = (deps: Partial<MonoovaDeps> = {}) => opened(deps).connect();
const opened = (deps: Partial<MonoovaDeps> = {}) =>
  createMonoova({
    readApiKey,
    exchange: exchangeOverHttp,
    nowMs: () => nowMs,
    remitter: { name: 'Us', mAccountToken: '' },
    postTimeoutMs: 300,
    lookupTimeoutMs: 200,
    ...deps,
  });
const instruction = { uniqueReference: REFERENCE, amountCents: toCents(100), destination: DESTINATION };

describe('a payment', () => {
  it('is one POST with the key as user name and no password', async () => {
    server.plays(answering(200, { status: 'Ok', transactionId: 5, callerUniqueReference: REFERENCE }));
    const result = await (await open()).execute(instruction, LATE_MS);
    expect(result).toEqual({ kind: 'accepted', code: 'Ok', monoovaTransactionId: 5 });
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      path: '/financial/v2/transaction/execute',
      headers: {
        authorization: `Basic ${Buffer.from('key-one:').toString('base64')}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
    });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({ uniqueReference: REFERENCE, totalAmount: 1 });
  });

  it('is sent once, whatever becomes of it', async () => {
    for (const script of [
      answering(503, ''),
      answering(421, ''),
      answering(307, '', { Location: server.url }),
      () => {},
    ]) {
      server.plays(script);
      expect(await (await open()).execute(instruction, LATE_MS)).toMatchObject({ kind: 'unanswered' });
      expect(server.seen).toHaveLength(1);
    }
  });

  it('is declined in words without the payee or the key', async () => {
    const said = 'jane@example.com (JANE CITIZEN) cannot be paid with KEY-ONE';
    server.plays(answering(400, { status: 'ValidationFailed', statusDescription: said, transactionId: 0 }));
    expect(await (await open()).execute(instruction, LATE_MS)).toEqual({
      kind: 'declined',
      code: 'ValidationFailed',
      detail: '*** (***) cannot be paid with ***',
    });
  });

  it('is not sent where the key cannot be had', async () => {
    server.plays(answering(200, ''));
    const failing = open({ readApiKey: () => Promise.reject(new ConfigurationError('no key')) });
    await expect(failing).rejects.toThrow(ConfigurationError);
    expect(server.seen).toEqual([]);
  });
});

describe('a look-up', () => {
  it('is one GET by reference', async () => {
    server.plays(answering(200, { status: 'Ok', transactionStatus: 'Complete', uniqueReference: 'a/b?c' }));
    expect(await (await open()).lookUp('a/b?c')).toEqual({ kind: 'completed', detail: 'Complete' });
    expect(server.seen).toMatchObject([{ method: 'GET', path: '/financial/v2/status/a%2Fb%3Fc', body: '' }]);
  });
});

describe('a line', () => {
  it('shows the one key that it was opened with, and names it by a fingerprint that is no key', async () => {
    server.plays(answering(200, { status: 'Ok', transactionStatus: 'Pending', uniqueReference: REFERENCE }));
    const line = await open();
    apiKey = 'key-two';
    await line.lookUp(REFERENCE);
    expect(server.seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('key-one:').toString('base64')}`);
    // printf %s key-one | sha256sum
    expect(line.key).toBe('9b346041bc9a4957');
    expect((await open()).key).not.toBe(line.key);
  });

  it('shows the new key once the old one was exchanged, in a process that goes on', async () => {
    const monoova = opened();
    const before = await monoova.connect();
    apiKey = 'key-two';
    const after = await monoova.connect();
    server.plays(answering(200, { status: 'Ok' }));
    await after.lookUp(REFERENCE);
    expect(after.key).not.toBe(before.key);
    const authorization = `Basic ${Buffer.from('key-two:').toString('base64')}`;
    expect(server.seen.at(-1)).toMatchObject({ headers: { authorization } });
  });

  it('is opened with the secret of now where that is asked for', async () => {
    await opened().connect({ isFresh: true });
    await opened().connect();
    expect(reads).toEqual([true, false]);
  });

  it('begins no POST when it is too late', async () => {
    server.plays(answering(200, ''));
    nowMs = 1000;
    expect(await (await open()).execute(instruction, 1000)).toEqual({ kind: 'unsent', detail: 'past the deadline' });
    expect(server.seen).toEqual([]);
  });
});
