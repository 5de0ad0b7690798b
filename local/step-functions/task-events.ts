import type { JsonObject } from '../json.ts';
import type { TaskState } from './definition.ts';
import { NOT_TRUNCATED, present } from './history.ts';
import type { Journal } from './journal.ts';

/** Writes the events of one attempt, which are named after the way the task is called. */
export type TaskEvents = {
  scheduled(parameters: string, region: string, timeoutMs: number | undefined, heartbeatMs: number | undefined): void;
  started(): void;
  submitted(output: string): void;
  succeeded(output: string): void;
  failed(error: string | undefined, cause: string | undefined): void;
  timedOut(error: string): void;
};

/** `Task...` events for a service, `LambdaFunction...` events for a function named by its ARN. */
export function taskEvents(resource: TaskState['resource'], journal: Journal): TaskEvents {
  return resource.kind === 'service' ? serviceEvents(resource, journal) : functionEvents(resource.text, journal);
}

function serviceEvents(
  { resourceType, resource }: { resourceType: string; resource: string },
  journal: Journal,
): TaskEvents {
  const write = (type: string, details: Record<string, JsonObject[string] | undefined> = {}) => {
    journal.append(type, present({ resourceType, resource, ...details }));
  };
  return {
    scheduled: (parameters, region, timeoutMs, heartbeatMs) =>
      write('TaskScheduled', {
        region,
        parameters,
        timeoutInSeconds: toSeconds(timeoutMs),
        heartbeatInSeconds: toSeconds(heartbeatMs),
      }),
    started: () => write('TaskStarted'),
    submitted: (output) => write('TaskSubmitted', { output, outputDetails: NOT_TRUNCATED }),
    succeeded: (output) => write('TaskSucceeded', { output, outputDetails: NOT_TRUNCATED }),
    failed: (error, cause) => write('TaskFailed', { error, cause }),
    timedOut: (error) => write('TaskTimedOut', { error }),
  };
}

function functionEvents(resource: string, journal: Journal): TaskEvents {
  const write = (type: string, details?: Record<string, JsonObject[string] | undefined>) => {
    journal.append(`LambdaFunction${type}`, details && present(details));
  };
  return {
    scheduled: (input, _region, timeoutMs) =>
      write('Scheduled', { resource, input, inputDetails: NOT_TRUNCATED, timeoutInSeconds: toSeconds(timeoutMs) }),
    started: () => write('Started'),
    submitted: () => undefined,
    succeeded: (output) => write('Succeeded', { output, outputDetails: NOT_TRUNCATED }),
    failed: (error, cause) => write('Failed', { error, cause }),
    timedOut: (error) => write('TimedOut', { error }),
  };
}

function toSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
