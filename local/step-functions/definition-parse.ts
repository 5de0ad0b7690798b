import jsonata from 'jsonata';
import type { JsonValue } from '../json.ts';
import type { Definition, State, StateMachineType, TaskState } from './definition.ts';
import { DefinitionReport, locate } from './definition-report.ts';
import { checkAnyState, checkTransition, checkWildcards, type RawState } from './definition-rules.ts';
import { machineSchema, stateSchemas, TYPES_NOT_RUN } from './definition-schema.ts';
import { buildTask, type CompileField, stateBuilders } from './definition-states.ts';
import { checkTargets } from './definition-targets.ts';
import { InvalidDefinition } from './errors.ts';
import type { ExpressionSources } from './expression-sources.ts';
import { invalidJson } from './invalid-json.ts';
import { parseIsoTimestampMs } from './iso-timestamp.ts';
import { compileExpression, type Expression } from './jsonata.ts';
import { parseResource, type Resource } from './resource.ts';
import { compileTemplate, expressionIn } from './template.ts';
import { topLevelReferences } from './top-level-references.ts';

export type ParseOptions = {
  readonly type: StateMachineType;
  /** Whether the task runner runs it. What it does not run is refused by name. */
  readonly supportsResource: (resource: Resource) => boolean;
  readonly sources: ExpressionSources;
};

/**
 * Checks a definition and compiles each of its expressions once.
 *
 * @throws {InvalidDefinition} with every reason found: what AWS refuses, or else what AWS accepts and is not run here
 *   (JSONPath, Map, Parallel, activities, `.sync`, resources without a task runner).
 */
export function parseDefinition(text: string, options: ParseOptions): Definition {
  const report = new DefinitionReport();
  const parsed = machineSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    report.addIssues('/', parsed.error.issues);
    throw new InvalidDefinition(report.diagnostics);
  }
  const machine = parsed.data;
  const machineLanguage = machine.QueryLanguage ?? 'JSONPath';
  const states = new Map<string, State>();
  for (const [name, raw] of Object.entries(machine.States)) {
    const state = parseState(name, raw, { ...options, machineLanguage, report });
    if (state) states.set(name, state);
  }
  const definition = { startAt: machine.StartAt, timeoutSeconds: machine.TimeoutSeconds, states };
  // A state that was refused is missing as a target too; saying so would only hide the reason.
  if (states.size === Object.keys(machine.States).length) checkTargets(definition, report);
  report.throwIfAny();
  return definition;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidDefinition([invalidJson(text)]);
  }
}

type StateContext = ParseOptions & { readonly machineLanguage: string; readonly report: DefinitionReport };

function parseState(name: string, raw: RawState, context: StateContext): State | undefined {
  const { report } = context;
  const at = locate('/States', [name]);
  checkAnyState(raw, at, context);
  if ((raw['QueryLanguage'] ?? context.machineLanguage) !== 'JSONata') {
    report.notRun(`${at}/QueryLanguage`, `State '${name}': QueryLanguage 'JSONPath'`);
    return undefined;
  }
  const type = raw['Type'];
  if (typeof type === 'string' && TYPES_NOT_RUN.includes(type)) {
    report.notRun(`${at}/Type`, `State '${name}': Type '${type}'`);
    return undefined;
  }
  checkTransition(raw, at, report);
  const compile = fieldCompiler(at, context);
  if (type === 'Task') return parseTask(name, raw, at, compile, context);
  if (!isBuilt(type)) {
    report.add('SCHEMA_VALIDATION_FAILED', `${at}/Type`, `Value is not a state type: ${JSON.stringify(type)}`);
    return undefined;
  }
  if (type === 'Wait') checkWait(raw, at, report);
  return build(type, name, raw, at, compile, report);
}

function isBuilt(type: unknown): type is keyof typeof stateBuilders {
  return typeof type === 'string' && Object.hasOwn(stateBuilders, type);
}

function build<T extends keyof typeof stateBuilders>(
  type: T,
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
  checkWildcards(raw['Retry'], `${at}/Retry`, report);
  checkWildcards(raw['Catch'], `${at}/Catch`, report);
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

function fieldCompiler(at: string, { report, sources }: StateContext): CompileField {
  return (value, path) =>
    compileTemplate(value, path, (source, place) => {
      const location = `${at}/${place.replaceAll('[', '/').replaceAll(']', '')}`;
      return checkedExpression(source, location, report, sources);
    });
}

function checkedExpression(
  source: string,
  location: string,
  report: DefinitionReport,
  sources: ExpressionSources,
): Expression {
  try {
    for (const reference of topLevelReferences(jsonata(source).ast())) {
      const message = `Reference to '${reference}' at the top level is not supported.`;
      report.add('UNSUPPORTED_JSONATA_EXPRESSION', location, message);
    }
    return compileExpression(source, sources);
  } catch (error) {
    report.add('INVALID_JSONATA_EXPRESSION', location, (error as { message?: string }).message ?? String(error));
    return neverRun;
  }
}

/** Stands for an expression that did not compile; the definition is refused before anything runs it. */
async function neverRun(): Promise<JsonValue | undefined> {
  throw new Error('an expression that does not compile was run');
}
