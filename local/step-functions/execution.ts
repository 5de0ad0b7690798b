import type { JsonValue } from '../json.ts';
import type { EndOfRun } from './end-of-run.ts';
import type { HistoryEvent } from './history.ts';
import type { StateMachine } from './state-machine.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** How an attempt of a task ended. */
export type KeptOutcome =
  | { readonly kind: 'result'; readonly value: JsonValue }
  | {
      readonly kind: 'failed' | 'timed-out';
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
      readonly alsoMatches: readonly string[];
    };

/**
 * What a state is doing. Each step is kept before anything outside can know of it:
 *
 *     waiting                                     a Wait state, until `dueMs`
 *     calling ──▶ decided                         an attempt whose answer ends it
 *     calling ──▶ submitted ──▶ decided           an attempt that waits for its token
 *     decided ──▶ retrying ──▶ calling            until `dueMs`, then the next attempt
 *
 * A run that ended while `calling` does not know what became of the call: the attempt has failed. Every other step goes on.
 */
export type Phase = 'waiting' | 'calling' | 'submitted' | 'decided' | 'retrying';

/** Where an execution stands, in the state it is in. */
export type CurrentState = {
  readonly name: string;
  readonly input: JsonValue;
  readonly enteredMs: number;
  readonly enteredEventId: number;
  /** Retries of this state so far, over all retriers. */
  retryCount: number;
  /** Retries so far of each retrier, in their order. */
  retrierCounts: number[];
  /** Undefined until something outside depends on it: until then the state can be run anew from its input. */
  phase?: Phase;
  /** The outcome of the attempt, once it is `decided`. */
  outcome?: KeptOutcome;
  /** The token of the attempt under way, if it waits for one. */
  token?: string;
  /** When the wait, the retry's delay or the attempt's timeout ends. */
  dueMs?: number;
  /** Of the attempt under way, if it must give signs of life. */
  heartbeat?: { readonly everyMs: number; dueMs: number };
};

/**
 * Everything that an execution is: plain data without timers or promises, so that it can be written down and read back.
 */
export type ExecutionRecord = {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly startMs: number;
  /** When the whole execution times out. */
  readonly deadlineMs: number | undefined;
  /** The input's text as it was given. */
  readonly input: string;
  status: ExecutionStatus;
  stopMs?: number;
  output?: string;
  error?: string;
  cause?: string;
  current?: CurrentState;
  variables: Readonly<Record<string, JsonValue>>;
  /** Ids of the task tokens given out, so that a late callback can be told from a made-up one. */
  readonly tokenIds: string[];
  readonly history: HistoryEvent[];
};

/** Thrown inside the interpreter when the execution ended meanwhile (stopped, timed out): there is nothing more to do. */
export class ExecutionEnded extends Error {
  override readonly name = 'ExecutionEnded' as const;
}

/** An execution under way: its record, and what cannot be written down. */
export type Run = {
  readonly record: ExecutionRecord;
  readonly machine: StateMachine;
  /** Comes when the execution ends, whatever the way. */
  readonly ended: EndOfRun;
  readonly done: Promise<ExecutionRecord>;
  /** Keeps the record as it stands, where executions are kept. @throws what the disk throws */
  save(): void;
};
