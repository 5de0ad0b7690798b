import type * as z from 'zod';
import { type Diagnostic, InvalidDefinition } from './errors.ts';

type Issue = z.core.$ZodIssue;

/** Collects every reason against a definition, so that its author sees them all at once. */
export class DefinitionReport {
  readonly #diagnostics: Diagnostic[] = [];

  /** `location` is undefined for what concerns the workflow as a whole. */
  add(code: Diagnostic['code'], location: string | undefined, message: string): void {
    const diagnostic = { severity: 'ERROR' as const, code, message };
    this.#diagnostics.push(location === undefined ? diagnostic : { ...diagnostic, location });
  }

  /** AWS takes it, this engine does not run it. */
  notRun(location: string, what: string): void {
    this.add('NOT_RUN_LOCALLY', location, `${what} is not run by the local Step Functions`);
  }

  /** Puts zod's issues into AWS's words. `at` is the location of the value that was parsed. */
  addIssues(at: string, issues: readonly Issue[]): void {
    const missing = issues.filter((issue) => isMissing(issue) && issue.path.length === 1);
    if (missing.length > 0) {
      const names = missing.map(({ path }) => String(path[0]));
      this.add('SCHEMA_VALIDATION_FAILED', at, `These fields are required: [${names.join(', ')}]`);
    }
    for (const issue of issues.filter((candidate) => !missing.includes(candidate))) {
      for (const message of messagesOf(issue)) {
        this.add(
          'SCHEMA_VALIDATION_FAILED',
          locate(at, isMissing(issue) ? issue.path.slice(0, -1) : issue.path),
          message,
        );
      }
    }
  }

  /** What AWS itself refuses is said alone; only a definition that AWS accepts is refused for what is not run here. */
  get diagnostics(): readonly Diagnostic[] {
    const refusedByAws = this.#diagnostics.filter(({ code }) => code !== 'NOT_RUN_LOCALLY');
    return refusedByAws.length > 0 ? refusedByAws : this.#diagnostics;
  }

  /** @throws {InvalidDefinition} when anything was added. */
  throwIfAny(): void {
    if (this.#diagnostics.length > 0) throw new InvalidDefinition(this.diagnostics);
  }
}

/** A location in the definition as AWS writes it: `/States/Submit` and `['Catch', 0, 'Next']` give `…/Catch[0]/Next`. */
export function locate(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((location, key) => {
    if (typeof key === 'number') return `${location}[${key}]`;
    return `${location === '/' ? '' : location}/${String(key)}`;
  }, at);
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}

/** AWS's wordings, measured in https://github.com/floci-io/floci/issues/2735 and 2968; the last one is zod's. */
function messagesOf(issue: Issue): string[] {
  if (isMissing(issue)) return [`The field '${String(issue.path.at(-1))}' is required but was missing`];
  const { code } = issue;
  if (code === 'unrecognized_keys') return issue.keys.map((key) => `Field '${key}' is not supported`);
  if (code === 'invalid_type') return [`Expected value of type [${issue.expected.toUpperCase()}]`];
  if (code === 'invalid_value') {
    return [`Value should be one of the following: [${issue.values.map(String).join(', ')}]`];
  }
  if (code === 'too_small' && issue.origin === 'number') return [`Minimum value is ${issue.minimum}`];
  if (code === 'too_big' && issue.origin === 'number') return [`Maximum value is ${issue.maximum}`];
  return [issue.message];
}
