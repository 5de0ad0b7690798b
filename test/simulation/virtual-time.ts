import type { Cancel, Clock } from '../../local/clock.ts';

/** Everything that is to happen, in the order of its time; equal times keep the order in which they were asked for. */
type Event = { readonly dueMs: number; readonly order: number; run: (() => void) | undefined };

/** A turn of the real event loop after so many events, for messages and what else is outside of the world. */
const REAL_TURN_EVERY = 500;

/** Why the queue is no longer worked off. */
export type Ending = 'idle' | 'stopped' | 'too many events';

/**
 * The one clock and the one event loop of a simulated world. Time stands still while an event is worked off, with everything
 * that it makes ready: promises settle in one order always, so that one seed gives one course of events. Nothing else in the
 * world may wait for real time.
 */
export class VirtualTime implements Clock {
  #nowMs: number;
  #order = 0;
  #isStopped = false;
  readonly #heap: Event[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Cancel {
    const event: Event = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run };
    push(this.#heap, event);
    return () => {
      event.run = undefined;
    };
  }

  /** Nothing more happens once the event under way is over. Safe to repeat. */
  stop(): void {
    this.#isStopped = true;
  }

  /**
   * Works off events until none is left. A tick that is asked for by a microtask comes after every promise that is ready, however long
   * their chain is (https://nodejs.org/api/process.html#when-to-use-queuemicrotask-vs-processnexttick), and costs less than a turn of the
   * event loop.
   * @param afterEach called when an event, and all that it made ready, is over
   */
  run(eventsMax: number, afterEach: () => void): Promise<Ending> {
    return new Promise((resolve, reject) => {
      let events = 0;
      const step = () => {
        try {
          if (events > 0) afterEach();
          if (this.#isStopped) return resolve('stopped');
          if (events === eventsMax) return resolve('too many events');
          const run = this.#next();
          if (!run) return resolve('idle');
          events += 1;
          run();
          if (events % REAL_TURN_EVERY === 0) setImmediate(step);
          else queueMicrotask(() => process.nextTick(step));
        } catch (error) {
          reject(error);
        }
      };
      step();
    });
  }

  /** Moves to the next event that was not taken back. */
  #next(): (() => void) | undefined {
    for (let event = pop(this.#heap); event; event = pop(this.#heap)) {
      if (!event.run) continue;
      this.#nowMs = event.dueMs;
      return event.run;
    }
    return undefined;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}

/** A binary heap: the parent of `index` stands at `(index - 1) >> 1`. */
function push(heap: Event[], event: Event): void {
  let index = heap.length;
  heap.push(event);
  while (index > 0) {
    const above = (index - 1) >> 1;
    const parent = heap[above];
    if (!parent || !isBefore(event, parent)) break;
    heap[index] = parent;
    index = above;
  }
  heap[index] = event;
}

function pop(heap: Event[]): Event | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (!first || !last || first === last) return first;
  let index = 0;
  for (;;) {
    const below = smallerChild(heap, index);
    const child = heap[below];
    if (!child || !isBefore(child, last)) break;
    heap[index] = child;
    index = below;
  }
  heap[index] = last;
  return first;
}

function smallerChild(heap: readonly Event[], index: number): number {
  const left = 2 * index + 1;
  const [one, other] = [heap[left], heap[left + 1]];
  return one && other && isBefore(other, one) ? left + 1 : left;
}
