import type { Clock } from '../../clock.ts';
import { type DailyTime, nextTime } from './daily.ts';

/** What a schedule starts, as which role. */
export type ScheduledStart = { readonly stateMachineArn: string; readonly roleArn: string; readonly input: string };

export type SchedulerDeps = {
  readonly clock: Clock;
  /** Starts a machine as the role, if Scheduler may assume it and the role may start it. */
  start(start: ScheduledStart): Promise<void>;
  /** Takes what a start failed with: it is not tried again here, as the next time comes by itself. */
  onFailure(error: unknown): void;
};

/** EventBridge Scheduler, as far as schedules start state machines once a day. */
export class Scheduler {
  readonly #deps: SchedulerDeps;

  constructor(deps: SchedulerDeps) {
    this.#deps = deps;
  }

  /** Fires from the next time on, until the clock stops. Times while nothing ran are not made up for. */
  add(daily: DailyTime, start: ScheduledStart): void {
    const { clock, onFailure } = this.#deps;
    const nowMs = clock.nowMs();
    clock.after(nextTime(daily, nowMs) - nowMs, () => {
      this.#deps.start(start).catch(onFailure);
      this.add(daily, start);
    });
  }
}
