import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { HttpOutcome } from '../../functions/adapters/monoova/http-exchange.ts';
import { createSigningKeys, type RememberedKeys } from '../../functions/adapters/monoova/signing-keys.ts';
import { createWebhookProof, type Proof, type ProofMode } from '../../functions/adapters/monoova/webhook-proof.ts';

/**
 * What proves a webhook, step by step in one environment: which tokens and keys are valid at which moment, how often strangers make us
 * read the secret or call Monoova, and which keys are remembered. As the design says it (decisions 6, 53 and 54).
 */

const BASE_URL = 'https://api.m-pay.com.au';
const BODY = Buffer.from('{"Status":"Payment Successful"}');
const DAY_MS = 86_400_000;

type Key = { readonly hex: string; readonly privateKey: KeyObject };
const keyOf = (modulusLength: number): Key => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return { hex: publicKey.export({ type: 'pkcs1', format: 'der' }).toString('hex'), privateKey };
};
/** One for the process: a pair takes a tenth of a second to make. */
let pairs: Readonly<Record<'a' | 'b' | 'c' | 'weak', Key>> | undefined;
const keys = () => {
  pairs ??= { a: keyOf(2_048), b: keyOf(2_048), c: keyOf(2_048), weak: keyOf(1_024) };
  return pairs;
};
type KeyName = keyof ReturnType<typeof keys>;

type Published = KeyName | 'nothing' | 'garbage' | 'a, but with 503' | 'a, and more' | 'no answer';
type Told = 'proven' | Extract<Proof, { isProven: false }>['reason'] | 'not known';

type Step = {
  /** Milliseconds since the first. */
  readonly atMs: number;
  /** Absent: the same as before. */
  readonly published?: Published;
  readonly tokens?: readonly string[];
  /** The whole header; null for none. Default: that of the token `one`. */
  readonly authorization?: string | null;
  /** Whose signature it bears; `none`, `empty` and `long` are what they say. */
  readonly signed: KeyName | 'none' | 'empty';
  readonly comesTo: Told;
  /** So far in all. */
  readonly calls: number;
  readonly freshReads?: number;
  readonly keeps?: number;
};
type Scenario = {
  readonly name: string;
  readonly mode?: ProofMode;
  readonly remembered?: { readonly current: KeyName; readonly previous?: KeyName; readonly untilMs?: number };
  readonly memory?: 'cannot be read' | 'cannot be written';
  readonly steps: readonly Step[];
  /** What is remembered at the end. */
  readonly keeps?: { readonly current: KeyName; readonly previous?: KeyName; readonly untilMs?: number };
};

