import * as z from 'zod';

/** One event of an execution's history, alike for both kinds of machine. */
export type StepEvent = {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** As AWS names it, e.g. `TaskStateEntered`. */
  readonly type: string;
  readonly details: Readonly<Record<string, unknown>>;
};

/** One execution as far as its history could be read. */
export type Execution = {
  /** `submission`, `guard`, `guard 2`, ... */
  readonly place: string;
  readonly events: readonly StepEvent[];
};

/** Lines of an Express machine's log group (https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html): ids and times are texts. */
const logLineSchema = z.object({
  id: z.coerce.number(),
  type: z.string(),
  details: z.record(z.string(), z.unknown()).default({}),
  event_timestamp: z.coerce.number(),
});

/** The events of an Express execution's log lines, in their order. CloudWatch delivers at least once, so each id counts once. */
export function eventsOfLogLines(lines: readonly string[]): StepEvent[] {
  const byId = new Map<number, StepEvent>();
  for (const line of lines) {
    const event = eventOfLogLine(line);
    if (event) byId.set(event.id, event);
  }
  return [...byId.values()].sort((one, other) => one.id - other.id);
}

function eventOfLogLine(line: string): StepEvent | undefined {
  try {
    const { id, type, details, event_timestamp } = logLineSchema.parse(JSON.parse(line));
    return { id, atMs: event_timestamp, type, details };
  } catch {
    // What is no event of a machine has no place in a timeline.
    return undefined;
  }
}

/** As GetExecutionHistory answers: the details lie in a member named after the event's type. */
type HistoryEvent = {
  readonly id: number | undefined;
  readonly timestamp: Date | undefined;
  readonly type: string | undefined;
};

export function eventsOfHistory(events: readonly HistoryEvent[]): StepEvent[] {
  return events.map((event) => ({
    id: event.id ?? 0,
    atMs: event.timestamp?.getTime() ?? 0,
    type: event.type ?? 'Unknown',
    details: detailsOf(event),
  }));
}

function detailsOf(event: HistoryEvent): Readonly<Record<string, unknown>> {
  for (const [member, value] of Object.entries(event)) {
    if (member.endsWith('EventDetails') && typeof value === 'object' && value !== null) return { ...value };
  }
  return {};
}

/** The name of the state that an event enters or leaves; undefined for other events. */
export function stateOf({ type, details }: StepEvent): string | undefined {
  const isOfState = type.endsWith('StateEntered') || type.endsWith('StateExited');
  return isOfState && typeof details['name'] === 'string' ? details['name'] : undefined;
}

/** Seconds after which the task of a `TaskScheduled` event is given up, where it says so. */
export function timeoutSecondsOf({ details }: StepEvent): number | undefined {
  const seconds = Number(details['timeoutInSeconds'] ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** True of a task that ends only when somebody brings its token back. */
export function isCallback({ details }: StepEvent): boolean {
  return typeof details['resource'] === 'string' && details['resource'].endsWith('.waitForTaskToken');
}

/** Running, or how it ended. Undefined where no event is known. */
export function endOf(
  events: readonly StepEvent[],
): 'running' | 'succeeded' | 'failed' | 'timed out' | 'aborted' | undefined {
  const last = events.at(-1);
  if (!last) return undefined;
  if (last.type === 'ExecutionSucceeded') return 'succeeded';
  if (last.type === 'ExecutionFailed') return 'failed';
  if (last.type === 'ExecutionTimedOut') return 'timed out';
  return last.type === 'ExecutionAborted' ? 'aborted' : 'running';
}
