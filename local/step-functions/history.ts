import type { JsonObject } from '../json.ts';

/** One event of an execution's history, in AWS's terms but for the key of its details (see wire-history.ts). */
export type HistoryEvent = {
  /** From 1, without gaps. */
  readonly id: number;
  /** 0 for the first event, and, as AWS has it, for the second too. */
  readonly previousEventId: number;
  readonly type: string;
  readonly timestampMs: number;
  /** AWS's event details; absent for the few types that have none (`LambdaFunctionStarted`). */
  readonly details?: JsonObject;
};

/** Standard executions end with a failure at this many events (AWS's quota). */
export const STANDARD_EVENTS_MAX = 25_000;
/** AWS does not count Express events; the bound keeps a machine that loops without waiting from never ending here. */
export const EXPRESS_EVENTS_MAX = 100_000;

/** The event that follows `history`. */
export function nextEvent(
  history: readonly HistoryEvent[],
  timestampMs: number,
  type: string,
  details: JsonObject | undefined,
): HistoryEvent {
  const id = history.length + 1;
  const previousEventId = id <= 2 ? 0 : id - 1;
  return details === undefined
    ? { id, previousEventId, type, timestampMs }
    : { id, previousEventId, type, timestampMs, details };
}

/** Beside every text of a history that is whole. */
export const NOT_TRUNCATED: JsonObject = Object.freeze({ truncated: false });

/** Leaves out what is undefined, which history never shows. */
export function present(details: Record<string, JsonObject[string] | undefined>): JsonObject {
  // Member by member: objects made by Object.fromEntries are hash tables, and a run keeps one for each event.
  const kept: JsonObject = {};
  for (const name of Object.keys(details)) {
    const value = details[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
