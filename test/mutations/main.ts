/**
 * `npm run mutations [-- --kind guard] [-- --only TEXT] [-- --quick] [-- --survivors] [-- --jobs 2]`: every protection switched off in turn,
 * until a check notices. Fails where nothing notices one that is not listed as equivalent (survivors.ts), and where one that is listed is
 * noticed. A run that was broken off goes on; `--survivors` tries those again that nothing has noticed so far. `--quick` asks the quickest
 * probes alone and leaves open what they do not notice: a later run goes on with that.
 */
import { parseArgs } from 'node:util';
import { readDeployment } from '../simulation/deployment.ts';
import { reader } from './differences.ts';
import { enumerate, instrumentedSources } from './enumerate.ts';
import { KINDS, type Mutant } from './mutant.ts';
import { survey, type Tried, tryAll } from './pool.ts';
import { probesFor } from './probes.ts';
import { outcomesOf, report } from './report.ts';
import { Results } from './results.ts';
import { unknownSurvivors } from './survivors.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    survivors: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});

const startedMs = performance.now();
const deployment = await readDeployment(() => console.error('Synthesising the app ...'));
const numbered = enumerate(deployment);
const chosen = numbered.filter(([, mutant]) => isChosen(mutant));
const results = new Results();
const { verdicts } = results;
const begin = { kind: 'begin', deployment, sources: instrumentedSources(numbered) } as const;

const { probes, differences } = results.survey ?? (await firstSurvey());
const probesOf = (number: number) =>
  probesFor(probes, reader(differences, number), values.quick).flatMap((index) => probes[index] ?? []);

const tried: Tried[] = [];
const waiting: typeof numbered = [];
for (const [number, mutant] of chosen) {
  const known = verdicts.get(mutant.id);
  if (known && (known.verdict.caughtBy !== undefined || !values.survivors)) tried.push({ mutant, ...known });
  else waiting.push([number, mutant]);
}
console.log(
  `${numbered.length} mutants, ${chosen.length} chosen, ${tried.length} known; ${waiting.length} to try on ${values.jobs} processes.`,
);
await tryAll(waiting, {
  jobs: Number(values.jobs),
  begin,
  probesOf,
  onTried: (one) => {
    tried.push(one);
    const { mutant, verdict, elapsedMs } = one;
    if (verdict.caughtBy !== undefined || !values.quick) results.add({ id: mutant.id, verdict, elapsedMs });
    const { caughtBy = 'SURVIVES', words, tries } = verdict;
    console.log(
      `${`${tried.length}/${chosen.length}`.padStart(9)} ${(elapsedMs / 1000).toFixed(1).padStart(6)} s  ${mutant.kind}: ${mutant.id}\n${' '.repeat(20)}${caughtBy} after ${tries}${words && `: ${words}`}`,
    );
  },
});

const outcomes = outcomesOf(tried);
const isWhole = chosen.length === numbered.length;
const gone = isWhole ? unknownSurvivors(numbered.map(([, { id }]) => id)) : [];
console.log(report(outcomes, gone, performance.now() - startedMs));
process.exitCode = gone.length === 0 && outcomes.every(({ isAsListed }) => isAsListed) ? 0 : 1;

async function firstSurvey() {
  console.log('The system as it is goes through every probe ...');
  const found = await survey(begin, numbered, Number(values.jobs));
  results.add({ survey: found });
  console.log(`... and keeps every promise, in ${((performance.now() - startedMs) / 1000).toFixed(0)} s.`);
  return found;
}

function isChosen({ id, kind }: Mutant): boolean {
  if (values.kind !== undefined && !KINDS.some((known) => known === values.kind))
    throw new Error(`--kind is one of ${KINDS.join(', ')}`);
  return id.includes(values.only) && (values.kind === undefined || kind === values.kind);
}
