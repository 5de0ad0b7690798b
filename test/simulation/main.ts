import type { Finding } from './batch.ts';
import { type Deployment, readDeployment } from './deployment.ts';
import { findKept, keep } from './findings.ts';
import { runJobs } from './jobs.ts';
import { parseOptions, type SimulationOptions, USAGE, UsageError } from './options.ts';
import { coverage, faultTable, figures } from './report/tables.ts';
import { timeline } from './report/timeline.ts';
import { runSeed, type SeedOptions } from './run-seed.ts';
import { shrink } from './shrink.ts';

/** Below so many runs nothing is said about faults that never came about: there was no time for them. */
const FAULTS_JUDGED_RUNS = 20_000;

/** `npm run simulate`: see USAGE. Ends with 1 where something was found. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  const deployment = await readDeployment(() => console.log('Synthesising the CDK app, whose inputs have changed ...'));
  if (options.repeat !== undefined) return repeat(options.repeat, deployment);
  return simulate(options, deployment);
}

async function simulate(options: SimulationOptions, deployment: Deployment): Promise<number> {
  const { runs, seed, profile, resubmission, jobs } = options;
  console.log(`${runs} runs from seed ${seed}: Monoova ${profile}, resubmission ${resubmission}, ${jobs} jobs`);
  const settings = { profile, resubmission };
  const startedMs = performance.now();
  let saidMs = startedMs;
  const result = await runJobs({ deployment, settings, firstSeed: seed, runs }, jobs, (done) => {
    if (performance.now() - saidMs < 10_000) return;
    saidMs = performance.now();
    console.log(`  ${done} runs, ${rate(done, startedMs)} a second`);
  });
  console.log(`${result.runs} runs, ${rate(result.runs, startedMs)} a second`);
  const faults = faultTable(result.faultCounts);
  console.log(['Faults, by effect:', ...faults.lines].join('\n'));
  if (faults.never.length > 0) console.log(`Faults that never came about: ${faults.never.join('; ')}`);
  const places = coverage(result.visits, deployment);
  console.log(`State machines: ${places.line}`);
  for (const place of places.missed) console.log(`  not visited: ${place}`);
  console.log(['Payouts, with every fault as it comes:', ...figures(result.ends)].join('\n'));
  const calm = result.ends.filter(({ isCalm }) => isCalm);
  console.log(['Payouts of runs in which only Monoova and the clients do anything odd:', ...figures(calm)].join('\n'));
  if (result.finding) return tell(result.finding, options, { deployment, settings });
  console.log('Nothing was found.');
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
): Promise<number> {
  const { profile, resubmission } = options;
  console.log(`\nFOUND in seed ${seed}: ${violation.invariant}\n  ${violation.words}`);
  console.log(`  npm run simulate -- --runs 1 --seed ${seed} --profile ${profile} --resubmission ${resubmission}`);
  const found = await runSeed(seed, seedOptions);
  const { payouts, faults } = await shrink(seed, found, seedOptions);
  const finding = { invariant: violation.invariant, seed, profile, resubmission, ...(payouts && { payouts }), faults };
  const name = keep(finding, isExpected(options));
  console.log(
    `\nMade smaller: ${faults.length} of ${found.faults.length} faults. Repeat it with\n  npm run simulate -- --repeat ${name}\n`,
  );
  await repeat(name, seedOptions.deployment);
  if (isExpected(options))
    console.log('This was to be expected: nothing refuses what is sent twice, and twice is sent.');
  return 1;
}

async function repeat(name: string, deployment: Deployment): Promise<number> {
  const kept = findKept(name);
  if (!kept) throw new UsageError(`No finding ${name} was kept`);
  const { seed, profile, resubmission, payouts, faults } = kept;
  const settings = { profile, resubmission, payouts, isTraced: true };
  const end = await runSeed(seed, { deployment, settings, faults });
  for (const [point, kind] of faults) console.log(`fault: ${point}: ${kind}`);
  console.log(timeline(end).join('\n'));
  console.log(end.violation ? `FOUND: ${end.violation.invariant}: ${end.violation.words}` : 'Nothing was found.');
  return end.violation ? 1 : 0;
}

function rate(runs: number, sinceMs: number): string {
  return (runs / ((performance.now() - sinceMs) / 1000)).toFixed(1);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
