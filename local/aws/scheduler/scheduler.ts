import type { Cancel, Clock } from '../../clock.ts';
import { nextTime } from './daily.ts';
import type { Timing } from './timing.ts';

/** What a schedule starts or calls, as which role: a machine or a function, by an alias or without. */
export type ScheduledStart = {
  /** Of the schedule. */
  readonly name: string;
  readonly targetArn: string;
  readonly roleArn: string;
  readonly input: string;
};

export type SchedulerDeps = {
  readonly clock: Clock;
  /** Starts a machine or calls a function as the role, if Scheduler may assume it and the role may do so. */
  start(start: ScheduledStart): Promise<void>;
  /** Takes what a start failed with: it is not tried again here, as the next time comes by itself. */
  onFailure(error: unknown): void;
};

/** EventBridge Scheduler, as far as schedules start state machines or call functions, once a day or every so often. */
export class Scheduler {
  readonly #deps: SchedulerDeps;
  readonly #cancels = new Map<string, Cancel>();

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  /** Fires from the next time on, until the clock stops. Times while nothing ran are not made up for. */
  add(timing: Timing, start: ScheduledStart): void {
    const { clock, onFailure } = this.#deps;
    const nowMs = clock.nowMs();
    const waitMs = 'everyMs' in timing ? timing.everyMs : nextTime(timing, nowMs) - nowMs;
    const cancel = clock.after(waitMs, () => {
      this.#deps.start(start).catch(onFailure);
      this.add(timing, start);
    });
    this.#cancels.set(start.name, cancel);
  }

  /** As UpdateSchedule does with the state DISABLED. Safe to repeat, and for a schedule that is not there. */
  disable(name: string): void {
    this.#cancels.get(name)?.();
  }
}
