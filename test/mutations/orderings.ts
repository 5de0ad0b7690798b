import type { Definition, State } from './definition.ts';
import type { MachineSuffix } from './mutant.ts';

/** An order that money depends on, and the machine in the other order. */
export type Ordering = {
  readonly machine: MachineSuffix;
  readonly what: string;
  readonly reorder: (definition: Definition) => Definition;
};

/** The orders of the design's rules 1, 2 and 5 that the machines keep. Those of the functions are in code-orderings.ts. */
export const ORDERINGS: readonly Ordering[] = [
  {
    machine: 'submission',
    what: 'the guard is started after the payment (record ─▶ pay ─▶ guard)',
    reorder: (from) =>
      changed(from, {
        RecordTransaction: (state) => ({ ...state, Next: 'SubmitPayment' }),
        IsDeclined: (state) => ({ ...state, Default: 'StartSettlement' }),
        IsReplay: (state) => ({ ...state, Default: 'Respond' }),
      }),
  },
  {
    machine: 'submission',
    what: 'the guard is started before the record is written (guard ─▶ record ─▶ pay)',
    reorder: (from) =>
      changed(from, {
        TakeStageLimit: (state) => ({ ...state, Next: 'StartSettlement' }),
        StartSettlement: (state) => ({ ...early(state), Next: 'RecordTransaction' }),
        RecordTransaction: (state) => ({ ...state, Next: 'SubmitPayment' }),
        IsPayoutKnown: (state) => redirected(state, 'StartSettlement', 'SubmitPayment'),
        IsReplayOpen: (state) => redirected(state, 'StartSettlement', 'Respond'),
      }),
  },
  {
    machine: 'submission',
    what: 'the limits are counted after the record is written (record ─▶ limits ─▶ guard)',
    reorder: (from) =>
      changed(from, {
        IsDestinationKnown: (state) => ({ ...state, Default: 'RecordTransaction' }),
        RecordTransaction: (state) => ({ ...state, Next: 'TakeCustomerLimit' }),
        TakeStageLimit: (state) => ({ ...state, Next: 'StartSettlement' }),
      }),
  },
  {
    machine: 'submission',
    what: 'the destination is asked for before the replay is looked for (decrypt ─▶ find)',
    reorder: (from) =>
      changed(from, {
        IsRequestValid: (state) => ({ ...state, Default: 'DecryptDestination' }),
        IsDestinationKnown: (state) => ({ ...state, Default: 'FindPayout' }),
        IsPaused: (state) => ({ ...state, Default: 'TakeCustomerLimit' }),
      }),
  },
  {
    machine: 'submission',
    what: 'the pause is asked for before the replay is looked for (controls ─▶ find)',
    reorder: (from) =>
      changed(from, {
        IsRequestValid: (state) => ({ ...state, Default: 'ReadControls' }),
        IsPaused: (state) => ({ ...state, Default: 'FindPayout' }),
        IsPayoutKnown: (state) => redirected(state, 'ReadControls', 'DecryptDestination'),
      }),
  },
  {
    machine: 'submission',
    what: 'the payment is sent before the record is written (pay ─▶ record ─▶ guard)',
    reorder: (from) =>
      changed(from, {
        TakeStageLimit: (state) => ({ ...state, Next: 'SubmitPayment' }),
        SubmitPayment: (state) => ({ ...caughtBy(early(state), 'RecordTransaction'), Next: 'RecordTransaction' }),
        IsReplay: (state) => ({ ...state, Default: 'Respond' }),
      }),
  },
  {
    machine: 'settlement',
    what: 'Monoova is asked before the first wait (check ─▶ wait)',
    reorder: (from) => changed(from, { BeginWatch: (state) => ({ ...state, Next: 'CheckSettlement' }) }),
  },
  {
    machine: 'settlement',
    what: 'the guard sends before it has asked (pay ─▶ check)',
    reorder: (from) =>
      changed(from, {
        AwaitOutcome: (state) => caughtBy(state, 'SubmitPayment'),
        SubmitPayment: (state) => ({ ...caughtBy(state, 'CheckSettlement'), Next: 'CheckSettlement' }),
        RouteByNextStep: (state) => redirected(state, 'SubmitPayment', 'AwaitOutcome'),
      }),
  },
  {
    machine: 'settlement',
    what: 'a ring is believed (token ─▶ settled)',
    reorder: (from) => changed(from, { AwaitOutcome: (state) => ({ ...state, Next: 'Settled' }) }),
  },
];

/** @throws {Error} where there is no such state: then the machine has changed, and its orders have to be written down anew */
function changed(from: Definition, changes: Readonly<Record<string, (state: State) => State>>): Definition {
  const states: Record<string, State> = { ...from.States };
  for (const [name, change] of Object.entries(changes)) {
    const state = states[name];
    if (!state) throw new Error(`The machine has no state ${name} any more.`);
    states[name] = change(state);
  }
  return { ...from, States: states };
}

function redirected(state: State, from: string, to: string): State {
  const choices = state.Choices?.map((rule) => (rule.Next === from ? { ...rule, Next: to } : rule)) ?? [];
  if (JSON.stringify(choices) === JSON.stringify(state.Choices)) throw new Error(`No rule leads to ${from} any more.`);
  return { ...state, Choices: choices };
}

/** Its last catcher, which takes whatever the others do not, goes there. */
function caughtBy(state: State, target: string): State {
  const catchers = state.Catch ?? [];
  const last = catchers.at(-1);
  if (!last) throw new Error('The state has no catcher any more.');
  return { ...state, Catch: catchers.with(-1, { ...last, Next: target }) };
}

/** What it knows of the payout comes from the request, as long as there is no payout. */
function early(state: State): State {
  return JSON.parse(JSON.stringify(state).replaceAll('$payout.transaction_id', '$request.transaction_id')) as State;
}
