import type { Scope } from '../exhaustive/scope.ts';
import type { Deployment } from '../simulation/deployment.ts';
import type { SeedOptions } from '../simulation/run-seed.ts';
import { INCIDENTS } from './incidents.ts';
import type { Incident } from './run-incident.ts';
import { type RunEnd, runEndOf, runSituation, type SingleFault, singleFaultsOf } from './single-faults.ts';
import { SITUATIONS, type Situation } from './situations.ts';

/** One thing that a mutant is held against. */
export type Probe =
  /** A run of the simulation in which nothing goes wrong. */
  | { readonly kind: 'calm'; readonly settings: Settings; readonly seed: number }
  /** A situation, and nothing that goes wrong in it. */
  | { readonly kind: 'situation'; readonly situation: Situation; readonly without: RunEnd }
  /** Something certain goes wrong, and what it comes to is known. */
  | { readonly kind: 'incident'; readonly incident: Incident }
  /** A run of the simulation in which one thing goes wrong. `without`: how it ends where nothing does. */
  | { readonly kind: 'single'; readonly single: SingleFault; readonly without: RunEnd }
  /** Facts in every order, and every payout that the rule of submission tells from another. */
  | { readonly kind: 'folds' }
  /** Every answer of Monoova, and every wish of two writers of one record. */
  | { readonly kind: 'adapters' }
  /** Every webhook and every request, with whatever fails on its way. */
  | { readonly kind: 'entrances' }
  /** Every interleaving of a small scope. */
  | { readonly kind: 'scope'; readonly scope: Scope }
  /** A run of the simulation with the faults that its seed draws. */
  | { readonly kind: 'stormy'; readonly settings: Settings; readonly seed: number };

type Settings = SeedOptions['settings'];

/** Pairs in which the design promises that nothing is paid twice. */
const PAIRS: readonly Settings[] = [
  { profile: 'dedupes', resubmission: 'after-quiet-period' },
  { profile: 'never-dedupes', resubmission: 'never' },
  { profile: 'dedupes', resubmission: 'never' },
];

const SCOPE: Omit<Scope, 'name'> = {
  profile: 'never-dedupes',
  resubmission: 'never',
  requests: 1,
  isLost: false,
  guards: 1,
  lostAnswers: 0,
  crashes: 0,
  delays: 0,
  deliveries: 0,
  answers: ['Ok'],
  endings: ['completed'],
};
const SENT_AGAIN = { profile: 'dedupes', resubmission: 'after-quiet-period' } as const;

/** Small ones, the smallest first. */
export const SCOPES: readonly Scope[] = [
  {
    ...SCOPE,
    name: 'one request, a webhook, whatever Monoova does',
    deliveries: 1,
    answers: ['Ok', 'Pending', 'decline'],
    endings: ['completed', 'rejected'],
  },
  { ...SCOPE, name: 'one request, a crash', crashes: 1 },
  { ...SCOPE, name: 'two requests', requests: 2 },
  { ...SCOPE, name: 'two requests, a webhook', requests: 2, deliveries: 1 },
  { ...SCOPE, name: 'one request, a delay', delays: 1 },
  { ...SCOPE, name: 'one request, a lost answer', lostAnswers: 1, answers: ['Ok', 'decline'] },
  { ...SCOPE, ...SENT_AGAIN, name: 'one request, sent again', lostAnswers: 1 },
  { ...SCOPE, name: 'two guards', guards: 2, isLost: true },
];

const CALM_RUNS = 12;
/** So many runs are looked through for those in which a mutant makes a difference. */
const STORMY_RUNS = 600;

/** All probes there are; a mutant makes a difference in some of them. */
export async function allProbes(deployment: Deployment): Promise<Probe[]> {
  const singles = await Promise.all(SITUATIONS.map((situation) => singlesOf(deployment, situation)));
  return [
    ...Array.from({ length: CALM_RUNS }, (_, run): Probe => ({ kind: 'calm', settings: pairOf(run), seed: run + 1 })),
    ...INCIDENTS.map((incident): Probe => ({ kind: 'incident', incident })),
    { kind: 'entrances' },
    { kind: 'folds' },
    { kind: 'adapters' },
    ...SCOPES.map((scope): Probe => ({ kind: 'scope', scope })),
    ...singles.flat(),
    ...Array.from(
      { length: STORMY_RUNS },
      (_, run): Probe => ({ kind: 'stormy', settings: pairOf(run), seed: run + 1 }),
    ),
  ];
}

async function singlesOf(deployment: Deployment, situation: Situation): Promise<Probe[]> {
  const without = runEndOf(await runSituation(deployment, { situation }));
  const { name, ends, answers } = situation;
  if (without.ends !== ends || without.answers !== answers)
    throw new Error(`${name} ends as ${without.ends || 'nothing'}, and is answered ${without.answers}.`);
  const faults = await singleFaultsOf(deployment, situation);
  return [
    { kind: 'situation', situation, without },
    ...faults.map((single): Probe => ({ kind: 'single', single, without })),
  ];
}

function pairOf(run: number): Settings {
  return PAIRS[run % PAIRS.length] ?? SENT_AGAIN;
}

/** How many of each kind come one after the other, and what is left of a kind where it comes last. */
const ROUNDS: readonly (readonly [kind: Probe['kind'], most: number])[] = [
  ['calm', CALM_RUNS],
  ['situation', SITUATIONS.length],
  ['incident', INCIDENTS.length],
  ['entrances', 1],
  ['folds', 1],
  ['adapters', 1],
  ['single', 60],
  ['scope', SCOPES.length - 3],
  ['stormy', 60],
  ['single', 240],
  ['scope', 2],
  ['stormy', 200],
  ['scope', 1],
  ['stormy', 240],
];
/** Most mutants are noticed so early; what is not yet may be later. */
const QUICK_ROUNDS = 9;

/**
 * What one mutant is held against, in this order: the quickest and likeliest first. A probe in which it makes no difference goes as it goes
 * without the mutant, so only those are asked in which it makes one: by their places in the list of all.
 */
export function probesFor(
  probes: readonly Probe[],
  makesDifference: (probe: number) => boolean,
  isQuick = false,
): number[] {
  const asked = [...probes.keys()].filter(makesDifference);
  const left = Map.groupBy(asked, (index) => probes[index]?.kind);
  left.set('single', mixed(left.get('single') ?? []));
  const rounds = isQuick ? ROUNDS.slice(0, QUICK_ROUNDS) : ROUNDS;
  return rounds.flatMap(([kind, most]) => left.get(kind)?.splice(0, most) ?? []);
}

/** Single faults lie side by side with those of the same effect; those that are asked first are to be of many. */
function mixed(indexes: readonly number[]): number[] {
  const steps = 60;
  const stride = Math.max(1, Math.floor(indexes.length / steps));
  return Array.from({ length: stride }, (_, first) => indexes.filter((_one, at) => at % stride === first)).flat();
}