const [SECRET_AGAIN_MS, KEY_AGAIN_MS, KEY_AGAIN_AFTER_FAILURE_MS] = [20_000, 20_000, 5_000];

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'signed and with the token',
    steps: [
      { atMs: 0, published: 'a', signed: 'a', comesTo: 'proven', calls: 1, keeps: 1 },
      { atMs: 1, signed: 'a', comesTo: 'proven', calls: 1, keeps: 1 },
      { atMs: DAY_MS, signed: 'a', comesTo: 'proven', calls: 1, keeps: 1, freshReads: 0 },
    ],
    keeps: { current: 'a' },
  },
  {
    name: 'without one of the two',
    steps: [
      { atMs: 0, published: 'a', signed: 'none', comesTo: 'signature missing', calls: 0, freshReads: 0 },
      { atMs: 1, authorization: null, signed: 'a', comesTo: 'bearer missing', calls: 0, freshReads: 0 },
      { atMs: 2, signed: 'empty', comesTo: 'signature wrong', calls: 1, keeps: 0 },
    ],
  },
  {
    name: 'where the token alone is enough',
    mode: 'bearer',
    steps: [
      { atMs: 0, published: 'a', signed: 'none', comesTo: 'proven', calls: 0, keeps: 0 },
      { atMs: 1, signed: 'b', comesTo: 'signature wrong', calls: 1, keeps: 0 },
      { atMs: 2, signed: 'a', comesTo: 'proven', calls: 1, keeps: 1 },
      { atMs: 3, authorization: 'Bearer two', signed: 'none', comesTo: 'bearer wrong', calls: 1 },
    ],
    keeps: { current: 'a' },
  },
  {
    name: 'strangers make us read the secret every 20 s at most, and never call Monoova',
    steps: [
      { atMs: 0, authorization: 'Bearer two', signed: 'a', comesTo: 'bearer wrong', calls: 0, freshReads: 1 },
      { atMs: 1, authorization: 'Bearer two', signed: 'a', comesTo: 'bearer wrong', calls: 0, freshReads: 1 },
      {
        atMs: SECRET_AGAIN_MS - 1,
        authorization: 'Bearer two',
        signed: 'a',
        comesTo: 'bearer wrong',
        calls: 0,
        freshReads: 1,
      },
      { atMs: SECRET_AGAIN_MS, authorization: 'one', signed: 'a', comesTo: 'bearer wrong', calls: 0, freshReads: 2 },
    ],
  },
  {
    name: 'a token that was rotated in',
    steps: [
      {
        atMs: 0,
        published: 'a',
        tokens: ['one', 'two'],
        authorization: 'Bearer two',
        signed: 'a',
        comesTo: 'proven',
        calls: 1,
        freshReads: 1,
      },
      { atMs: 1, signed: 'a', comesTo: 'proven', calls: 1, freshReads: 1 },
    ],
    keeps: { current: 'a' },
  },
  {
    name: 'a token with a type of its own',
    steps: [
      {
        atMs: 0,
        published: 'a',
        tokens: ['Basic three'],
        authorization: 'Basic three',
        signed: 'a',
        comesTo: 'proven',
        calls: 1,
        freshReads: 1,
      },
      { atMs: 1, authorization: 'Bearer Basic three', signed: 'a', comesTo: 'bearer wrong', calls: 1 },
    ],
    keeps: { current: 'a' },
  },
  {
    name: 'forgers make us call Monoova every 20 s at most, and nothing is remembered for them',
    steps: [
      { atMs: 0, published: 'a', signed: 'b', comesTo: 'signature wrong', calls: 1, keeps: 0 },
      { atMs: KEY_AGAIN_MS - 1, signed: 'b', comesTo: 'signature wrong', calls: 1, keeps: 0 },
      { atMs: KEY_AGAIN_MS, signed: 'b', comesTo: 'signature wrong', calls: 2, keeps: 0 },
      { atMs: KEY_AGAIN_MS + 1, signed: 'a', comesTo: 'proven', calls: 2, keeps: 1 },
      { atMs: 2 * KEY_AGAIN_MS, signed: 'b', comesTo: 'signature wrong', calls: 3, keeps: 1 },
      // The same key again is no change: there is no key before it.
      { atMs: 3 * KEY_AGAIN_MS, signed: 'c', comesTo: 'signature wrong', calls: 4, keeps: 1 },
    ],
    keeps: { current: 'a' },
  },
  {
    name: 'Monoova changes its key: what the old one signed counts for a day',
    steps: [
      { atMs: 0, published: 'a', signed: 'a', comesTo: 'proven', calls: 1, keeps: 1 },
      { atMs: DAY_MS, published: 'b', signed: 'b', comesTo: 'proven', calls: 2, keeps: 2 },
      { atMs: DAY_MS + 1, signed: 'c', comesTo: 'signature wrong', calls: 2, keeps: 2 },
      { atMs: 2 * DAY_MS - 1, signed: 'a', comesTo: 'proven', calls: 2, keeps: 2 },
      { atMs: 2 * DAY_MS, signed: 'a', comesTo: 'signature wrong', calls: 3, keeps: 2 },
      { atMs: 2 * DAY_MS + 1, signed: 'b', comesTo: 'proven', calls: 3, keeps: 2 },
    ],
    keeps: { current: 'b', previous: 'a', untilMs: 2 * DAY_MS },
  },
  {
    name: 'another key is published, and none of ours has signed it',
    steps: [
      { atMs: 0, published: 'a', signed: 'a', comesTo: 'proven', calls: 1, keeps: 1 },
      { atMs: DAY_MS, published: 'b', signed: 'c', comesTo: 'signature wrong', calls: 2, keeps: 1 },
      { atMs: DAY_MS + 1, signed: 'a', comesTo: 'proven', calls: 2, keeps: 2 },
    ],
    keeps: { current: 'b', previous: 'a', untilMs: 2 * DAY_MS },
  },
  {
    name: 'an environment that begins behind a change knows the key before it, until its time',
    remembered: { current: 'b', previous: 'a', untilMs: 1_000 },
    steps: [
      { atMs: 0, published: 'b', signed: 'a', comesTo: 'proven', calls: 1, keeps: 0 },
      { atMs: 999, signed: 'a', comesTo: 'proven', calls: 1, keeps: 0 },
      { atMs: 1_000, signed: 'a', comesTo: 'signature wrong', calls: 1, keeps: 0 },
      { atMs: 1_001, signed: 'b', comesTo: 'proven', calls: 1, keeps: 0 },
    ],
    keeps: { current: 'b', previous: 'a', untilMs: 1_000 },
  },
  {
    name: 'an environment that finds out about a change',
    remembered: { current: 'a' },
    steps: [
      { atMs: 0, published: 'b', signed: 'a', comesTo: 'proven', calls: 1, keeps: 1 },
      { atMs: DAY_MS, signed: 'a', comesTo: 'signature wrong', calls: 2, keeps: 1 },
    ],
    keeps: { current: 'b', previous: 'a', untilMs: DAY_MS },
  },
  ...(['nothing', 'garbage', 'weak', 'a, but with 503', 'a, and more', 'no answer'] as const).map(
    (published): Scenario => ({
      name: `where Monoova publishes: ${published}`,
      steps: [
        { atMs: 0, published, signed: published === 'weak' ? 'weak' : 'a', comesTo: 'not known', calls: 1, keeps: 0 },
        { atMs: KEY_AGAIN_AFTER_FAILURE_MS - 1, published: 'a', signed: 'a', comesTo: 'not known', calls: 1 },
        { atMs: KEY_AGAIN_AFTER_FAILURE_MS, signed: 'a', comesTo: 'proven', calls: 2, keeps: 1 },
      ],
      keeps: { current: 'a' },
    }),
  ),
  {
    name: 'where Monoova does not answer, and the key is remembered',
    remembered: { current: 'a' },
    steps: [
      { atMs: 0, published: 'no answer', signed: 'a', comesTo: 'proven', calls: 1, keeps: 0 },
      { atMs: 1, published: 'b', signed: 'b', comesTo: 'signature wrong', calls: 1, keeps: 0 },
      { atMs: KEY_AGAIN_AFTER_FAILURE_MS, signed: 'b', comesTo: 'proven', calls: 2, keeps: 1 },
      { atMs: KEY_AGAIN_AFTER_FAILURE_MS + 1, signed: 'a', comesTo: 'proven', calls: 2, keeps: 1 },
    ],
    keeps: { current: 'b', previous: 'a', untilMs: KEY_AGAIN_AFTER_FAILURE_MS + DAY_MS },
  },
  {
    name: 'where what is remembered cannot be read, nothing is written over it',
    memory: 'cannot be read',
    remembered: { current: 'b' },
    steps: [
      { atMs: 0, published: 'a', signed: 'a', comesTo: 'proven', calls: 1, keeps: 0 },
      { atMs: 1, signed: 'b', comesTo: 'signature wrong', calls: 1, keeps: 0 },
    ],
    keeps: { current: 'b' },
  },
  {
    name: 'where nothing can be remembered',
    memory: 'cannot be written',
    steps: [
      { atMs: 0, published: 'a', signed: 'a', comesTo: 'proven', calls: 1, keeps: 1 },
      { atMs: 1, signed: 'a', comesTo: 'proven', calls: 1, keeps: 1 },
    ],
  },
];

