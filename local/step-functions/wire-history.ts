import type { JsonObject } from '../json.ts';
import type { HistoryEvent } from './history.ts';

/** What `includeExecutionData: false` leaves out of an answer. */
const EXECUTION_DATA: readonly string[] = ['input', 'output', 'parameters', 'assignedVariables'];

/** An event as GetExecutionHistory answers it, with its details under AWS's key for its type. */
export function historyEventToWire(event: HistoryEvent, includeExecutionData: boolean): JsonObject {
  const { id, previousEventId, type, timestampMs, details } = event;
  const wire: JsonObject = { id, previousEventId, type, timestamp: timestampMs / 1000 };
  if (details) wire[detailsKey(type)] = includeExecutionData ? details : withoutData(details);
  return wire;
}

/** `PassStateEntered` and its like share `stateEnteredEventDetails`; every other type has a key of its own. */
function detailsKey(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

function withoutData(details: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(details).filter(([key]) => !EXECUTION_DATA.includes(key)));
}
