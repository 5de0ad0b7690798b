import type { PayoutEnd } from './checks/checks.ts';
import { hasTheme, isCalm } from './choices.ts';
import type { Deployment } from './deployment.ts';
import type { FaultCounts } from './fault-gate.ts';
import type { Fault } from './faults.ts';
import { lostWebhooksOf, runSeed, type SeedOptions } from './run-seed.ts';
import type { Visits } from './state-machines/coverage.ts';
import type { Violation } from './world.ts';

export type BatchOptions = {
  readonly deployment: Deployment;
  readonly settings: SeedOptions['settings'];
  readonly firstSeed: number;
  /** From one seed of this batch to the next: the others are another batch's. */
  readonly step: number;
  readonly runs: number;
};

export type Finding = { readonly seed: number; readonly violation: Violation; readonly faults: readonly Fault[] };

/** What many runs come to. Batches add up. */
export type BatchResult = {
  readonly runs: number;
  readonly finding: Finding | undefined;
  readonly faultCounts: FaultCounts;
  readonly visits: Visits;
  readonly ends: readonly (PayoutEnd & {
    readonly lostWebhooks: number;
    readonly isCalm: boolean;
    readonly hasTheme: boolean;
  })[];
};

/** Runs one seed after the other, up to the first that finds something. */
export async function runBatch(options: BatchOptions, onRun: (runs: number) => boolean): Promise<BatchResult> {
  const { deployment, settings, firstSeed, step } = options;
  const faultCounts: FaultCounts = new Map();
  const visits: Visits = new Map();
  const ends: BatchResult['ends'][number][] = [];
  let finding: Finding | undefined;
  let runs = 0;
  while (runs < options.runs && !finding) {
    const seed = firstSeed + runs * step;
    const { violation, faults, payouts } = await runSeed(seed, { deployment, settings, faultCounts, visits });
    runs += 1;
    if (violation) finding = { seed, violation, faults };
    const run = { lostWebhooks: lostWebhooksOf(seed), isCalm: isCalm(seed), hasTheme: hasTheme(seed) };
    for (const end of payouts) ends.push({ ...end, ...run });
    if (!onRun(runs)) break;
  }
  return { runs, finding, faultCounts, visits, ends };
}

export function addUp(results: readonly BatchResult[]): BatchResult {
  const findings = results.flatMap(({ finding }) => finding ?? []);
  return {
    runs: results.reduce((sum, { runs }) => sum + runs, 0),
    finding: findings.toSorted((one, other) => one.seed - other.seed)[0],
    faultCounts: merged(
      results.map(({ faultCounts }) => faultCounts),
      (counts) => merged(counts, sumOf),
    ),
    visits: merged(
      results.map(({ visits }) => visits),
      sumOf,
    ),
    ends: results.flatMap(({ ends }) => ends),
  };
}

function merged<T>(maps: readonly ReadonlyMap<string, T>[], merge: (values: T[]) => T): Map<string, T> {
  const keys = new Set(maps.flatMap((map) => [...map.keys()]));
  return new Map([...keys].map((key) => [key, merge(maps.flatMap((map) => map.get(key) ?? []))]));
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
