import { isObject } from './data.ts';
import type { StateMachineType } from './definition.ts';
import type { DefinitionReport } from './definition-report.ts';
import { parseResource, type Resource } from './resource.ts';

/** A state as it stands in the definition. */
export type RawState = Record<string, unknown>;

/** Rules of AWS that hold for a Task whatever its query language. */
export function checkTask(state: RawState, at: string, type: StateMachineType, report: DefinitionReport): void {
  if (state['Type'] !== 'Task') return;
  const resource = typeof state['Resource'] === 'string' ? parseResource(state['Resource']) : undefined;
  if (resource && type === 'EXPRESS') checkExpressResource(resource, at, report);
  if (isObject(state['Credentials']) && !('RoleArn' in state['Credentials'])) {
    report.add('SCHEMA_VALIDATION_FAILED', `${at}/Credentials`, "The field 'RoleArn' is required but was missing");
  }
  checkWildcards(state['Retry'], `${at}/Retry`, report);
  checkWildcards(state['Catch'], `${at}/Catch`, report);
}

function checkExpressResource(resource: Resource, at: string, report: DefinitionReport): void {
  const location = `${at}/Resource`;
  if (resource.kind === 'activity') {
    report.add('SCHEMA_VALIDATION_FAILED', location, 'Express state machine does not support Activity ARN');
  }
  if (resource.kind === 'service' && resource.pattern !== 'request-response') {
    const pattern = resource.text.slice(resource.text.lastIndexOf('.'));
    // The blank at the end of the sentence is AWS's own.
    const message = `Express state machine does not support '${pattern}' service integration `;
    report.add('SCHEMA_VALIDATION_FAILED', location, message);
  }
}

/** `States.ALL` stands alone, and in the last retrier or catcher. */
function checkWildcards(rules: unknown, at: string, report: DefinitionReport): void {
  if (!Array.isArray(rules)) return;
  for (const [index, rule] of rules.entries()) {
    const names: unknown = isObject(rule) ? rule['ErrorEquals'] : undefined;
    if (!Array.isArray(names) || !names.includes('States.ALL')) continue;
    if (names.length === 1 && index === rules.length - 1) continue;
    const message = "'States.ALL' must appear alone in the last element";
    report.add('SCHEMA_VALIDATION_FAILED', `${at}[${index}]/ErrorEquals`, message);
  }
}

/** Every state but Choice, Succeed and Fail goes on (`Next`) or ends (`End: true`), and not both. */
export function checkTransition(state: RawState, at: string, report: DefinitionReport): void {
  const type = state['Type'];
  if (type === 'Choice' || type === 'Succeed' || type === 'Fail') return;
  const ends = state['End'] === true;
  if (ends === (state['Next'] !== undefined)) {
    report.add('SCHEMA_VALIDATION_FAILED', at, "These fields are required: exactly one of 'Next' and 'End'");
  }
}
