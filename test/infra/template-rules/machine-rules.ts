import { at, resourcesOf } from '../synthesis.ts';
import { type Rule, type Sabotage, type Stack, withValue } from './rule.ts';

type State = {
  readonly Type: string;
  readonly Resource?: string;
  readonly Arguments?: unknown;
  readonly TimeoutSeconds?: unknown;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
};
type States = Readonly<Record<string, State>>;

/** Non-receipt is proven by these alone; whatever else is sent again could pay twice. */
const PROVEN_UNRECEIVED = ['MonoovaUnreachableError', 'MonoovaThrottledError'];

export const MACHINE_RULES: readonly Rule[] = [
  stateRule(
    'every task ends in time',
    ({ Type }) => Type === 'Task',
    ({ TimeoutSeconds }) =>
      typeof TimeoutSeconds === 'string' || (typeof TimeoutSeconds === 'number' && TimeoutSeconds > 0),
    (state) => [undefined, 0].map((TimeoutSeconds) => ({ ...state, TimeoutSeconds })),
  ),
  stateRule(
    'every task catches whatever is left',
    ({ Type }) => Type === 'Task',
    ({ Catch = [] }) => JSON.stringify(Catch.at(-1)?.ErrorEquals) === '["States.ALL"]',
    ({ Catch = [], ...state }) => [state, { ...state, Catch: Catch.slice(0, -1) }],
  ),
  stateRule(
    'SubmitPayment is repeated only after proven non-receipt',
    ({ Arguments }) => JSON.stringify(Arguments ?? '').includes('${SubmitPaymentFunctionArn}'),
    ({ Retry = [] }) => Retry.every(({ ErrorEquals }) => ErrorEquals.every((name) => PROVEN_UNRECEIVED.includes(name))),
    (state) =>
      ['States.ALL', 'States.TaskFailed', 'States.Timeout', 'Lambda.Unknown'].map((name) => ({
        ...state,
        Retry: [...(state.Retry ?? []), { ErrorEquals: [name] }],
      })),
  ),
];

function stateRule(
  name: string,
  isMeant: (state: State) => boolean,
  isSound: (state: State) => boolean,
  spoil: (state: State) => readonly State[],
): Rule {
  const meant = (stack: Stack) =>
    machinesOf(stack).flatMap(({ logicalId, states }) =>
      Object.entries(states)
        .filter(([, state]) => isMeant(state))
        .map(([stateName, state]) => ({ logicalId, stateName, state, breach: `${logicalId} ${stateName}` })),
    );
  return {
    name,
    breaches: (stack) =>
      meant(stack)
        .filter(({ state }) => !isSound(state))
        .map(({ breach }) => breach),
    sabotages: (stack) =>
      meant(stack).flatMap(({ logicalId, stateName, state, breach }) =>
        spoil(state).map((spoilt): Sabotage => ({ breach, stack: withState(stack, logicalId, stateName, spoilt) })),
      ),
  };
}

function machinesOf({ template }: Stack): { logicalId: string; states: States }[] {
  return resourcesOf(template, 'AWS::StepFunctions::StateMachine').map(({ logicalId, Properties }) => ({
    logicalId,
    states: JSON.parse(String(Properties['DefinitionString'])).States,
  }));
}

function withState(stack: Stack, logicalId: string, stateName: string, state: State): Stack {
  const path = [logicalId, 'Properties', 'DefinitionString'];
  const definition = JSON.parse(String(at(stack.template.Resources, ...path)));
  const States = { ...definition.States, [stateName]: state };
  return withValue(stack, path, JSON.stringify({ ...definition, States }));
}
