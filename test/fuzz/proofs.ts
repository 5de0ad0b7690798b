import { type KeyObject, randomBytes, verify } from 'node:crypto';
import fc, { type Arbitrary } from 'fast-check';
import { BEARER } from '../support/webhooks.ts';
import type { Header } from './headers.ts';
import { inLatin1 } from './headers.ts';
import { STRANGERS_TOKEN } from './payee.ts';

/** How a webhook is signed. */
export type Signer = { genuinely(body: Buffer): Promise<string>; asStranger(body: Buffer): string };

export type ProofPlan = {
  readonly what: string;
  readonly headers: (body: Buffer, signer: Signer) => Promise<readonly Header[]>;
};

const TOKEN = BEARER.slice('Bearer '.length);

const bearerName = fc.constantFrom('Authorization', 'authorization', 'AUTHORIZATION');
const signatureName = fc.constantFrom('Verification-Signature', 'verification-signature');

const named = (change: (headers: { bearer: string; signature: string }) => ProofPlan): Arbitrary<ProofPlan> =>
  fc.record({ bearer: bearerName, signature: signatureName }).map(change);

const signed = named(({ bearer, signature }) => ({
  what: 'signed, and the bearer',
  headers: async (body, signer) => [
    [bearer, BEARER],
    [signature, await signer.genuinely(body)],
  ],
}));

/** Enough in stage dev, which the local run is. */
const bearerAlone = named(({ bearer }) => ({ what: 'the bearer alone', headers: async () => [[bearer, BEARER]] }));

const WRONG_BEARERS = [
  ...['', 'Bearer', 'Bearer ', TOKEN, `bearer ${TOKEN}`, `Basic ${TOKEN}`, `Bearer  ${TOKEN}`, `Bearer ${TOKEN}s`],
  ...[`Bearer ${TOKEN.slice(0, -1)}`, `Bearer ${TOKEN.toUpperCase()}`, `Bearer ${TOKEN}, Bearer ${TOKEN}`],
  ...[
    `Bearer ${STRANGERS_TOKEN}`,
    `Basic ${Buffer.from(`${STRANGERS_TOKEN}:`).toString('base64')}`,
    'Bearer undefined',
  ],
  ...['Bearer null', 'Bearer *', `Bearer ${inLatin1('lοcal-webhook-token')}`, `Bearer ${'x'.repeat(4_000)}`],
  `AWS4-HMAC-SHA256 Credential=local/20261123/ap-southeast-2/execute-api/aws4_request, Signature=${'0'.repeat(64)}`,
];

const wrongBearer = fc.record({ name: bearerName, value: fc.constantFrom(...WRONG_BEARERS) }).map(
  ({ name, value }): ProofPlan => ({
    what: 'another bearer',
    headers: async (body, signer) => [
      [name, value],
      ['Verification-Signature', await signer.genuinely(body)],
    ],
  }),
);

const noBearer = fc.constant<ProofPlan>({
  what: 'no bearer',
  headers: async (body, signer) => [['Verification-Signature', await signer.genuinely(body)]],
});

const twoBearers = fc.constantFrom(BEARER, `Bearer ${STRANGERS_TOKEN}`).map(
  (second): ProofPlan => ({
    what: 'two bearers',
    headers: async (body, signer) => [
      ['Authorization', BEARER],
      ['authorization', second],
      ['Verification-Signature', await signer.genuinely(body)],
    ],
  }),
);

type Forged = (body: Buffer, signer: Signer) => Promise<string> | string;

const FORGERIES: Readonly<Record<string, Forged>> = {
  'a signature of a stranger': (body, signer) => signer.asStranger(body),
  'a signature of another body': (body, signer) => signer.genuinely(Buffer.concat([body, Buffer.from(' ')])),
  'no base64': () => '!'.repeat(344),
  'an empty signature': () => '',
  'a short signature': async (body, signer) => (await signer.genuinely(body)).slice(0, 340),
  'a long signature': async (body, signer) => (await signer.genuinely(body)).padStart(9_000, 'A'),
  'a signature in hex': async (body, signer) => Buffer.from(await signer.genuinely(body), 'base64').toString('hex'),
  'random bytes': () => randomBytes(256).toString('base64'),
};

const forged = fc.constantFrom(...Object.entries(FORGERIES)).map(
  ([what, forge]): ProofPlan => ({
    what,
    headers: async (body, signer) => [
      ['Authorization', BEARER],
      ['Verification-Signature', await forge(body, signer)],
    ],
  }),
);

const flippedBit = fc.nat({ max: 2_047 }).map(
  (bit): ProofPlan => ({
    what: 'a flipped bit in the signature',
    headers: async (body, signer) => {
      const signature = Buffer.from(await signer.genuinely(body), 'base64');
      signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return [
        ['Authorization', BEARER],
        ['Verification-Signature', signature.toString('base64')],
      ];
    },
  }),
);

const twoSignatures = fc.constant<ProofPlan>({
  what: 'two signatures',
  headers: async (body, signer) => [
    ['Authorization', BEARER],
    ['Verification-Signature', await signer.genuinely(body)],
    ['Verification-Signature', signer.asStranger(body)],
  ],
});

export const proof: Arbitrary<ProofPlan> = fc.oneof(
  { arbitrary: signed, weight: 8 },
  { arbitrary: bearerAlone, weight: 3 },
  { arbitrary: wrongBearer, weight: 3 },
  { arbitrary: noBearer, weight: 1 },
  { arbitrary: twoBearers, weight: 1 },
  { arbitrary: forged, weight: 2 },
  { arbitrary: flippedBit, weight: 2 },
  { arbitrary: twoSignatures, weight: 1 },
);

export type Proven = 'signed' | 'bearer alone' | 'not proven' | 'signed, not UTF-8';

/**
 * What a webhook proves, worked out again from what is sent and not from how it was meant. API Gateway hands a body on as text, so what
 * is signed over bytes that are no UTF-8 cannot be proven there (docs/local-run.md).
 */
export function provenBy(headers: readonly Header[], body: Buffer, key: KeyObject): Proven {
  const valuesOf = (name: string) =>
    headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value.trim());
  const [bearer, ...moreBearers] = valuesOf('authorization');
  const [signature, ...moreSignatures] = valuesOf('verification-signature');
  if (bearer !== BEARER || moreBearers.length > 0) return 'not proven';
  if (signature === undefined) return 'bearer alone';
  if (moreSignatures.length > 0 || !verify('sha256', body, key, Buffer.from(signature, 'base64'))) return 'not proven';
  return Buffer.from(body.toString('utf8')).equals(body) ? 'signed' : 'signed, not UTF-8';
}
