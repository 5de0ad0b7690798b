import { type Exploration, explore } from '../exhaustive/explore.ts';
import type { Scope } from '../exhaustive/scope.ts';
import type { Deployment } from '../simulation/deployment.ts';
import { runSeed } from '../simulation/run-seed.ts';

/** What a mutant comes to. */
export type Verdict = {
  /** The check that noticed it; undefined where none did. */
  readonly caughtBy: string | undefined;
  /** What it noticed. */
  readonly words: string;
  /** States and runs that it took, or that passed without a word. */
  readonly tries: number;
};

export type Bounds = { readonly calmRuns: number; readonly runs: number };

/** Pairs in which the design promises that nothing is paid twice. */
const PAIRS = [
  { profile: 'dedupes', resubmission: 'after-quiet-period' },
  { profile: 'never-dedupes', resubmission: 'never' },
  { profile: 'dedupes', resubmission: 'never' },
] as const;

/** Longer than the guard's first look-ups take, whichever webhooks are lost. */
const CALM_FINAL_MS = 1_800_000;

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
/** Small ones, the smallest first. */
const SCOPES: readonly Scope[] = [
  { ...SCOPE, name: 'one request, a crash', crashes: 1 },
  { ...SCOPE, name: 'two requests', requests: 2 },
  { ...SCOPE, name: 'one request, a delay', delays: 1 },
  {
    ...SCOPE,
    name: 'one request, a webhook, whatever Monoova does',
    deliveries: 1,
    answers: ['Ok', 'Pending', 'decline'],
    endings: ['completed', 'rejected'],
  },
  { ...SCOPE, name: 'one request, a lost answer', lostAnswers: 1, answers: ['Ok', 'decline'] },
  { ...SCOPE, name: 'one request, sent again', profile: 'dedupes', resubmission: 'after-quiet-period', lostAnswers: 1 },
  { ...SCOPE, name: 'two requests, a webhook', requests: 2, deliveries: 1 },
  { ...SCOPE, name: 'two guards', guards: 2, isLost: true },
];

/** Asks one check after the other, the quickest first, until one notices that something is not as it should be. */
export async function detect(deployment: Deployment, bounds: Bounds): Promise<Verdict> {
  let tries = 0;
  const checks = [() => calm(deployment, bounds), () => exhaustive(deployment), () => stormy(deployment, bounds)];
  for (const check of checks) {
    const verdict = await check();
    tries += verdict.tries;
    if (verdict.caughtBy !== undefined) return { ...verdict, tries };
  }
  return { caughtBy: undefined, words: '', tries };
}

/** Without a fault every payout is Completed, soon, and by nobody's hand. */
async function calm(deployment: Deployment, { calmRuns }: Bounds): Promise<Verdict> {
  const [settings] = PAIRS;
  for (let seed = 1; seed <= calmRuns; seed++) {
    const { violation, payouts } = await runSeed(seed, { deployment, settings, faults: [] });
    if (violation) return caught('a calm run', `${violation.invariant}: ${violation.words}`, seed);
    const late = payouts.find(({ status, finalAfterMs = Number.POSITIVE_INFINITY, needsPerson }) => {
      return status !== 'Completed' || needsPerson || finalAfterMs > CALM_FINAL_MS;
    });
    if (late || payouts.length === 0)
      return caught('a calm run', `nothing went wrong, and a payout ends as ${JSON.stringify(late)}`, seed);
  }
  return passed(calmRuns);
}

async function exhaustive(deployment: Deployment): Promise<Verdict> {
  let states = 0;
  for (const scope of SCOPES) {
    const { counterexample, states: explored }: Exploration = await explore(scope, deployment);
    states += explored;
    if (counterexample) return caught('every interleaving', `${scope.name}: ${counterexample.broken}`, states);
  }
  return passed(states);
}

async function stormy(deployment: Deployment, { runs }: Bounds): Promise<Verdict> {
  for (let run = 0; run < runs; run++) {
    const settings = PAIRS[run % PAIRS.length] ?? PAIRS[0];
    const { violation } = await runSeed(1 + run, { deployment, settings });
    if (violation) return caught('the simulation', `${violation.invariant}: ${violation.words}`, run + 1);
  }
  return passed(runs);
}

function caught(caughtBy: string, words: string, tries: number): Verdict {
  return { caughtBy, words, tries };
}

function passed(tries: number): Verdict {
  return { caughtBy: undefined, words: '', tries };
}
