/** The name of the global that the instrumented sources ask. */
export const SWITCH = '__mutants';

/** Which mutant is switched on, and whom to tell where one would have made a difference. */
export class Switch {
  /** The number of the mutant; 0 is none. */
  on = 0;
  #met: Set<number> | undefined;

  /** From now on, and until the next call, notes which mutants would have made a difference. */
  meet(): ReadonlySet<number> {
    this.#met = new Set();
    return this.#met;
  }

  /** What stands in the system as it is, where mutant `number` has `instead`. */
  see(number: number, instead: boolean, value: unknown): unknown {
    if (value !== instead) this.#met?.add(number);
    return value;
  }

  /** Something is done here that mutant `number` does otherwise. */
  pass(number: number): void {
    this.#met?.add(number);
  }
}

/** Puts a switch in place for all sources of this process that are instrumented. */
export function installSwitch(): Switch {
  const installed = new Switch();
  (globalThis as Record<string, unknown>)[SWITCH] = installed;
  return installed;
}
