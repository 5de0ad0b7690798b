import { isDeepStrictEqual } from 'node:util';
import { type Controls, NO_CONTROLS } from '../../domain/controls.ts';
import { type GateDeps, type Pass, passFor, reportLookUp, reportPost } from '../../functions/shared/gate.ts';
import type { ControlStore, ExecuteResult, LookupResult } from '../../functions/shared/ports.ts';
import { createFakeControls } from '../fakes/controls.ts';
import { createWorld } from '../fakes/world.ts';

/**
 * What the gate makes of each answer of Monoova, and with which key it lets anybody call, also where the write of the control item is not
 * taken, comes too late, or is repeated since its answer was lost. As the design says it (docs/architecture.md).
 */

const ME = 'attempt-1';
const [CACHED, NOW] = ['key-cached', 'key-of-now'] as const;
const COOLDOWN_MS = 30_000;
const DOUBT_REST_MS = 900_000;

/** What is in the control item afterwards: POSTs lost in a row, how long the breaker is open, and how long the key rests. */
type Learnt = {
  readonly failures?: number;
  readonly openForMs?: number;
  readonly refused?: 'until a person says so' | number;
};
const ALL_WELL: Learnt = {};
const AS_BEFORE: Learnt = { failures: 2 };
const LOST: Learnt = { failures: 3 };
const STOPPED: Learnt = { failures: 2, refused: 'until a person says so' };
const RESTING: Learnt = { failures: 2, refused: DOUBT_REST_MS };

const POSTS: readonly (readonly [ExecuteResult, Learnt])[] = [
  [{ kind: 'accepted', code: 'Ok' }, ALL_WELL],
  [{ kind: 'already-received', code: 'UniqueReferenceExists' }, ALL_WELL],
  [{ kind: 'declined', code: 'code', detail: 'why' }, ALL_WELL],
  [{ kind: 'unanswered', detail: 'HTTP 200' }, ALL_WELL],
  [{ kind: 'unanswered', detail: 'TIMEOUT', isLineLost: true }, LOST],
  [{ kind: 'unanswered', detail: 'HTTP 401', isKeyDoubted: true }, RESTING],
  [{ kind: 'unreachable', detail: 'ECONNREFUSED' }, LOST],
  [{ kind: 'unsent', detail: 'too late' }, AS_BEFORE],
  [{ kind: 'throttled' }, AS_BEFORE],
  [{ kind: 'throttled', retryAfterSeconds: 3 }, AS_BEFORE],
  [{ kind: 'throttled', retryAfterSeconds: 4 }, { openForMs: COOLDOWN_MS }],
  [{ kind: 'throttled', retryAfterSeconds: 600 }, { openForMs: 600_000 }],
  [{ kind: 'credentials-refused', code: 'MerchantFailedToLogin' }, STOPPED],
];
const LOOK_UPS: readonly (readonly [LookupResult, Learnt])[] = [
  [{ kind: 'completed', detail: 'Complete' }, AS_BEFORE],
  [{ kind: 'not-found' }, AS_BEFORE],
  [{ kind: 'unknown', detail: 'TIMEOUT', isLineLost: true }, AS_BEFORE],
  [{ kind: 'credentials-refused', code: 'MerchantFailedToLogin' }, STOPPED],
  [{ kind: 'credentials-refused', code: 'HTTP 401', isKeyDoubted: true }, RESTING],
];

/** How the write of the item goes. */
const WRITES = ['well', 'behind another', 'its answer is lost', 'never', 'denied'] as const;
type Write = (typeof WRITES)[number];

export type Gates = { readonly cases: number; readonly broken: string | undefined };

export async function gateAll(): Promise<Gates> {
  let cases = 0;
  for (const write of WRITES) {
    for (const [result, learnt] of [...POSTS, ...LOOK_UPS]) {
      cases += 1;
      const isPost = POSTS.some(([known]) => known === result);
      const broken = await brokenReport(write, isPost, result, learnt);
      if (broken !== undefined) return { cases, broken: `${JSON.stringify(result)}, written ${write}: ${broken}` };
    }
  }
  return { cases: cases + KEYS.length + 1, broken: (await brokenKey()) ?? (await brokenDoubt()) };
}

type Store = ReturnType<typeof createFakeControls>;

function openGate(write: Write, item: Partial<Controls>) {
  const world = createWorld();
  const store: Store = createFakeControls();
  store.set(item);
  let writes = 0;
  const disturbed: ControlStore = {
    read: store.read,
    async replace(previous, next) {
      writes += 1;
      if (write === 'denied') throw new Error('denied');
      if (write === 'never') store.set({});
      if (write === 'behind another' && writes === 1) store.set({});
      if (write === 'its answer is lost' && writes === 1) await store.replace(previous, next);
      return store.replace(previous, next);
    },
  };
  const deps: GateDeps = {
    ...world.deps,
    controls: disturbed,
    breaker: { ...world.deps.breaker, cooldownMs: COOLDOWN_MS },
  };
  return { deps, store, nowMs: world.deps.nowMs(), monoova: world.monoova };
}

