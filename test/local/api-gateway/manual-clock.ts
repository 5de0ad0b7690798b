import type { Cancel, Clock } from '../../../local/clock.ts';

/** Time that stands still until a test moves it: no real time can slip in between. */
export class ManualClock implements Clock {
  #nowMs = Date.now();
  readonly #timers = new Map<object, { dueMs: number; run: () => void }>();

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Cancel {
    const key = {};
    this.#timers.set(key, { dueMs: this.#nowMs + delayMs, run });
    return () => this.#timers.delete(key);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const [key, { dueMs, run }] of this.#timers) {
      if (dueMs > this.#nowMs) continue;
      this.#timers.delete(key);
      run();
    }
  }

  /** Waits that nobody took back. */
  get pendingCount(): number {
    return this.#timers.size;
  }
}
