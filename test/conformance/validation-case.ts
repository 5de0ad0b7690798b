import type { JsonValue } from '../../local/json.ts';
import { isObject } from '../../local/step-functions/data.ts';
import { InvalidDefinition } from '../../local/step-functions/errors.ts';
import type { ValidationCase } from './case.ts';
import { compare } from './compare.ts';
import { createRig } from './rig.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Compares what is said against a definition with what AWS said, word for word. */
export async function runValidationCase(given: ValidationCase): Promise<Verdict> {
  const { engine } = createRig(async () => null);
  const text = definitionText(given.definition);
  const diagnostics = engine.validateDefinition(text, given.type);
  if (diagnostics.length > 0 && new InvalidDefinition(diagnostics).onlyRefusedHere) {
    return { kind: 'refused', reason: new InvalidDefinition(diagnostics).message };
  }
  const { apiError, result } = given.expected;
  if (apiError) {
    const message = diagnostics.length > 0 ? new InvalidDefinition(diagnostics).message : undefined;
    return verdictOf([
      ...compare('InvalidDefinition', apiError.code, 'code'),
      ...compare(apiError.message, message, 'message'),
    ]);
  }
  return verdictOf([
    ...compare(result ?? 'OK', diagnostics.length > 0 ? 'FAIL' : 'OK', 'result'),
    ...compare(given.expected.diagnostics ?? [], diagnostics as unknown as JsonValue, 'diagnostics'),
  ]);
}

function definitionText(definition: JsonValue): string {
  const text = isObject(definition) ? definition['$text'] : undefined;
  return typeof text === 'string' ? text : JSON.stringify(definition);
}
