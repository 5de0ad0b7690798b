/** What happened in a world, line by line. Kept only where somebody wants to read it or compare it. */
export type TraceLine = { readonly atMs: number; readonly who: string; readonly what: string };

export class Trace {
  readonly lines: TraceLine[] = [];
  readonly #nowMs: () => number;
  readonly isKept: boolean;

  constructor(nowMs: () => number, isKept: boolean) {
    this.#nowMs = nowMs;
    this.isKept = isKept;
  }

  /** `what` is asked for only where it is kept. */
  note(who: string, what: () => string): void {
    if (this.isKept) this.lines.push({ atMs: this.#nowMs(), who, what: what() });
  }
}