export type Proofs = { readonly steps: number; readonly broken: string | undefined };

/** Takes every step until something is broken, or to the end. */
export async function proveAll(): Promise<Proofs> {
  let steps = 0;
  for (const scenario of SCENARIOS) {
    steps += scenario.steps.length;
    const broken = await brokenIn(scenario);
    if (broken !== undefined) return { steps, broken: `${scenario.name}: ${broken}` };
  }
  return { steps, broken: undefined };
}

async function brokenIn(scenario: Scenario): Promise<string | undefined> {
  const { mode = 'signature-and-bearer', steps } = scenario;
  const now = { ms: 0, published: 'nothing' as Published, tokens: ['one'] as readonly string[] };
  const made = { calls: 0, freshReads: 0, keeps: 0 };
  let cached: readonly string[] = now.tokens;
  let remembered = rememberedOf(scenario.remembered);
  const signingKeys = createSigningKeys({
    exchange: async () => {
      made.calls += 1;
      return outcomeOf(now.published);
    },
    nowMs: () => now.ms,
    log: { warn: () => undefined },
    memory: {
      recall: async () => {
        if (scenario.memory === 'cannot be read') throw new Error('no');
        return remembered;
      },
      keep: async (_baseUrl, kept) => {
        made.keeps += 1;
        if (scenario.memory === 'cannot be written') throw new Error('no');
        remembered = kept;
      },
    },
  });
  const prove = createWebhookProof({
    readSecret: async ({ isFresh } = { isFresh: false }) => {
      if (isFresh) made.freshReads += 1;
      if (isFresh) cached = now.tokens;
      return { tokens: cached, baseUrl: BASE_URL };
    },
    keys: signingKeys,
    mode,
    nowMs: () => now.ms,
  });
  for (const [index, step] of steps.entries()) {
    now.ms = step.atMs;
    now.published = step.published ?? now.published;
    now.tokens = step.tokens ?? now.tokens;
    const authorization = step.authorization === null ? undefined : (step.authorization ?? 'Bearer one');
    const told = await prove({ authorization, signature: signatureOf(step.signed) }, BODY).then(
      (proof): Told => (proof.isProven ? 'proven' : proof.reason),
      (): Told => 'not known',
    );
    const expected = { calls: step.calls, freshReads: step.freshReads, keeps: step.keeps };
    const differs = (Object.keys(expected) as (keyof typeof expected)[]).find(
      (what) => expected[what] !== undefined && expected[what] !== made[what],
    );
    if (told !== step.comesTo) return `step ${index + 1} is ${told}, not ${step.comesTo}`;
    if (differs) return `after step ${index + 1} there were ${made[differs]} ${differs}, not ${expected[differs]}`;
  }
  const expected = rememberedOf(scenario.keeps);
  return isDeepStrictEqual(plain(remembered), plain(expected)) ? undefined : 'other keys are remembered at the end';
}

