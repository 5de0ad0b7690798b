import type * as z from 'zod';
import type { State, TaskState } from './definition.ts';
import { type DefinitionReport, locate } from './definition-report.ts';
import { checkTask, checkTransition, type RawState } from './definition-rules.ts';
import { sharedSchemas, stateSchemas, TYPES_NOT_RUN } from './definition-schema.ts';
import { buildTask, type CompileField, stateBuilders } from './definition-states.ts';
import { fieldCompiler } from './field-compiler.ts';
import { parseIsoTimestampMs } from './iso-timestamp.ts';
import type { ParseOptions } from './parse-options.ts';
import { checkLanguage, languageOf, type QueryLanguage } from './query-language.ts';
import { parseResource } from './resource.ts';
import { expressionIn } from './template.ts';

export type StateContext = ParseOptions & {
  readonly machineLanguage: QueryLanguage;
  readonly report: DefinitionReport;
};

type StateType = keyof typeof stateSchemas;

/** Checks and compiles one state; undefined when a reason against it was reported. */
export function parseState(name: string, given: RawState, context: StateContext): State | undefined {
  const { report, machineLanguage } = context;
  const at = locate('/States', [name]);
  const raw = checkLanguage(given, at, { machine: machineLanguage, report });
  checkTask(raw, at, context.type, report);
  const type = raw['Type'];
  if (typeof type === 'string' && TYPES_NOT_RUN.includes(type)) {
    report.notRun(`${at}/Type`, `State '${name}': Type '${type}'`);
    return undefined;
  }
  if (!isStateType(type)) {
    const types = [...Object.keys(stateSchemas), ...TYPES_NOT_RUN];
    report.add('SCHEMA_VALIDATION_FAILED', `${at}/Type`, `Value should be one of the following: [${types.join(', ')}]`);
    return undefined;
  }
  checkTransition(raw, at, report);
  const isJsonPath = languageOf(raw['QueryLanguage'], machineLanguage) === 'JSONPath';
  if (isJsonPath && !isShared(name, type, raw, at, report)) return undefined;
  const compile = fieldCompiler(at, type, context);
  if (type === 'Task') return parseTask(name, raw, at, compile, context);
  if (type === 'Wait') checkWait(raw, at, report);
  return parseOther(type, name, raw, at, compile, report);
}

function isStateType(type: unknown): type is StateType {
  return typeof type === 'string' && Object.hasOwn(stateSchemas, type);
}

/** Whether a JSONPath state has only fields that mean the same in JSONata; names each other one. */
function isShared(name: string, type: StateType, raw: RawState, at: string, report: DefinitionReport): boolean {
  const schema = type === 'Choice' ? undefined : sharedSchemas[type];
  const issues = schema?.safeParse(raw).error?.issues ?? [];
  const fields = schema ? issues.flatMap(fieldsOf) : ['Choices'];
  const expressions = Object.keys(raw).filter((field) => typeof raw[field] === 'string' && expressionIn(raw[field]));
  for (const field of [...fields, ...expressions]) {
    report.notRun(`${at}/${field}`, `State '${name}': field '${field}' in QueryLanguage 'JSONPath'`);
  }
  return fields.length + expressions.length === 0;
}

/** The fields that a shared schema does not have; other issues are found again by the whole schema. */
function fieldsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  return issue.keys.map((key) => [...issue.path, key].join('/'));
}

function parseOther(
  type: Exclude<StateType, 'Task'>,
  name: string,
  raw: RawState,
  at: string,
  compile: CompileField,
  report: DefinitionReport,
): State | undefined {
  const parsed = stateSchemas[type].safeParse(raw);
  if (!parsed.success) {
    report.addIssues(at, parsed.error.issues);
    return undefined;
  }
  // Schema and builder of one type always go together; TypeScript cannot follow that through the union.
  const builder = stateBuilders[type] as (name: string, fields: unknown, compile: CompileField) => State;
  return builder(name, parsed.data, compile);
}

function parseTask(
  name: string,
  raw: RawState,
  at: string,
  compile: CompileField,
  { report, supportsResource }: StateContext,
): TaskState | undefined {
  const { Credentials, ...fields } = raw;
  if (Credentials !== undefined) report.notRun(`${at}/Credentials`, `State '${name}': Credentials`);
  const parsed = stateSchemas.Task.safeParse(fields);
  if (!parsed.success) {
    report.addIssues(at, parsed.error.issues);
    return undefined;
  }
  const resource = parseResource(parsed.data.Resource);
  if (!resource) {
    const message = `Value is not a valid resource ARN: ${parsed.data.Resource}`;
    report.add('SCHEMA_VALIDATION_FAILED', `${at}/Resource`, message);
    return undefined;
  }
  if (resource.kind === 'activity' || !supportsResource(resource)) {
    report.notRun(`${at}/Resource`, `State '${name}': Resource '${resource.text}'`);
    return undefined;
  }
  return buildTask(name, resource, parsed.data, compile);
}

function checkWait(raw: RawState, at: string, report: DefinitionReport): void {
  if ((raw['Seconds'] === undefined) === (raw['Timestamp'] === undefined)) {
    report.add('SCHEMA_VALIDATION_FAILED', at, "These fields are required: exactly one of 'Seconds' and 'Timestamp'");
  }
  const timestamp = raw['Timestamp'];
  if (typeof timestamp !== 'string' || expressionIn(timestamp) !== undefined) return;
  if (parseIsoTimestampMs(timestamp) === undefined) {
    report.add('SCHEMA_VALIDATION_FAILED', `${at}/Timestamp`, `Value is not a valid timestamp: ${timestamp}`);
  }
}
