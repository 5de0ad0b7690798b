import type { HistoryEvent } from '../../../local/step-functions/history.ts';
import type { CreateStateMachineInput } from '../../../local/step-functions/state-machines.ts';
import { joined } from '../joined.ts';

/** How often each state was entered and each edge taken, by `machine/State` and `machine/From -> To`. */
export type Visits = Map<string, number>;

type RawTransitions = { readonly Next?: string; readonly Default?: string };
type RawState = RawTransitions & {
  readonly Type: string;
  readonly Choices?: readonly RawTransitions[];
  readonly Catch?: readonly RawTransitions[];
};

/** Every state and edge of the machines, in their order. A catcher's edge is one of its own: `From -!> To`. */
export function placesOf(machines: readonly CreateStateMachineInput[]): string[] {
  return machines.flatMap(({ name, definition }) => {
    const { States } = JSON.parse(definition) as { readonly States: Readonly<Record<string, RawState>> };
    return Object.entries(States).flatMap(([state, raw]) => [`${name}/${state}`, ...edgesOf(`${name}/${state}`, raw)]);
  });
}

function edgesOf(from: string, { Next, Default, Choices = [], Catch = [] }: RawState): string[] {
  const plain = [Next, Default, ...Choices.map((rule) => rule.Next)].filter((to) => to !== undefined);
  const caught = Catch.map((catcher) => catcher.Next);
  return [...new Set([...plain.map((to) => `${from} -> ${to}`), ...caught.map((to) => `${from} -!> ${to}`)])];
}

/** Follows one execution through its states. */
export class Footsteps {
  readonly #machine: string;
  readonly #visits: Visits;
  #from: string | undefined;
  #isCaught = false;
  #last = '';

  constructor(machineName: string, visits: Visits) {
    this.#machine = machineName;
    this.#visits = visits;
  }

  /** Gives the state that was just entered, if one was. */
  follow({ type, details }: HistoryEvent): string | undefined {
    const last = this.#last;
    this.#last = type;
    if (type.endsWith('StateExited')) {
      this.#from = String(details?.['name']);
      this.#isCaught = last.endsWith('Failed') || last.endsWith('TimedOut');
      return undefined;
    }
    if (!type.endsWith('StateEntered')) return undefined;
    const name = String(details?.['name']);
    this.#count(joined(this.#machine, '/', name));
    if (this.#from !== undefined) {
      const edge = joined(this.#from, this.#isCaught ? ' -!> ' : ' -> ', name);
      this.#count(joined(this.#machine, '/', edge));
    }
    return name;
  }

  #count(place: string): void {
    this.#visits.set(place, (this.#visits.get(place) ?? 0) + 1);
  }
}
