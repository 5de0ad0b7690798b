/** A definition as its JSON has it, as far as mutants read it. */
export type State = {
  readonly Type: string;
  readonly Comment?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Arguments?: Readonly<Record<string, unknown>>;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Choices?: readonly { readonly Condition: string; readonly Next: string }[];
};
export type Definition = {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
};

/** Step Functions refuses a state that nothing leads to; a change may leave some. */
export function withoutUnreachable(definition: Definition): Definition {
  const reached = new Set<string>();
  const open = [definition.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = definition.States[name];
    if (!state || reached.has(name)) continue;
    reached.add(name);
    open.push(...targetsOf(state));
  }
  return {
    ...definition,
    States: Object.fromEntries(Object.entries(definition.States).filter(([name]) => reached.has(name))),
  };
}

function targetsOf({ Next, Default, Catch = [], Choices = [] }: State): string[] {
  return [Next, Default, ...Catch.map((one) => one.Next), ...Choices.map((one) => one.Next)].filter(
    (name) => name !== undefined,
  );
}
