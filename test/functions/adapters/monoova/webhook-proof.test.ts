import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exchangeOverHttp } from '../../../../functions/adapters/monoova/http-exchange.ts';
import {
  createSigningKeys,
  type KeyMemory,
  SigningKeyUnavailableError,
} from '../../../../functions/adapters/monoova/signing-keys.ts';
import { createWebhookProof, type ProofMode } from '../../../../functions/adapters/monoova/webhook-proof.ts';
import { createFakeKeyMemory } from '../../../fakes/key-memory.ts';
import { answering, startServer } from './scripted-server.ts';

type Pair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };

const newPair = (modulusLength = 2048): Pair => generateKeyPairSync('rsa', { modulusLength });
const hexOf = ({ publicKey }: Pair) => publicKey.export({ type: 'pkcs1', format: 'der' }).toString('hex').toUpperCase();
const signedBy = ({ privateKey }: Pair, body: Buffer) => sign('sha256', body, privateKey).toString('base64');

function flipped(bytes: Buffer, bit: number): Buffer<ArrayBuffer> {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
}

const BODY = Buffer.from('{"UniqueReference":"é"}', 'utf8');
const BEARER = 'Bearer token-one';
const first = newPair();
const second = newPair();

let server: Awaited<ReturnType<typeof startServer>>;
let nowMs = 0;
let tokens = ['token-one'];
/** What the secret's cache still holds, where that is not the secret itself. */
let cached: string[] | undefined;
let freshReads = 0;
let warnings: string[] = [];

beforeAll(async () => {
  server = await startServer(answering(200, ''));
});
beforeEach(() => {
  nowMs = 0;
  tokens = ['token-one'];
  cached = undefined;
  freshReads = 0;
  warnings = [];
  server.plays(answering(200, hexOf(first)));
});
afterAll(() => server.stop());

function open(mode: ProofMode = 'signature-and-bearer', memory: KeyMemory = createFakeKeyMemory()) {
  const keys = createSigningKeys({
    exchange: exchangeOverHttp,
    nowMs: () => nowMs,
    log: { warn: (message) => void warnings.push(message) },
    memory,
  });
  const readSecret = async ({ isFresh } = { isFresh: false }) => {
    if (isFresh) freshReads += 1;
    return { tokens: isFresh ? tokens : (cached ?? tokens), baseUrl: server.url };
  };
  const prove = createWebhookProof({ readSecret, keys, mode, nowMs: () => nowMs });
  return async (authorization: string | undefined, signature?: string, body = BODY) => {
    const proof = await prove({ authorization, signature }, body);
    return proof.isProven ? 'proven' : proof.reason;
  };
}

describe('the bearer', () => {
  it('is the agreed token, old or new while it is exchanged', async () => {
    const prove = open('bearer');
    expect(await prove(BEARER)).toBe('proven');
    tokens = ['token-two', 'token-one'];
    expect(await prove(BEARER)).toBe('proven');
    expect(await prove('Bearer token-two')).toBe('proven');
    tokens = ['token-two'];
    expect(await prove(BEARER)).toBe('bearer wrong');
  });

  it('is found as soon as it is rotated in, without a stranger reading the secret more than every 20 seconds', async () => {
    const prove = open('bearer');
    cached = ['token-one'];
    for (let time = 0; time < 5; time++) expect(await prove('Bearer token-two')).toBe('bearer wrong');
    expect(freshReads).toBe(1);
    tokens = ['token-two', 'token-one'];
    nowMs = 20_000;
    expect(await prove('Bearer token-two')).toBe('proven');
    expect(await prove(BEARER)).toBe('proven');
    expect(freshReads).toBe(2);
  });

  it('has the scheme that was registered with it', async () => {
    tokens = ['Basic dXNlcjpwYXNz'];
    expect(await open('bearer')('Basic dXNlcjpwYXNz')).toBe('proven');
    expect(await open('bearer')('Bearer dXNlcjpwYXNz')).toBe('bearer wrong');
  });

  it.each([
    '',
    'token-one',
    'Bearer',
    'Bearer ',
    'Bearer token-on',
    'Bearer token-one ',
    'Bearer token-ones',
    'Basic token-one',
  ])('is nothing else: %j', async (authorization) => {
    expect(await open('bearer')(authorization)).toBe('bearer wrong');
  });

  it('comes before the signature: a stranger cannot make us ask Monoova for its key', async () => {
    expect(await open()(undefined, signedBy(first, BODY))).toBe('bearer missing');
    expect(await open()('Bearer x', signedBy(first, BODY))).toBe('bearer wrong');
    expect(server.seen).toEqual([]);
  });
});

