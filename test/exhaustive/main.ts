/**
 * `npm run exhaustive [-- --quick] [-- --scope TEXT]`: every interleaving of one payout in each scope, with its states counted. Fails
 * where a promise breaks that should hold, with the shortest way to it, and where one holds that should break.
 */
import { parseArgs } from 'node:util';
import { readDeployment } from '../simulation/deployment.ts';
import { checkAdapters } from './adapters.ts';
import { checkControls } from './controls-table.ts';
import { checkEntrances } from './entrances.ts';
import { type Exploration, explore } from './explore.ts';
import { foldAll } from './folds.ts';
import { gateAll } from './gates.ts';
import type { Scope } from './scope.ts';
import { type Expected, SCOPES } from './scopes.ts';
import { checkSubmissionRule } from './submission-table.ts';
import { timelineOf } from './timeline.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, scope: { type: 'string', default: '' } },
});

const whole = (count: number) => count.toLocaleString('en-AU');
const budgetOf = ({ lostAnswers, crashes, delays, deliveries }: Scope) =>
  `lost answers ${lostAnswers}, crashes ${crashes}, delays ${delays}, deliveries of a webhook ${deliveries}`;

const deployment = await readDeployment();
const visited = new Set<string>();
const known = new Set<string>();
let isAsExpected = true;

for (const expected of SCOPES) {
  if (!expected.scope.name.includes(values.scope) || (values.quick && !expected.isQuick)) continue;
  const startedMs = performance.now();
  const exploration = await explore(expected.scope, deployment);
  await report(expected, exploration, performance.now() - startedMs);
}

const foldsStartedMs = performance.now();
const { folds, broken } = foldAll(values.quick ? 2 : 3);
console.log(
  `\nFacts in every order: ${whole(folds)} folds, ${((performance.now() - foldsStartedMs) / 1000).toFixed(1)} s`,
);
console.log(broken === undefined ? '  each ends as the design has it' : `  A RULE BREAKS: ${broken}`);
isAsExpected &&= broken === undefined;
const table = checkSubmissionRule();
console.log(`\nWho may be sent: ${whole(table.rows)} payouts`);
console.log(table.broken === undefined ? '  each as the design has it' : `  A RULE BREAKS: ${table.broken}`);
isAsExpected &&= table.broken === undefined;
const adapters = await checkAdapters();
console.log(`\nAnswers of Monoova, and writes of two writers: ${whole(adapters.cases)}`);
console.log(adapters.broken === undefined ? '  each as the design has it' : `  A RULE BREAKS: ${adapters.broken}`);
isAsExpected &&= adapters.broken === undefined;
const controls = checkControls();
const gates = await gateAll();
console.log(
  `\nWhether Monoova may be called, and what each call teaches: ${whole(controls.cases + gates.cases)} cases`,
);
const brokenGate = controls.broken ?? gates.broken;
console.log(brokenGate === undefined ? '  each as the design has it' : `  A RULE BREAKS: ${brokenGate}`);
isAsExpected &&= brokenGate === undefined;
const entrances = await checkEntrances();
console.log(`\nWebhooks and requests, with whatever fails on their way: ${whole(entrances.cases)}`);
console.log(entrances.broken === undefined ? '  each as the design has it' : `  A RULE BREAKS: ${entrances.broken}`);
isAsExpected &&= entrances.broken === undefined;

const unvisited = [...known].filter((name) => !visited.has(name));
console.log(
  `\nStates of the machines visited: ${known.size - unvisited.length} of ${known.size}${unvisited.length > 0 ? `; not ${unvisited.join(', ')}` : ''}.`,
);
process.exitCode = isAsExpected ? 0 : 1;

async function report({ scope, breaks }: Expected, found: Exploration, elapsedMs: number): Promise<void> {
  const { states, transitions, depth, ends, counterexample, kernel } = found;
  for (const machine of Object.values(kernel.machines)) {
    for (const name of machine.stateNames) known.add(name);
    for (const name of machine.visits.keys()) visited.add(name);
  }
  const isExpected = breaks ? counterexample !== undefined && breaks.test(counterexample.broken) : !counterexample;
  isAsExpected &&= isExpected;
  console.log(`\n(${scope.profile}, ${scope.resubmission}) ${scope.name}: ${budgetOf(scope)}`);
  console.log(
    `  ${whole(states)} states, ${whole(transitions)} transitions, ${depth} steps deep, ${(elapsedMs / 1000).toFixed(1)} s`,
  );
  if (counterexample) {
    console.log(breaks ? '  A promise breaks, as it has to here:' : '  A PROMISE BREAKS:');
    console.log((await timelineOf(kernel, counterexample)).map((line) => `  ${line}`).join('\n'));
    return;
  }
  for (const [end, count] of ends) console.log(`  ${whole(count).padStart(9)} ends: ${end}`);
  if (breaks) console.log(`  NO PROMISE BREAKS, and ${breaks} has to be found here.`);
}
