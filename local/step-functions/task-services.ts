import type { Clock } from '../clock.ts';
import type { TaskRunner } from './task-runner.ts';
import type { TaskTokens } from './task-tokens.ts';

/** What the tasks of all executions share. */
export type TaskServices = {
  readonly clock: Clock;
  readonly random: () => number;
  readonly region: string;
  readonly runTask: TaskRunner;
  readonly tokens: TaskTokens;
};
