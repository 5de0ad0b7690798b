import { checkAdapters } from '../exhaustive/adapters.ts';
import { checkControls } from '../exhaustive/controls-table.ts';
import { checkEntrances } from '../exhaustive/entrances.ts';
import { explore, TooManyStatesError } from '../exhaustive/explore.ts';
import { foldAll } from '../exhaustive/folds.ts';
import { gateAll } from '../exhaustive/gates.ts';
import type { Scope } from '../exhaustive/scope.ts';
import { checkSubmissionRule } from '../exhaustive/submission-table.ts';
import type { Deployment } from '../simulation/deployment.ts';
import type { Fault } from '../simulation/faults.ts';
import { runSeed } from '../simulation/run-seed.ts';
import { placesOf } from './places.ts';
import type { Probe } from './probes.ts';
import { harmIn, type Incident, runIncident } from './run-incident.ts';
import { harmOf, harmWithout, type RunEnd, runEndOf, runSituation } from './single-faults.ts';

/** What a mutant comes to. */
export type Verdict = {
  /** The check that noticed it; undefined where none did. */
  readonly caughtBy: string | undefined;
  /** What it noticed. */
  readonly words: string;
  /** Probes that it took, or that passed without a word. */
  readonly tries: number;
};

/** What one probe came to. */
export type Probed = {
  /** What should not have been; undefined where all is well. */
  readonly found: string | undefined;
  /** Where it came by (places.ts). */
  readonly places: ReadonlySet<string>;
};

/** Longer than the guard's first look-ups take, whichever webhooks are lost. */
const CALM_FINAL_MS = 1_800_000;
/** Some times as many as the largest scope has in the system as it is. A mutant that makes more of them is for the simulation to find. */
const STATES_MAX = 250_000;

export const NAME_OF_CHECK: Readonly<Record<Probe['kind'], string>> = {
  calm: 'a calm run',
  situation: 'a calm run',
  incident: 'an incident',
  single: 'a single fault',
  folds: 'every case of a rule',
  adapters: 'every answer and write',
  entrances: 'every webhook and request',
  scope: 'every interleaving',
  stormy: 'the simulation',
};

/** Asks one probe after the other, until one notices that something is not as it should be. */
export async function detect(deployment: Deployment, probes: readonly Probe[]): Promise<Verdict> {
  for (const [index, probe] of probes.entries()) {
    const { found } = await ask(deployment, probe);
    if (found !== undefined) return { caughtBy: NAME_OF_CHECK[probe.kind], words: found, tries: index + 1 };
  }
  return { caughtBy: undefined, words: '', tries: probes.length };
}

export async function ask(deployment: Deployment, probe: Probe): Promise<Probed> {
  switch (probe.kind) {
    case 'folds':
      return { found: await brokenRule(), places: new Set() };
    case 'adapters':
      return { found: (await checkAdapters()).broken, places: new Set() };
    case 'entrances':
      return { found: (await checkEntrances()).broken, places: new Set() };
    case 'scope':
      return everyInterleaving(deployment, probe.scope);
    case 'situation':
      return situated(deployment, probe, (end) => harmWithout(probe.without, end, probe.situation));
    case 'incident':
      return befallen(deployment, probe.incident);
    case 'single':
      return situated(deployment, probe.single, (end) => harmOf(probe.without, end, probe.single));
    case 'calm':
    case 'stormy':
      return simulated(deployment, probe);
  }
}

async function situated(
  deployment: Deployment,
  steered: Parameters<typeof runSituation>[1],
  harm: (end: RunEnd) => string | undefined,
): Promise<Probed> {
  const visits = new Map<string, number>();
  const ended = await runSituation(deployment, steered, visits);
  const broken = ended.violation && `${ended.violation.invariant}: ${ended.violation.words}`;
  return { found: broken ?? harm(runEndOf(ended)), places: placesOf(visits.keys(), ended.faults) };
}

async function befallen(deployment: Deployment, incident: Incident): Promise<Probed> {
  const visits = new Map<string, number>();
  const end = await runIncident(deployment, incident, visits);
  const { violation, faults } = end.ended;
  const broken = violation && `${incident.name}: ${violation.invariant}: ${violation.words}`;
  return { found: broken ?? harmIn(incident, end), places: placesOf(visits.keys(), faults) };
}

/** The longest last. */
async function brokenRule(): Promise<string | undefined> {
  return checkSubmissionRule().broken ?? (await gateAll()).broken ?? checkControls().broken ?? foldAll(3).broken;
}

async function everyInterleaving(deployment: Deployment, scope: Scope): Promise<Probed> {
  try {
    const { counterexample, kernel } = await explore(scope, deployment, STATES_MAX);
    const visited = Object.values(kernel.machines).flatMap((machine) => [...machine.visits.keys()]);
    return {
      found: counterexample && `${scope.name}: ${counterexample.broken}`,
      places: placesOf(visited, 'anywhere'),
    };
  } catch (error) {
    if (error instanceof TooManyStatesError) return { found: undefined, places: new Set() };
    throw error;
  }
}

async function simulated(deployment: Deployment, probe: Extract<Probe, { kind: 'calm' | 'stormy' }>): Promise<Probed> {
  const { settings, seed } = probe;
  const visits = new Map<string, number>();
  const isCalm = probe.kind === 'calm';
  const faults: { readonly faults?: readonly Fault[] } = isCalm ? { faults: [] } : {};
  const ended = await runSeed(seed, { deployment, settings, visits, ...faults });
  const broken = ended.violation && `${ended.violation.invariant}: ${ended.violation.words}`;
  const found = broken ?? (isCalm ? delayed(ended.payouts) : undefined);
  return { found: found && `seed ${seed}: ${found}`, places: placesOf(visits.keys(), ended.faults) };
}

type End = Awaited<ReturnType<typeof runSeed>>['payouts'][number];

/** Without a fault every payout is Completed, soon, and by nobody's hand. */
function delayed(payouts: readonly End[]): string | undefined {
  if (payouts.length === 0) return 'nothing went wrong, and there is no payout';
  const late = payouts.find(({ status, finalAfterMs = Number.POSITIVE_INFINITY, needsPerson }) => {
    return status !== 'Completed' || needsPerson || finalAfterMs > CALM_FINAL_MS;
  });
  return late && `nothing went wrong, and a payout ends as ${JSON.stringify(late)}`;
}