function rememberedOf(names: Scenario['remembered']): RememberedKeys | undefined {
  if (!names) return undefined;
  const { current, previous, untilMs = 0 } = names;
  const before = previous && { hex: keys()[previous].hex, untilMs };
  return { current: keys()[current].hex, previous: before };
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

function outcomeOf(published: Published): HttpOutcome {
  switch (published) {
    case 'no answer':
      return { kind: 'failure', phase: 'sent', code: 'TIMEOUT' };
    case 'a, but with 503':
      return { kind: 'answer', status: 503, headers: {}, body: keys().a.hex };
    case 'a, and more':
      return { kind: 'answer', status: 200, headers: {}, body: `${keys().a.hex}<br>` };
    case 'nothing':
      return { kind: 'answer', status: 200, headers: {}, body: '' };
    case 'garbage':
      return { kind: 'answer', status: 200, headers: {}, body: 'ab'.repeat(300) };
    case 'a':
    case 'b':
    case 'c':
    case 'weak':
      // Monoova may spell it in capitals, and end the line.
      return { kind: 'answer', status: 200, headers: {}, body: `${keys()[published].hex.toUpperCase()}\n` };
  }
}

function signatureOf(signed: Step['signed']): string | undefined {
  if (signed === 'none') return undefined;
  return signed === 'empty' ? '' : sign('sha256', BODY, keys()[signed].privateKey).toString('base64');
}
