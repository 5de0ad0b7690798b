import type { Definition, State } from './definition.ts';
import type { DefinitionReport } from './definition-report.ts';

/**
 * Every transition leads to a state, the workflow can end, and every state can be reached, in AWS's order and words
 * (measured in https://github.com/floci-io/floci/pull/2786: a workflow without an end is not walked for the last rule).
 */
export function checkTargets(definition: Definition, report: DefinitionReport): void {
  const { startAt, states } = definition;
  if (!states.has(startAt)) missing(report, '/StartAt', startAt);
  for (const state of states.values()) {
    for (const [field, target] of targetsOf(state)) {
      if (!states.has(target)) missing(report, `/States/${state.name}/${field}`, target);
    }
  }
  if (![...states.values()].some(isTerminal)) {
    report.add('MISSING_END_STATE', undefined, 'Workflow has no terminal state');
    return;
  }
  const reached = reachableFrom(definition);
  for (const name of states.keys()) {
    if (!reached.has(name))
      report.add('MISSING_TRANSITION_TARGET', `/States/${name}`, `State "${name}" is not reachable.`);
  }
}

function missing(report: DefinitionReport, location: string, target: string): void {
  report.add('MISSING_TRANSITION_TARGET', location, `Missing 'Next' target: ${target}`);
}

function isTerminal(state: State): boolean {
  return state.type === 'Succeed' || state.type === 'Fail' || ('next' in state && state.next === undefined);
}

function targetsOf(state: State): [string, string][] {
  const targets: [string, string][] = [];
  if ('next' in state && state.next !== undefined) targets.push(['Next', state.next]);
  if (state.type === 'Choice') {
    targets.push(...state.rules.map((rule, index): [string, string] => [`Choices[${index}]/Next`, rule.next]));
    if (state.otherwise !== undefined) targets.push(['Default', state.otherwise]);
  }
  if (state.type === 'Task') {
    targets.push(...state.catchers.map((catcher, index): [string, string] => [`Catch[${index}]/Next`, catcher.next]));
  }
  return targets;
}

function reachableFrom({ startAt, states }: Definition): Set<string> {
  const reached = new Set<string>();
  const open = [startAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const state = states.get(name);
    if (state) open.push(...targetsOf(state).map(([, target]) => target));
  }
  return reached;
}
