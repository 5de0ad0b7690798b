import type { Deployment } from '../simulation/deployment.ts';
import { weakened } from './conditions.ts';
import { type Definition, type State, withoutUnreachable } from './definition.ts';
import { weakenedOperands } from './jsonata-operands.ts';
import type { Kind, MachineSuffix, Mutant } from './mutant.ts';
import { ORDERINGS } from './orderings.ts';
import { DISTURBED } from './places.ts';

/** The machines of a payout. The others move no money. */
const MACHINES: readonly MachineSuffix[] = ['submission', 'settlement'];

/** Everything that protects a payout in the definitions of its machines, switched off one at a time. */
export function machineMutants({ machines }: Deployment): Mutant[] {
  return MACHINES.flatMap((suffix) => {
    const machine = machines.find(({ name }) => name.endsWith(`-${suffix}`));
    if (!machine) throw new Error(`The template has no machine ${suffix}.`);
    return mutantsOf(suffix, JSON.parse(machine.definition) as Definition);
  });
}

function mutantsOf(suffix: MachineSuffix, definition: Definition): Mutant[] {
  const mutant = (kind: Kind, what: string, changed: Definition): Mutant => ({
    id: `${suffix} ${what}`,
    kind,
    change: { of: 'machine', suffix, definition: JSON.stringify(withoutUnreachable(changed)) },
  });
  const ofStates = Object.entries(definition.States).flatMap(([name, state]) =>
    changesOf(state).map(({ kind, what, state: changed, ways }) => ({
      ...mutant(kind, `${name}: ${what}`, { ...definition, States: { ...definition.States, [name]: changed } }),
      places: ways.map((way) => `${suffix}/${name}${way}`),
    })),
  );
  const orderings = ORDERINGS.filter((ordering) => ordering.machine === suffix);
  return [...ofStates, ...orderings.map(({ what, reorder }) => mutant('ordering', what, reorder(definition)))];
}

type Changed = {
  readonly kind: Kind;
  readonly what: string;
  readonly state: State;
  /** Of the ways that leave the state, those on which it makes a difference; an empty one stands for all. */
  readonly ways: readonly string[];
};

function changesOf(state: State): Changed[] {
  return [
    ...conditionChanges(state),
    ...retryChanges(state),
    ...catchChanges(state),
    ...choiceChanges(state),
    ...operandChanges(state),
  ];
}

/** What decides within an expression. An answer to the client decides nothing any more. */
function operandChanges(state: State): Changed[] {
  const { Output: _output, Comment: _comment, ...deciding } = state as State & { readonly Output?: unknown };
  const deciders = expressionsIn(deciding).filter(({ path }) => !path.includes('refusal'));
  return deciders.flatMap(({ path, expression }) =>
    weakenedOperands(expression).map(({ what, text }) => ({
      kind: 'operand',
      what: `${path.filter((part) => !/^\d+$/.test(part)).join('.')}: ${what}`,
      state: withValue(state, path, `{%${text}%}`) as State,
      ways: [''],
    })),
  );
}

type Placed = { readonly path: readonly string[]; readonly expression: string };

function expressionsIn(value: unknown, path: readonly string[] = []): Placed[] {
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) => expressionsIn(inner, [...path, name]));
  const [, expression] = /^\{%(.*)%\}$/s.exec(String(value)) ?? [];
  return expression === undefined ? [] : [{ path, expression }];
}

function withValue(value: unknown, [name, ...rest]: readonly string[], text: string): unknown {
  if (name === undefined) return text;
  const changed = Array.isArray(value) ? [...value] : { ...(value as object) };
  const inner = (changed as Record<string, unknown>)[name];
  (changed as Record<string, unknown>)[name] = withValue(inner, rest, text);
  return changed;
}

function conditionChanges(state: State): Changed[] {
  const condition = state.Arguments?.['ConditionExpression'];
  if (typeof condition !== 'string') return [];
  return weakened(condition).map(({ dropped, text }) => ({
    kind: 'condition',
    what: `without ${dropped}`,
    state: { ...state, Arguments: { ...state.Arguments, ConditionExpression: text } },
    ways: caughtWays(state),
  }));
}

function retryChanges(state: State): Changed[] {
  return (state.Retry ?? []).map(({ ErrorEquals }, index) => ({
    kind: 'retry',
    what: `no retry of ${ErrorEquals.join(', ')}`,
    state: { ...state, Retry: (state.Retry ?? []).toSpliced(index, 1) },
    ways: [DISTURBED, ...caughtWays(state)],
  }));
}

function catchChanges(state: State): Changed[] {
  return (state.Catch ?? []).map(({ ErrorEquals, Next }, index) => ({
    kind: 'catch',
    what: `no catcher of ${ErrorEquals.join(', ')} that goes to ${Next}`,
    state: { ...state, Catch: (state.Catch ?? []).toSpliced(index, 1) },
    ways: [` -!> ${Next}`],
  }));
}

function caughtWays({ Catch = [] }: State): string[] {
  return Catch.map(({ Next }) => ` -!> ${Next}`);
}

function choiceChanges(state: State): Changed[] {
  const rules = state.Choices ?? [];
  return rules.flatMap((rule, index): Changed[] => {
    const what = `${rule.Condition.replace(/^\{% (.*) %\}$/, '$1')} ─▶ ${rule.Next}`;
    const others = rules.toSpliced(index, 1);
    const negated = { ...rule, Condition: rule.Condition.replace(/^\{% (.*) %\}$/, '{% $not($1) %}') };
    return [
      {
        kind: 'choice',
        what: `without the rule ${what}`,
        state: others.length > 0 ? { ...state, Choices: others } : passOf(state),
        ways: [` -> ${rule.Next}`],
      },
      {
        kind: 'choice',
        what: `the rule ${what} negated`,
        state: { ...state, Choices: rules.with(index, negated) },
        ways: [''],
      },
    ];
  });
}

/** A choice without rules always takes its default. */
function passOf({ Default, Comment }: State): State {
  return { Type: 'Pass', ...(Comment !== undefined && { Comment }), ...(Default !== undefined && { Next: Default }) };
}
