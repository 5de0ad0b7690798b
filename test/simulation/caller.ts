const WEIGHTS: Readonly<Record<string, number>> = { operator: 10, person: 6, 'read-payouts': 3, 'receive-webhook': 2 };

/** Whoever makes effects: one invocation of a function, one execution, a client. Nothing answers it once it has ended. */
export class Caller {
  /** Unique in the run: what its points are named after. */
  readonly name: string;
  /** What its effects are counted under, e.g. `submit-payment`. */
  readonly role: string;
  /** How much likelier its effects go wrong than the run has it: whoever comes seldom would else see little of it. */
  readonly weight: number;
  readonly #onKilled: () => void;
  readonly #calls = new Map<string, number>();
  #isAlive = true;

  constructor(name: string, role: string, onKilled: () => void = () => undefined) {
    this.name = name;
    this.role = role;
    this.weight = WEIGHTS[role] ?? 1;
    this.#onKilled = onKilled;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Ends it where it stands. Safe to repeat. */
  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#onKilled();
  }

  /** Ends it as it should: it has answered, and waits for nothing any more. */
  finish(): void {
    this.#isAlive = false;
  }

  /** The name of its next call of this sort. */
  nextCall(sort: string): string {
    const count = (this.#calls.get(sort) ?? 0) + 1;
    this.#calls.set(sort, count);
    return `${this.name} ${sort} ${count}`;
  }
}