async function brokenReport(
  write: Write,
  isPost: boolean,
  result: ExecuteResult | LookupResult,
  learnt: Learnt,
): Promise<string | undefined> {
  const { deps, store, nowMs, monoova } = openGate(write, { failures: 2 });
  const pass: Pass = {
    kind: 'pass',
    line: await monoova.connect(),
    call: isPost ? 'post' : 'look-up',
    attempt: ME,
    controls: await store.read(),
  };
  if (isPost) await reportPost(deps, pass, result as ExecuteResult);
  else await reportLookUp(deps, pass, result as LookupResult);
  const expected = write === 'never' || write === 'denied' ? AS_BEFORE : learnt;
  const found = learntIn(await store.read(), nowMs);
  return isDeepStrictEqual(found, expected) ? undefined : `${JSON.stringify(found)}, not ${JSON.stringify(expected)}`;
}

function learntIn({ failures, open_until, refused_key, refused_until }: Controls, nowMs: number): Learnt {
  const restMs = refused_until === undefined ? 'until a person says so' : Date.parse(refused_until) - nowMs;
  return {
    ...(failures !== undefined && { failures }),
    ...(open_until !== undefined && { openForMs: Date.parse(open_until) - nowMs }),
    ...(refused_key !== undefined && { refused: restMs }),
  };
}

type Keyed = {
  readonly name: string;
  readonly item: Partial<Controls>;
  readonly write?: Write;
  /** With which key the call is made, or what holds it; `fails` where it throws. */
  readonly comesTo: string;
  /** How often a key was asked for. */
  readonly connects: number;
};
const IN_A_MINUTE = (nowMs: number) => new Date(nowMs + 60_000).toISOString();
const AT_FIRST = Date.parse('2026-11-23T00:00:01.000Z');
/** The environment has a key from before in its cache, and there is another now. */
const KEYS: readonly Keyed[] = [
  { name: 'nothing is known against the key', item: {}, comesTo: CACHED, connects: 1 },
  { name: 'the cached key is refused', item: { refused_key: CACHED }, comesTo: `${NOW}, the probe`, connects: 2 },
  { name: 'the key of now is refused', item: { refused_key: NOW }, comesTo: 'credentials', connects: 2 },
  {
    name: 'the key of now is proven',
    item: { refused_key: CACHED, proven_key: NOW },
    comesTo: NOW,
    connects: 2,
  },
  { name: 'a pause', item: { paused_at: 'once' }, comesTo: 'paused', connects: 0 },
  { name: 'open', item: { open_until: IN_A_MINUTE(AT_FIRST) }, comesTo: 'breaker', connects: 0 },
  {
    name: 'half open',
    item: { open_until: new Date(AT_FIRST).toISOString() },
    comesTo: `${CACHED}, the probe`,
    connects: 1,
  },
  {
    name: 'half open, and others write at the same time',
    item: { open_until: new Date(AT_FIRST).toISOString() },
    write: 'behind another',
    comesTo: `${CACHED}, the probe`,
    connects: 1,
  },
  {
    name: 'half open, and others write again and again',
    item: { open_until: new Date(AT_FIRST).toISOString() },
    write: 'never',
    comesTo: 'breaker',
    connects: 1,
  },
  {
    name: 'half open, and nobody may write',
    item: { open_until: new Date(AT_FIRST).toISOString() },
    write: 'denied',
    comesTo: 'fails',
    connects: 1,
  },
];

async function brokenKey(): Promise<string | undefined> {
  for (const { name, item, write = 'well', comesTo, connects } of KEYS) {
    const { deps, store, monoova, nowMs } = openGate(write, item);
    monoova.keys = { cached: CACHED, fresh: NOW };
    let asked = 0;
    const counting = {
      connect: (options?: { readonly isFresh: boolean }) => {
        asked += 1;
        return monoova.connect(options);
      },
    };
    const controls = await store.read();
    const request = { call: 'post', attempt: ME, controls, untilMs: nowMs + 1 } as const;
    const pass = await passFor({ ...deps, monoova: counting }, request).catch(() => undefined);
    const isProbe = (await store.read()).probe_by === ME;
    const told = pass?.kind === 'pass' ? `${pass.line.key}${isProbe ? ', the probe' : ''}` : (pass?.by ?? 'fails');
    if (told !== comesTo || asked !== connects)
      return `${name}: ${told} by ${asked} keys, not ${comesTo} by ${connects}`;
  }
  return undefined;
}

/** No answer says nothing about a key that has to prove itself: its probe keeps its place. */
async function brokenDoubt(): Promise<string | undefined> {
  const { deps, store, monoova } = openGate('well', { refused_key: CACHED, probe_by: ME, probe_until: 'later' });
  const line = { ...(await monoova.connect()), key: NOW };
  const pass: Pass = { kind: 'pass', line, call: 'look-up', attempt: ME, controls: await store.read() };
  await reportLookUp(deps, pass, { kind: 'unknown', detail: 'TIMEOUT' });
  const { proven_key, probe_by, revision } = await store.read();
  return proven_key === undefined && probe_by === ME && revision === NO_CONTROLS.revision + 1
    ? undefined
    : 'no answer has proven a key';
}
