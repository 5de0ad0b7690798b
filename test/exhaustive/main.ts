import { parseArgs } from 'node:util';
import { definitionsOf } from './definitions.ts';
import { explore } from './explore.ts';
import { stageOf } from './scope.ts';
import { SCOPES } from './scopes.ts';
import { timelineOf } from './timeline.ts';

const { values } = parseArgs({ options: { scope: { type: 'string', multiple: true } } });
for (const { scope } of SCOPES) {
  if (values.scope && !values.scope.includes(scope.name)) continue;
  const started = performance.now();
  const definitions = definitionsOf(stageOf(scope));
  const synthMs = performance.now() - started;
  const result = await explore(scope, definitions);
  const seconds = (performance.now() - started - synthMs) / 1000;
  console.log(
    `${scope.name}: ${result.states} states, ${result.transitions} transitions, depth ${result.depth}, ${seconds.toFixed(1)} s (synth ${(synthMs / 1000).toFixed(1)} s)`,
    result.ends,
    `invocation points ${result.kernel.invocations.size}, machine points ${result.kernel.machines.submission.size} ${result.kernel.machines.settlement.size}`,
    `${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
  );
  if (result.counterexample) console.log((await timelineOf(result.kernel, result.counterexample)).join('\n'));
}
