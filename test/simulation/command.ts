import type { Finding } from './batch.ts';
import type { Deployment } from './deployment.ts';
import { findKept, keep } from './findings.ts';
import { runJobs } from './jobs.ts';
import { parseOptions, type SimulationOptions, UsageError } from './options.ts';
import { coverage, faultTable, figures } from './report/tables.ts';
import { timeline } from './report/timeline.ts';
import { runSeed, type SeedOptions } from './run-seed.ts';
import { shrink } from './shrink.ts';

/** Below so many runs nothing is said about faults that never came about: there was no time for them. */
const FAULTS_JUDGED_RUNS = 20_000;
const SAID_EVERY_MS = 10_000;

export type CommandDeps = {
  readonly readDeployment: () => Promise<Deployment>;
  /** A line, or several, for whoever looks on. */
  readonly print: (text: string) => void;
};

/**
 * `npm run simulate`: see USAGE (options.ts). What is found is kept, so that it can be repeated.
 * @returns what the process ends with: 1 where something was found, or where a fault never came about in so many runs that it should have
 * @throws {UsageError} before anything was run
 */
export async function runCommand(args: readonly string[], deps: CommandDeps): Promise<number> {
  const options = parseOptions(args);
  const kept = options.repeat === undefined ? undefined : findKept(options.repeat);
  if (options.repeat !== undefined && !kept) throw new UsageError(`No finding ${options.repeat} was kept`);
  const deployment = await deps.readDeployment();
  return kept ? repeat(kept, deployment, deps) : simulate(options, deployment, deps);
}

async function simulate(options: SimulationOptions, deployment: Deployment, { print }: CommandDeps): Promise<number> {
  const { runs, seed, profile, resubmission, jobs } = options;
  print(`${runs} runs from seed ${seed}: Monoova ${profile}, resubmission ${resubmission}, ${jobs} jobs`);
  const settings = { profile, resubmission };
  const startedMs = performance.now();
  let saidMs = startedMs;
  const result = await runJobs({ deployment, settings, firstSeed: seed, runs }, jobs, (done) => {
    if (performance.now() - saidMs < SAID_EVERY_MS) return;
    saidMs = performance.now();
    print(`  ${done} runs, ${rate(done, startedMs)} a second`);
  });
  print(`${result.runs} runs, ${rate(result.runs, startedMs)} a second`);
  const faults = faultTable(result.faultCounts);
  print(['Faults, by effect:', ...faults.lines].join('\n'));
  if (faults.never.length > 0) print(`Faults that never came about: ${faults.never.join('; ')}`);
  const places = coverage(result.visits, deployment);
  print(`State machines: ${places.line}`);
  for (const place of places.missed) print(`  not visited: ${place}`);
  const ordinary = result.ends.filter(({ hasTheme }) => !hasTheme);
  print(['Payouts of runs without a theme, with every fault as it comes:', ...figures(ordinary)].join('\n'));
  const calm = result.ends.filter(({ isCalm }) => isCalm);
  print(['Payouts of runs in which only Monoova and the clients do anything odd:', ...figures(calm)].join('\n'));
  if (result.finding) return tell(result.finding, options, { deployment, settings }, print);
  print('Nothing was found.');
  return runs >= FAULTS_JUDGED_RUNS && faults.never.length > 0 ? 1 : 0;
}

/** A double payment is what Monoova's worst profile and our boldest mode come to: it shows that the simulation can find one. */
function isExpected({ profile, resubmission }: SimulationOptions): boolean {
  return profile === 'never-dedupes' && resubmission === 'after-quiet-period';
}

async function tell(
  { seed, violation }: Finding,
  options: SimulationOptions,
  seedOptions: SeedOptions,
  print: CommandDeps['print'],
): Promise<number> {
  const { profile, resubmission } = options;
  print(`\nFOUND in seed ${seed}: ${violation.invariant}\n  ${violation.words}`);
  print(`  npm run simulate -- --runs 1 --seed ${seed} --profile ${profile} --resubmission ${resubmission}`);
  const found = await runSeed(seed, seedOptions);
  const { payouts, faults } = await shrink(seed, found, seedOptions);
  const finding = { invariant: violation.invariant, seed, profile, resubmission, ...(payouts && { payouts }), faults };
  const kept = keep(finding, isExpected(options));
  const smaller = `${faults.length} of ${found.faults.length} faults`;
  print(`\nMade smaller: ${smaller}. Repeat it with\n  npm run simulate -- --repeat ${kept.name}\n`);
  await repeat(kept, seedOptions.deployment, { print });
  if (isExpected(options)) print('This was to be expected: nothing refuses what is sent twice, and twice is sent.');
  return 1;
}

async function repeat(
  { seed, profile, resubmission, payouts, faults }: NonNullable<ReturnType<typeof findKept>>,
  deployment: Deployment,
  { print }: Pick<CommandDeps, 'print'>,
): Promise<number> {
  const settings = { profile, resubmission, payouts, isTraced: true };
  const end = await runSeed(seed, { deployment, settings, faults });
  for (const [point, kind] of faults) print(`fault: ${point}: ${kind}`);
  print(timeline(end).join('\n'));
  print(end.violation ? `FOUND: ${end.violation.invariant}: ${end.violation.words}` : 'Nothing was found.');
  return end.violation ? 1 : 0;
}

function rate(runs: number, sinceMs: number): string {
  return (runs / ((performance.now() - sinceMs) / 1000)).toFixed(1);
}
