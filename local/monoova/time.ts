/** All the time the simulator knows. Whoever embeds it passes its own; real time is the default. */
export interface Time {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Runs `run` once after `delayMs` (0 or more) and gives a function that takes the request back. */
  after(delayMs: number, run: () => void): () => void;
}

export const realTime: Time = {
  nowMs: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** A time whose open waits can all be taken back at once, so that nothing fires after the simulator has stopped. */
export class StoppableTime implements Time {
  readonly #time: Time;
  readonly #cancels = new Set<() => void>();
  #stopped = false;

  constructor(time: Time) {
    this.#time = time;
  }

  nowMs(): number {
    return this.#time.nowMs();
  }

  after(delayMs: number, run: () => void): () => void {
    if (this.#stopped) return () => {};
    const cancelTimer = this.#time.after(delayMs, () => {
      this.#cancels.delete(cancel);
      run();
    });
    const cancel = () => {
      this.#cancels.delete(cancel);
      cancelTimer();
    };
    this.#cancels.add(cancel);
    return cancel;
  }

  /** Resolves after `delayMs`; at once for 0. Never resolves when the simulator stops first. */
  wait(delayMs: number): Promise<void> {
    if (delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.after(delayMs, resolve);
    });
  }

  /** Safe to repeat. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#cancels) cancel();
  }
}
