import type { Cancel, Clock } from '../clock.ts';
import type { ExecutionEnded } from './execution.ts';

/**
 * Tells whoever waits within an execution that it is over. An AbortSignal would do the same: making one, and its events, costs more than a
 * whole state does.
 */
export class EndOfRun {
  #reason: ExecutionEnded | undefined;
  readonly #listeners = new Set<(reason: ExecutionEnded) => void>();

  get reason(): ExecutionEnded | undefined {
    return this.#reason;
  }

  /** Calls `listener` once, when the execution ends; never when it has ended already. */
  onEnd(listener: (reason: ExecutionEnded) => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Safe to repeat: the first reason counts. */
  end(reason: ExecutionEnded): void {
    if (this.#reason) return;
    this.#reason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(reason);
  }
}

/** Resolves when `delayMs` have passed on `clock`, or rejects with why the execution ended. */
export function sleepWithin(end: EndOfRun, clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (end.reason) return reject(end.reason);
    const cancel = clock.after(delayMs, () => {
      forget();
      resolve();
    });
    const forget = end.onEnd((reason) => {
      cancel();
      reject(reason);
    });
  });
}
