import type { Definition, State } from './definition.ts';
import { DefinitionReport } from './definition-report.ts';
import { machineSchema } from './definition-schema.ts';
import { checkTargets } from './definition-targets.ts';
import { InvalidDefinition } from './errors.ts';
import { invalidJson } from './invalid-json.ts';
import type { ParseOptions } from './parse-options.ts';
import { languageOf } from './query-language.ts';
import { parseState } from './state-parse.ts';

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
  const { StartAt, States, TimeoutSeconds, QueryLanguage } = parsed.data;
  const context = { ...options, report, machineLanguage: languageOf(QueryLanguage, 'JSONPath') };
  const states = new Map<string, State>();
  for (const [name, raw] of Object.entries(States)) {
    const state = parseState(name, raw, context);
    if (state) states.set(name, state);
  }
  const definition = { startAt: StartAt, timeoutSeconds: TimeoutSeconds, states };
  // A state that was refused is missing as a target too; saying so would only hide the reason.
  if (states.size === Object.keys(States).length) checkTargets(definition, report);
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
