import type { Cancel, Clock } from '../../local/clock.ts';

type Timer = { readonly dueMs: number; readonly run: () => void };

/** Time that stands still until it is moved to the next timer, so that a case takes no real time and always goes alike. */
export class ManualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(startMs: number = Date.UTC(2025, 0, 15)) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Cancel {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Moves to the earliest timer and fires it; false when there is none. Equal times fire in the order of asking. */
  fireNext(): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (!next || timer.dueMs < next.dueMs) next = timer;
    }
    if (!next) return false;
    this.#timers.delete(next);
    this.#nowMs = next.dueMs;
    next.run();
    return true;
  }
}

/** Lets everything that needs no time happen: all promises that are ready, and what they make ready. */
export async function settle(): Promise<void> {
  await new Promise(setImmediate);
}
