import type { Deployment } from '../simulation/deployment.ts';
import { deployedFor } from './deployed.ts';
import { START_MS } from './instants.ts';
import { Kernel } from './kernel.ts';
import { brokenPromise, endOf, isQuiet } from './promises.ts';
import { SUBMISSION_INPUT } from './request.ts';
import type { Scope } from './scope.ts';
import { keyOf, type State } from './state.ts';
import { stepsOf } from './steps.ts';
import { NOTHING_HAPPENED } from './truth.ts';

export type Exploration = {
  readonly kernel: Kernel;
  readonly states: number;
  readonly transitions: number;
  /** Steps of the longest way without a detour. */
  readonly depth: number;
  /** Quiet states, by how they look. */
  readonly ends: ReadonlyMap<string, number>;
  /** Undefined where every promise is kept in every state. */
  readonly counterexample: Counterexample | undefined;
};

/** The shortest way to a broken promise: which of the possible steps was taken each time. */
export type Counterexample = { readonly broken: string; readonly choices: readonly number[] };

/** The exploration was broken off before its end, and says nothing. */
export class TooManyStatesError extends Error {
  override readonly name = 'TooManyStatesError' as const;
}

/** More than this and the scope is no small one; the exploration ends and says so. */
const STATES_MAX = 20_000_000;

/**
 * Every state that can be reached, breadth first, so that the first broken promise is found on a shortest way. It ends, since the
 * states are finite: time has few moments, budgets only shrink, and each function and machine only goes on.
 * @throws {TooManyStatesError} where there are more states than `statesMax`
 */
export async function explore(scope: Scope, deployment: Deployment, statesMax = STATES_MAX): Promise<Exploration> {
  const kernel = new Kernel(scope, deployedFor(scope, deployment));
  const begin = await beginning(kernel);
  const known = new Map<string, number>([[keyOf(begin), 0]]);
  const parents: number[] = [-1];
  const choices: number[] = [-1];
  const edges = new Edges();
  const ends = new Map<string, number>();
  let transitions = 0;
  let depth = 0;
  const report = (counterexample?: Counterexample): Exploration => ({
    kernel,
    states: known.size,
    transitions,
    depth,
    ends,
    counterexample,
  });
  const pathTo = (index: number): number[] => {
    const path: number[] = [];
    for (let at = index; at > 0; at = parents[at] ?? 0) path.push(choices[at] ?? 0);
    return path.reverse();
  };

  let layer: { state: State; index: number }[] = [{ state: begin, index: 0 }];
  for (; layer.length > 0; depth++) {
    const next: typeof layer = [];
    for (const { state, index } of layer) {
      const steps = stepsOf(kernel, state);
      if (isQuiet(state)) count(ends, endOf(state));
      else if (steps.length === 0)
        return report({ broken: 'nothing can go on, and something is still under way', choices: pathTo(index) });
      for (const [choice, step] of steps.entries()) {
        transitions += 1;
        const { state: after, broken = brokenPromise(kernel, state, after) } = await step.take();
        if (broken !== undefined) return report({ broken, choices: [...pathTo(index), choice] });
        const key = keyOf(after);
        let target = known.get(key);
        if (target === undefined) {
          target = known.size;
          if (target >= statesMax) throw new TooManyStatesError(`${scope.name} has more than ${statesMax} states.`);
          known.set(key, target);
          parents.push(index);
          choices.push(choice);
          next.push({ state: after, index: target });
        }
        edges.add(index, target);
      }
    }
    layer = next;
  }
  if (!edges.isAcyclic(known.size)) return report({ broken: 'there is a way that comes back to itself', choices: [] });
  return report();
}

/** The first request arrives; the second may. Which of two equal requests is called the first makes no difference. */
export async function beginning(kernel: Kernel): Promise<State> {
  const { scope } = kernel;
  const empty: State = {
    nowMs: START_MS,
    lostAnswers: scope.lostAnswers,
    crashes: scope.crashes,
    delays: scope.delays,
    store: kernel.store({}),
    truth: kernel.truth(NOTHING_HAPPENED),
    processes: [],
  };
  const waiting = scope.requests === 2 ? kernel.put(empty, { kind: 'request', name: 'request 2' }) : empty;
  const launch = { name: 'request 1', machine: 'submission', execution: 'request 1', input: SUBMISSION_INPUT } as const;
  const { state } = await kernel.launch(waiting, launch);
  return scope.isLost ? lostAtSending(kernel, state) : state;
}

/** More steps than a submission has. */
const SUBMISSION_STEPS_MAX = 20;

/** Lets the submission go on until it would send, and takes it away. */
async function lostAtSending(kernel: Kernel, begin: State): Promise<State> {
  let state = begin;
  for (let steps = 0; steps < SUBMISSION_STEPS_MAX; steps++) {
    const sending = state.processes.find(({ value }) => value.kind === 'lambda');
    if (sending) return kernel.remove(kernel.remove(state, sending.value.name), 'request 1');
    const [next] = stepsOf(kernel, state).filter((step) => step.words().startsWith('request 1: '));
    if (!next) break;
    state = (await next.take()).state;
  }
  throw new Error('The submission does not come to send anything.');
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

/** All transitions, kept to see that no way leads back: then every way ends, and every wait with it. */
class Edges {
  #from = new Int32Array(1 << 16);
  #to = new Int32Array(1 << 16);
  #size = 0;

  add(from: number, to: number): void {
    if (this.#size === this.#from.length) {
      this.#from = grown(this.#from);
      this.#to = grown(this.#to);
    }
    this.#from[this.#size] = from;
    this.#to[this.#size] = to;
    this.#size += 1;
  }

  /** Takes away, again and again, the states that nothing leads to; what is left stands in a circle. */
  isAcyclic(states: number): boolean {
    const starts = new Int32Array(states + 1);
    const incoming = new Int32Array(states);
    for (let edge = 0; edge < this.#size; edge++) {
      bump(starts, (this.#from[edge] ?? 0) + 1);
      bump(incoming, this.#to[edge] ?? 0);
    }
    for (let state = 0; state < states; state++) starts[state + 1] = (starts[state + 1] ?? 0) + (starts[state] ?? 0);
    const targets = new Int32Array(this.#size);
    const filled = starts.slice();
    for (let edge = 0; edge < this.#size; edge++) {
      const from = this.#from[edge] ?? 0;
      targets[filled[from] ?? 0] = this.#to[edge] ?? 0;
      bump(filled, from);
    }
    const free = [...incoming.keys()].filter((state) => incoming[state] === 0);
    let taken = 0;
    for (let state = free.pop(); state !== undefined; state = free.pop()) {
      taken += 1;
      for (let at = starts[state] ?? 0; at < (starts[state + 1] ?? 0); at++) {
        const target = targets[at] ?? 0;
        incoming[target] = (incoming[target] ?? 0) - 1;
        if (incoming[target] === 0) free.push(target);
      }
    }
    return taken === states;
  }
}

function bump(counts: Int32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
