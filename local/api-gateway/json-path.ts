import { TemplateRenderError } from './velocity/errors.ts';
import { JavaList, JavaMap, type Value } from './velocity/values.ts';

export type PathStep = string | number;

const STEP = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d+)\]|\['((?:[^'\\])*)'\]|\["((?:[^"\\])*)"\]/y;

/**
 * Reads a JSONPath that leads to one place at most: `$`, `$.a.b`, `$['a b'][0]`. API Gateway runs Jayway's JsonPath, which can
 * also search and filter; no template of an API that speaks for itself needs that, so it is refused by name.
 *
 * @throws {TemplateRenderError} for any other path
 */
export function definitePath(path: string): readonly PathStep[] {
  if (!path.startsWith('$')) throw new TemplateRenderError('a JSONPath begins with $');
  const steps: PathStep[] = [];
  STEP.lastIndex = 1;
  for (let at = 1; at < path.length; at = STEP.lastIndex) {
    const match = STEP.exec(path);
    if (!match) throw new TemplateRenderError(`the JSONPath ${path} is not run here`);
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
  }
  return steps;
}

/** Null where the path leads nowhere. */
export function itemAt(document: Value, steps: readonly PathStep[]): Value {
  let at: Value = document;
  for (const step of steps) {
    if (typeof step === 'number') at = at instanceof JavaList ? (at.items[step] ?? null) : null;
    else at = at instanceof JavaMap ? at.get(step) : null;
  }
  return at;
}
