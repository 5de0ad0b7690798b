import type { Choices } from './choices.ts';
import type { Fault, Point } from './faults.ts';

/** How often each kind of fault came about at each label, and how often it could have. */
export type FaultCounts = Map<string, Map<string, number>>;

/** Asks for every fault in one place, and keeps those that came about. */
export class FaultGate {
  readonly fired: Fault[] = [];
  #isCalm = false;
  readonly #choices: Choices;
  readonly #elapsedMs: () => number;
  readonly #counts: FaultCounts;
  readonly #onFault: (point: Point, kind: string) => void;

  constructor(deps: {
    readonly choices: Choices;
    readonly elapsedMs: () => number;
    readonly counts: FaultCounts;
    readonly onFault: (point: Point, kind: string) => void;
  }) {
    this.#choices = deps.choices;
    this.#elapsedMs = deps.elapsedMs;
    this.#counts = deps.counts;
    this.#onFault = deps.onFault;
  }

  /** From now on nothing goes wrong any more: what was left over must come to its end. Safe to repeat. */
  calm(): void {
    this.#isCalm = true;
  }

  /** What goes wrong at this point, which is asked about once. */
  at(point: Point): string | undefined {
    if (this.#isCalm) return undefined;
    const counts = this.#countsOf(point);
    const kind = this.#choices.fault(point, this.#elapsedMs());
    if (kind === undefined) return undefined;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    this.fired.push([point.name, kind]);
    this.#onFault(point, kind);
    return kind;
  }

  #countsOf({ label, kinds }: Point): Map<string, number> {
    const known = this.#counts.get(label);
    if (known) return known;
    const counts = new Map(kinds.map((kind) => [kind, 0]));
    this.#counts.set(label, counts);
    return counts;
  }
}
