import type { JsonObject } from '../json.ts';
import type { HistoryEvent } from './history.ts';
import type { LogLevel, StateMachine } from './state-machine.ts';

/** One line for a log group, in the shape that AWS vends. */
export type PublishedLog = {
  readonly logGroupName: string;
  readonly stateMachineArn: string;
  readonly timestampMs: number;
  /** Made anew at each reading: most lines are never read, and the event that they show is kept anyway. */
  readonly event: JsonObject;
};

/** What the level ERROR keeps (https://docs.aws.amazon.com/step-functions/latest/dg/cloudwatch-log-level.html). */
const ERROR_EVENTS = /(Aborted|Failed|TimedOut)$/;
const FATAL_EVENTS: readonly string[] = ['ExecutionAborted', 'ExecutionFailed', 'ExecutionTimedOut'];
/** What `includeExecutionData: false` leaves out. */
const EXECUTION_DATA: readonly string[] = ['input', 'output', 'parameters', 'assignedVariables'];

/**
 * The line that AWS would vend for an event (`id`, `type`, `details`, `previous_event_id`, `event_timestamp`,
 * `execution_arn`; ids and times as strings), or undefined where the machine does not log it
 * (https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html).
 */
export function logLine(machine: StateMachine, executionArn: string, event: HistoryEvent): PublishedLog | undefined {
  const { logging } = machine;
  if (!logging || !isLogged(logging.level, event.type)) return undefined;
  return {
    logGroupName: logging.logGroupName,
    stateMachineArn: machine.stateMachineArn,
    timestampMs: event.timestampMs,
    get event() {
      return vended(event, executionArn, logging.includeExecutionData);
    },
  };
}

function vended(event: HistoryEvent, executionArn: string, withData: boolean): JsonObject {
  const { details = {} } = event;
  return {
    id: String(event.id),
    type: event.type,
    details: withData ? details : withoutData(details),
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestampMs),
    execution_arn: executionArn,
  };
}

function isLogged(level: LogLevel, type: string): boolean {
  if (level === 'ALL') return true;
  if (level === 'ERROR') return ERROR_EVENTS.test(type);
  return level === 'FATAL' && FATAL_EVENTS.includes(type);
}

function withoutData(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([key]) => !EXECUTION_DATA.includes(key)));
}
