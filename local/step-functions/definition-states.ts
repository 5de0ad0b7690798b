import type * as z from 'zod';
import type { JsonValue } from '../json.ts';
import type { Catcher, Retrier, Shaping, State, TaskState } from './definition.ts';
import type { stateSchemas } from './definition-schema.ts';
import type { Template } from './template.ts';

type Fields<T extends keyof typeof stateSchemas> = z.infer<(typeof stateSchemas)[T]>;
/** Compiles a field; `path` is how AWS names it in its causes, e.g. `Choices[0]/Condition`. */
export type CompileField = (value: JsonValue, path: string) => Template;

/** The builders of each state type: fields that passed their schema in, a compiled state out. */
export const stateBuilders = {
  Pass: (name: string, fields: Fields<'Pass'>, compile: CompileField): State => ({
    type: 'Pass',
    name,
    next: fields.Next,
    ...shaping(fields, '', compile),
  }),
  Succeed: (name: string, fields: Fields<'Succeed'>, compile: CompileField): State => ({
    type: 'Succeed',
    name,
    ...shaping(fields, '', compile),
  }),
  Fail: (name: string, fields: Fields<'Fail'>, compile: CompileField): State => ({
    type: 'Fail',
    name,
    ...optional('error', fields.Error, 'Error', compile),
    ...optional('cause', fields.Cause, 'Cause', compile),
  }),
  Wait: (name: string, fields: Fields<'Wait'>, compile: CompileField): State => ({
    type: 'Wait',
    name,
    next: fields.Next,
    ...optional('seconds', fields.Seconds, 'Seconds', compile),
    ...optional('timestamp', fields.Timestamp, 'Timestamp', compile),
    ...shaping(fields, '', compile),
  }),
  Choice: (name: string, fields: Fields<'Choice'>, compile: CompileField): State => ({
    type: 'Choice',
    name,
    otherwise: fields.Default,
    rules: fields.Choices.map((rule, index) => ({
      next: rule.Next,
      condition: compile(rule.Condition, `Choices[${index}]/Condition`),
      ...shaping(rule, `Choices[${index}]/`, compile),
    })),
    ...shaping(fields, '', compile),
  }),
};

/** A Task, whose `Resource` was read and found runnable beforehand. */
export function buildTask(
  name: string,
  resource: TaskState['resource'],
  fields: Fields<'Task'>,
  compile: CompileField,
): TaskState {
  return {
    type: 'Task',
    name,
    resource,
    next: fields.Next,
    ...optional('arguments', fields.Arguments, 'Arguments', compile),
    ...optional('timeoutSeconds', fields.TimeoutSeconds, 'TimeoutSeconds', compile),
    ...optional('heartbeatSeconds', fields.HeartbeatSeconds, 'HeartbeatSeconds', compile),
    retriers: (fields.Retry ?? []).map(toRetrier),
    catchers: (fields.Catch ?? []).map((catcher, index) => toCatcher(catcher, index, compile)),
    ...shaping(fields, '', compile),
  };
}

function toRetrier(fields: NonNullable<Fields<'Task'>['Retry']>[number]): Retrier {
  return {
    errorEquals: fields.ErrorEquals,
    intervalSeconds: fields.IntervalSeconds,
    maxAttempts: fields.MaxAttempts,
    backoffRate: fields.BackoffRate,
    maxDelaySeconds: fields.MaxDelaySeconds,
    jitterStrategy: fields.JitterStrategy,
  };
}

function toCatcher(
  fields: NonNullable<Fields<'Task'>['Catch']>[number],
  index: number,
  compile: CompileField,
): Catcher {
  return { errorEquals: fields.ErrorEquals, next: fields.Next, ...shaping(fields, `Catch[${index}]/`, compile) };
}

function shaping(fields: { Output?: unknown; Assign?: unknown }, prefix: string, compile: CompileField): Shaping {
  return {
    ...optional('output', fields.Output, `${prefix}Output`, compile),
    ...optional('assign', fields.Assign, `${prefix}Assign`, compile),
  };
}

function optional<K extends string>(
  key: K,
  value: unknown,
  path: string,
  compile: CompileField,
): { [P in K]?: Template } {
  if (value === undefined) return {};
  return { [key]: compile(value as JsonValue, path) } as { [P in K]?: Template };
}