describe('the signature', () => {
  it('is over the exact bytes, with the key that Monoova publishes', async () => {
    const prove = open();
    expect(await prove(BEARER, signedBy(first, BODY))).toBe('proven');
    expect(await prove(BEARER, signedBy(first, BODY), Buffer.concat([BODY, Buffer.from('\n')]))).toBe(
      'signature wrong',
    );
    expect(server.seen[0]).toMatchObject({ method: 'GET', path: '/public/v1/certificate/public-key' });
    expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  });

  it('is one that openssl makes, and no longer with one bit flipped, be it of the body or of the signature', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'proof-'));
    const [key, body, signature] = ['key.pem', 'body.json', 'signature'].map((name) => join(folder, name));
    if (key === undefined || body === undefined || signature === undefined) throw new Error('three names');
    writeFileSync(key, first.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(body, BODY);
    execFileSync('openssl', ['dgst', '-sha256', '-sign', key, '-out', signature, body]);
    const made = readFileSync(signature);
    rmSync(folder, { recursive: true });
    const prove = open();
    expect(await prove(BEARER, made.toString('base64'))).toBe('proven');
    for (let bit = 0; bit < BODY.length * 8; bit++) {
      expect(await prove(BEARER, made.toString('base64'), flipped(BODY, bit)), `bit ${bit}`).toBe('signature wrong');
    }
    for (let bit = 0; bit < made.length * 8; bit++) {
      expect(await prove(BEARER, flipped(made, bit).toString('base64')), `bit ${bit}`).toBe('signature wrong');
    }
  });

  it.each(['', 'nonsense', '!!', 'A'.repeat(344), 'A'.repeat(5_000)])('is nothing else: %s', async (signature) => {
    expect(await open()(BEARER, signature)).toBe('signature wrong');
    expect(await open('bearer')(BEARER, signature)).toBe('signature wrong');
  });

  it('has to be there, unless the bearer is enough for the stage', async () => {
    expect(await open()(BEARER)).toBe('signature missing');
    expect(await open('bearer')(BEARER)).toBe('proven');
    expect(server.seen).toEqual([]);
  });

  it('is refused with another padding or hash', async () => {
    const other = sign('sha512', BODY, first.privateKey).toString('base64');
    const pss = sign('sha256', BODY, { key: first.privateKey, padding: 6, saltLength: 32 }).toString('base64');
    expect(await open()(BEARER, other)).toBe('signature wrong');
    expect(await open()(BEARER, pss)).toBe('signature wrong');
  });
});

describe("Monoova's key", () => {
  it('is asked for once, and again at most every 20 seconds when a signature fails', async () => {
    const prove = open();
    const forged = signedBy(second, BODY);
    for (let time = 0; time < 5; time++) expect(await prove(BEARER, forged)).toBe('signature wrong');
    expect(server.seen).toHaveLength(1);
    nowMs = 20_000;
    for (let time = 0; time < 5; time++) expect(await prove(BEARER, forged)).toBe('signature wrong');
    expect(server.seen).toHaveLength(2);
  });

  it('changes without a webhook lost: the new one is found, and the old one stays valid for a day', async () => {
    const prove = open();
    expect(await prove(BEARER, signedBy(first, BODY))).toBe('proven');
    nowMs = 20_000;
    server.plays(answering(200, hexOf(second)));
    expect(await prove(BEARER, signedBy(second, BODY))).toBe('proven');
    expect(await prove(BEARER, signedBy(first, BODY))).toBe('proven');
    nowMs += 86_400_000;
    expect(await prove(BEARER, signedBy(first, BODY))).toBe('signature wrong');
    expect(await prove(BEARER, signedBy(second, BODY))).toBe('proven');
  });

  it.each([
    ['no answer', answering(500, '')],
    ['no key', answering(200, 'nonsense')],
    ['no RSA key', answering(200, 'ab'.repeat(300))],
    ['a short key', answering(200, hexOf(newPair(1024)))],
    ['a redirect', answering(302, '', { Location: '/elsewhere' })],
  ])('that cannot be had refutes nothing (%s), and is asked for again soon', async (_, script) => {
    server.plays(script);
    const prove = open();
    await expect(prove(BEARER, signedBy(first, BODY))).rejects.toThrow(SigningKeyUnavailableError);
    await expect(prove(BEARER, signedBy(first, BODY))).rejects.toThrow(SigningKeyUnavailableError);
    expect(server.seen).toHaveLength(1);
    nowMs = 5_000;
    server.plays(answering(200, `\n${hexOf(first).toLowerCase()}\n`));
    expect(await prove(BEARER, signedBy(first, BODY))).toBe('proven');
  });
});

describe('an environment that starts after others', () => {
  it('believes the key of before a change for as long as they do', async () => {
    const memory = createFakeKeyMemory();
    expect(await open(undefined, memory)(BEARER, signedBy(first, BODY))).toBe('proven');
    nowMs = 20_000;
    server.plays(answering(200, hexOf(second)));
    expect(await open(undefined, memory)(BEARER, signedBy(first, BODY))).toBe('proven');
    expect(await open(undefined, memory)(BEARER, signedBy(second, BODY))).toBe('proven');
    nowMs += 86_400_000;
    expect(await open(undefined, memory)(BEARER, signedBy(first, BODY))).toBe('signature wrong');
    expect(await open(undefined, memory)(BEARER, signedBy(second, BODY))).toBe('proven');
  });

  it('needs no Monoova to know the key', async () => {
    const memory = createFakeKeyMemory();
    expect(await open(undefined, memory)(BEARER, signedBy(first, BODY))).toBe('proven');
    server.plays(answering(500, ''));
    expect(await open(undefined, memory)(BEARER, signedBy(first, BODY))).toBe('proven');
    expect(await open(undefined, memory)(BEARER, signedBy(second, BODY))).toBe('signature wrong');
  });

  it('learns nothing of what was forged, and nothing of another Monoova', async () => {
    const memory = createFakeKeyMemory();
    expect(await open(undefined, memory)(BEARER, signedBy(second, BODY))).toBe('signature wrong');
    expect(memory.kept.size).toBe(0);
    memory.kept.set('https://another.example', { current: hexOf(second) });
    expect(await open(undefined, memory)(BEARER, signedBy(second, BODY))).toBe('signature wrong');
  });

  it.each<[string, Partial<KeyMemory>]>([
    ['recall, and then does not keep it either', { recall: () => Promise.reject(new Error('away')) }],
    ['keep, and tries it once', { keep: () => Promise.reject(new Error('away')) }],
  ])('goes on with what it cannot %s', async (_, failing) => {
    const memory = createFakeKeyMemory();
    const prove = open(undefined, { ...memory, ...failing });
    for (let time = 0; time < 3; time++) expect(await prove(BEARER, signedBy(first, BODY))).toBe('proven');
    expect([memory.kept.size, warnings.length]).toEqual([0, 1]);
  });
});
