import type { JsonObject, JsonValue } from '../../local/json.ts';
import type { HistoryEvent } from '../../local/step-functions/history.ts';

/** The names of the states, in the order in which they were entered. */
export function statesEnteredOf(history: readonly HistoryEvent[]): string[] {
  return history.filter(({ type }) => type.endsWith('StateEntered')).map(({ details }) => text(details, 'name'));
}

/** How often each state's task was tried again; states without retries are left out. */
export function retriesOf(history: readonly HistoryEvent[]): Record<string, number> {
  const retries: Record<string, number> = {};
  let attempts = 0;
  let state = '';
  for (const { type, details } of history) {
    if (type.endsWith('StateEntered')) {
      state = text(details, 'name');
      attempts = 0;
    }
    if (!isScheduled(type)) continue;
    if (attempts > 0) retries[state] = (retries[state] ?? 0) + 1;
    attempts += 1;
  }
  return retries;
}

/** The seconds on each event that scheduled a task. */
export function taskTimesOf(history: readonly HistoryEvent[]): { timeout?: number; heartbeat?: number }[] {
  return history
    .filter(({ type }) => isScheduled(type))
    .map(({ details }) => {
      const { timeoutInSeconds, heartbeatInSeconds } = details ?? {};
      return {
        ...(typeof timeoutInSeconds === 'number' && { timeout: timeoutInSeconds }),
        ...(typeof heartbeatInSeconds === 'number' && { heartbeat: heartbeatInSeconds }),
      };
    });
}

/** What the recordings keep of a history: what went into and out of each state, and evaluations that failed. */
export function traceOf(history: readonly HistoryEvent[]): JsonValue[] {
  return history.flatMap(({ type, details }) => {
    if (type.endsWith('StateEntered')) {
      return [{ event: 'entered', state: text(details, 'name'), input: parsed(details, 'input') }];
    }
    if (type.endsWith('StateExited')) return [exited(details)];
    if (type !== 'EvaluationFailed') return [];
    return [{ event: 'evaluationFailed', ...details }];
  });
}

function exited(details: JsonObject | undefined): JsonObject {
  const item: JsonObject = { event: 'exited', state: text(details, 'name'), output: parsed(details, 'output') };
  const assigned = details?.['assignedVariables'];
  if (assigned !== undefined) {
    const entries = Object.entries(assigned as Record<string, string>);
    item['assignedVariables'] = Object.fromEntries(entries.map(([key, json]) => [key, JSON.parse(json) as JsonValue]));
  }
  return item;
}

function isScheduled(type: string): boolean {
  return type === 'TaskScheduled' || type === 'LambdaFunctionScheduled';
}

function text(details: JsonObject | undefined, key: string): string {
  const value = details?.[key];
  if (typeof value === 'string') return value;
  throw new Error(`the event has no ${key}`);
}

function parsed(details: JsonObject | undefined, key: string): JsonValue {
  return JSON.parse(text(details, key)) as JsonValue;
}
