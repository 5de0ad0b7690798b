import type { RunClock } from '../../local/clock.ts';
import { type Cancel, type SharedOffset, ShiftableClock } from '../../local/clock.ts';

/** What goes on in a run. Environments that start never wait for the clock, however long they take on a busy machine. */
export type Activity = { readonly isBusy: () => boolean; readonly isStarting: () => boolean };

/** Real time given to work under way before time is moved over its head; more means it waits for the clock itself. */
const PATIENCE_MS = 400;
const POLL_MS = 4;
/** So many looks in a row must find nothing at work: one piece of work often starts the next a moment later. */
const QUIET_LOOKS = 4;

/**
 * A clock that moves forward only between pieces of work. Functions run in threads of their own and take real
 * milliseconds; moving time on while they run would let their timeouts fire before they had a chance.
 */
export class QuietClock implements RunClock {
  readonly offset: SharedOffset;
  readonly #clock = new ShiftableClock();
  readonly #dueMs = new Set<{ atMs: number }>();

  constructor() {
    this.offset = this.#clock.offset;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  after(delayMs: number, run: () => void): Cancel {
    const due = { atMs: this.nowMs() + delayMs };
    this.#dueMs.add(due);
    const cancel = this.#clock.after(delayMs, () => {
      this.#dueMs.delete(due);
      run();
    });
    return () => {
      this.#dueMs.delete(due);
      cancel();
    };
  }

  stop(): void {
    this.#clock.stop();
  }

  /** Moves time on by `ms`, from one due time to the next, and lets what each of them started come to rest. */
  async advance(ms: number, activity: Activity): Promise<void> {
    const endMs = this.nowMs() + ms;
    for (;;) {
      await rest(activity);
      const nextMs = Math.min(...[...this.#dueMs].map(({ atMs }) => atMs));
      if (nextMs > endMs) break;
      await this.#clock.advance(Math.max(0, nextMs - this.nowMs()));
    }
    await this.#clock.advance(Math.max(0, endMs - this.nowMs()));
    await rest(activity);
  }
}

/** Resolves when nothing is at work, or all that is at work has had its time. */
async function rest({ isBusy, isStarting }: Activity): Promise<void> {
  let givenUpAtMs = performance.now() + PATIENCE_MS;
  let quietLooks = 0;
  while (quietLooks < QUIET_LOOKS && performance.now() < givenUpAtMs) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    quietLooks = isBusy() ? 0 : quietLooks + 1;
    if (isStarting()) givenUpAtMs = performance.now() + PATIENCE_MS;
  }
}
