/**
 * `npm run mutations [-- --kind guard] [-- --only TEXT] [-- --quick] [-- --jobs 2] [-- --runs 500]`: every protection switched off in
 * turn, until a check notices. Fails where nothing notices one that is not listed as equivalent (survivors.ts), and where one that is
 * listed is noticed. `--quick` leaves out those that are listed, and the decisions in the code.
 */
import { parseArgs } from 'node:util';
import { readDeployment } from '../simulation/deployment.ts';
import { enumerate, instrumentedSources } from './enumerate.ts';
import { KINDS, type Mutant } from './mutant.ts';
import { type Tried, tryAll } from './pool.ts';
import { type Outcome, outcomesOf, report } from './report.ts';
import { reasonOf, unknownSurvivors } from './survivors.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    runs: { type: 'string', default: '500' },
    'calm-runs': { type: 'string', default: '20' },
  },
});

/** Kinds whose mutants are noticed in seconds. */
const QUICK_KINDS: readonly Mutant['kind'][] = ['condition', 'ordering', 'choice', 'count'];

const startedMs = performance.now();
const deployment = await readDeployment(() => console.error('Synthesising the app ...'));
const numbered = enumerate(deployment);
const chosen = numbered.filter(([, mutant]) => isChosen(mutant));
console.log(`${chosen.length} of ${numbered.length} mutants, on ${values.jobs} processes.`);

const tried: Tried[] = [];
await tryAll([[0, undefined], ...chosen], {
  jobs: Number(values.jobs),
  begin: {
    kind: 'begin',
    deployment,
    sources: instrumentedSources(numbered),
    bounds: { calmRuns: Number(values['calm-runs']), runs: Number(values.runs) },
  },
  onTried: (one) => {
    tried.push(one);
    const name = one.mutant ? `${one.mutant.kind}: ${one.mutant.id}` : 'the system as it is';
    const { caughtBy = 'survives', words, tries } = one.verdict;
    console.log(
      `${progress()} ${(one.elapsedMs / 1000).toFixed(1).padStart(6)} s  ${name}\n${' '.repeat(20)}${caughtBy} after ${tries}${words && `: ${words}`}`,
    );
  },
});

const outcomes: readonly Outcome[] = outcomesOf(tried);
const isWhole = chosen.length === numbered.length;
const gone = isWhole ? unknownSurvivors(numbered.map(([, { id }]) => id)) : [];
console.log(report(outcomes, gone, performance.now() - startedMs));
process.exitCode = gone.length === 0 && outcomes.every(({ isAsListed }) => isAsListed) ? 0 : 1;

function isChosen({ id, kind }: Mutant): boolean {
  if (values.kind !== undefined && !KINDS.some((known) => known === values.kind))
    throw new Error(`--kind is one of ${KINDS.join(', ')}`);
  if (values.quick && (!QUICK_KINDS.includes(kind) || reasonOf(id) !== undefined)) return false;
  return id.includes(values.only) && (values.kind === undefined || kind === values.kind);
}

function progress(): string {
  return `${tried.length}/${chosen.length + 1}`.padStart(9);
}
