import type { JsonObject } from '../json.ts';
import { StateFailure } from './errors.ts';
import { ExecutionEnded, type ExecutionRecord, type ExecutionStatus } from './execution.ts';
import {
  EXPRESS_EVENTS_MAX,
  type HistoryEvent,
  NOT_TRUNCATED,
  nextEvent,
  present,
  STANDARD_EVENTS_MAX,
} from './history.ts';

/** How an execution ends, and what its last event shows. */
export type Ending =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | {
      readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
      readonly error: string | undefined;
      readonly cause: string | undefined;
    };

const LAST_EVENTS: Readonly<Record<Exclude<ExecutionStatus, 'RUNNING'>, string>> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

/** Writes the history of one execution. Nothing can be written after its end, so nothing can go on after it either. */
export class Journal {
  readonly #record: ExecutionRecord;
  readonly #nowMs: () => number;
  readonly #publish: (event: HistoryEvent) => void;

  constructor(record: ExecutionRecord, nowMs: () => number, publish: (event: HistoryEvent) => void) {
    this.#record = record;
    this.#nowMs = nowMs;
    this.#publish = publish;
  }

  /**
   * @returns the event's id
   * @throws {ExecutionEnded} when the execution was stopped or timed out meanwhile
   * @throws {StateFailure} terminal, when the history is full
   */
  append(type: string, details?: JsonObject): number {
    const { status, history } = this.#record;
    if (status !== 'RUNNING') throw new ExecutionEnded(`${this.#record.executionArn} is ${status}`);
    const eventsMax = this.#record.type === 'STANDARD' ? STANDARD_EVENTS_MAX : EXPRESS_EVENTS_MAX;
    if (history.length >= eventsMax - 1) throw historyFull(eventsMax);
    return this.#write(type, details);
  }

  /** Closes the execution. Does nothing when it is closed already, and says so by `false`. */
  end(ending: Ending): boolean {
    const record = this.#record;
    if (record.status !== 'RUNNING') return false;
    if (ending.status === 'SUCCEEDED') record.output = ending.output;
    else Object.assign(record, present({ error: ending.error, cause: ending.cause }));
    this.#write(LAST_EVENTS[ending.status], endingDetails(ending));
    record.status = ending.status;
    record.stopMs = this.#nowMs();
    delete record.current;
    return true;
  }

  #write(type: string, details: JsonObject | undefined): number {
    const event = nextEvent(this.#record.history, this.#nowMs(), type, details);
    this.#record.history.push(event);
    this.#publish(event);
    return event.id;
  }
}

function endingDetails(ending: Ending): JsonObject {
  if (ending.status === 'SUCCEEDED') return { output: ending.output, outputDetails: NOT_TRUNCATED };
  return present({ error: ending.error, cause: ending.cause });
}

function historyFull(eventsMax: number): StateFailure {
  const cause = `The execution reached the maximum number of history events (${eventsMax}).`;
  return new StateFailure('States.Runtime', cause, { terminal: true });
}
