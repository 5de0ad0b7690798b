/** Takes back what was asked for with {@link Clock.after}. Safe to repeat, and safe after it has fired. */
export type Cancel = () => void;

/**
 * The only source of time in the local run: every wait, timeout, retry, queue delay and schedule asks it, so that a test
 * (or the simulation) moves time forward without editing the template.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Runs `run` once when `delayMs` (0 or more) have passed. Equal times fire in the order in which they were asked for. */
  after(delayMs: number, run: () => void): Cancel;
}

/** Resolves when `delayMs` have passed on `clock`, or rejects with the signal's reason. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

type Timer = { readonly dueMs: number; readonly order: number; readonly run: () => void };

/** setTimeout holds at most this many milliseconds (2^31 - 1); a longer wait is asked for again when it comes due. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/**
 * Real time plus an offset that only grows. `advance` moves it forward and fires, in order, everything that falls due.
 * The offset lives in shared memory, so that Lambda workers read the same time (see {@link SharedOffset}).
 */
export class ShiftableClock implements Clock {
  readonly offset: SharedOffset;
  readonly #timers = new Set<Timer>();
  #order = 0;
  #wake: NodeJS.Timeout | undefined;
  /** When `#wake` looks for what is due. Under load thousands wait, so it is moved for an earlier timer alone. */
  #wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(offset: SharedOffset = new SharedOffset()) {
    this.offset = offset;
  }

  nowMs(): number {
    return Date.now() + this.offset.ms();
  }

  after(delayMs: number, run: () => void): Cancel {
    const timer: Timer = { dueMs: this.nowMs() + Math.max(0, delayMs), order: this.#order++, run };
    this.#timers.add(timer);
    if (timer.dueMs < this.#wakeAtMs) this.#wakeAt(timer.dueMs);
    return () => {
      // Waking for one that was taken back costs less than looking for the next one now. None at all keeps nobody alive.
      if (this.#timers.delete(timer) && this.#timers.size === 0) this.#arm();
    };
  }

  /**
   * Moves time forward by `ms` (0 or more). Timers fire one at a time, each at its own due time and each followed by a
   * turn of the event loop, so that what one of them starts can still ask for an earlier time than the next.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.nowMs() + ms;
    for (;;) {
      const next = this.#next();
      if (!next || next.dueMs > endMs) break;
      this.#moveTo(next.dueMs);
      this.#timers.delete(next);
      next.run();
      await new Promise(setImmediate);
    }
    this.#moveTo(endMs);
    this.#arm();
  }

  /** Forgets every timer; nothing fires after this. */
  stop(): void {
    this.#timers.clear();
    clearTimeout(this.#wake);
  }

  #moveTo(targetMs: number): void {
    const missingMs = targetMs - this.nowMs();
    if (missingMs > 0) this.offset.add(missingMs);
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (!next || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer;
    }
    return next;
  }

  #arm(): void {
    this.#wakeAt(this.#next()?.dueMs ?? Number.POSITIVE_INFINITY);
  }

  #wakeAt(dueMs: number): void {
    clearTimeout(this.#wake);
    this.#wakeAtMs = dueMs;
    if (dueMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(0, dueMs - this.nowMs()), LONGEST_TIMEOUT_MS);
    this.#wake = setTimeout(() => this.#fireDue(), delayMs);
  }

  #fireDue(): void {
    for (;;) {
      const next = this.#next();
      if (!next || next.dueMs > this.nowMs()) break;
      this.#timers.delete(next);
      next.run();
    }
    this.#arm();
  }
}

/** Milliseconds that a clock stands ahead of real time, readable from any thread of the process. */
export class SharedOffset {
  readonly buffer: SharedArrayBuffer;
  readonly #cell: BigInt64Array;
  #onAdded: (() => void) | undefined;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#cell = new BigInt64Array(buffer);
  }

  /** `run` is called after each addition in this thread; only the last one given is. */
  onAdded(run: () => void): void {
    this.#onAdded = run;
  }

  ms(): number {
    return Number(Atomics.load(this.#cell, 0));
  }

  add(ms: number): void {
    Atomics.add(this.#cell, 0, BigInt(Math.ceil(ms)));
    this.#onAdded?.();
  }
}

/** Any clock whose offset the functions' threads can read. */
export type RunClock = Clock & { readonly offset: SharedOffset; stop(): void };
