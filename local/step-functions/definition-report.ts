import type * as z from 'zod';
import { type Diagnostic, InvalidDefinition } from './errors.ts';

/** Collects every reason against a definition, so that its author sees them all at once. */
export class DefinitionReport {
  readonly #diagnostics: Diagnostic[] = [];

  add(code: Diagnostic['code'], location: string, message: string): void {
    this.#diagnostics.push({ severity: 'ERROR', code, message, location });
  }

  /** AWS takes it, this engine does not run it. */
  notRun(location: string, what: string): void {
    this.add('NOT_RUN_LOCALLY', location, `${what} is not run by the local Step Functions`);
  }

  /** Turns zod's issues into AWS's terms. `at` is the location of the value that was parsed. */
  addIssues(at: string, issues: readonly z.core.$ZodIssue[]): void {
    const missing = issues.filter(isMissing);
    const names = missing.filter(({ path }) => path.length === 1).map(({ path }) => String(path[0]));
    if (names.length > 0) {
      this.add('SCHEMA_VALIDATION_FAILED', at, `These fields are required: [${names.join(', ')}]`);
    }
    for (const issue of issues) {
      const location = locate(at, issue.path);
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) this.add('SCHEMA_VALIDATION_FAILED', locate(location, [key]), notSupported(key));
      } else if (!isMissing(issue)) this.add('SCHEMA_VALIDATION_FAILED', location, issue.message);
      else if (issue.path.length > 1) {
        this.add(
          'SCHEMA_VALIDATION_FAILED',
          location,
          `The field '${String(issue.path.at(-1))}' is required but was missing`,
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

/** Joins a location of the definition, e.g. `/States/Submit` and `['Retry', 0]`. */
export function locate(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((location, key) => `${location === '/' ? '' : location}/${String(key)}`, at);
}

function isMissing(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message);
}

function notSupported(field: string): string {
  return `Field '${field}' is not supported`;
}
