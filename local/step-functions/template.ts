import type { JsonObject, JsonValue } from '../json.ts';
import type { Bindings } from './bindings.ts';
import { freeze, isObject } from './data.ts';
import { NOT_DIRECT } from './direct-values.ts';
import type { Expression } from './jsonata.ts';

/** A field's value with its `{% %}` compiled. `path` is how AWS names the place, e.g. `Output/items[0]`. */
export type Template =
  | { readonly kind: 'literal'; readonly value: JsonValue }
  | { readonly kind: 'expression'; readonly source: string; readonly path: string; readonly expression: Expression }
  | { readonly kind: 'array'; readonly items: readonly Template[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Template])[] };

/** The expression inside `{% %}`, or undefined for a literal: no blank may stand outside the marks. */
export function expressionIn(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2).trim() : undefined;
}

/** Compiles a field. `compile` is called once for each expression, with the path to name in its errors. */
export function compileTemplate(
  value: JsonValue,
  path: string,
  compile: (source: string, path: string) => Expression,
): Template {
  if (typeof value === 'string') {
    const source = expressionIn(value);
    return source === undefined
      ? { kind: 'literal', value }
      : { kind: 'expression', source, path, expression: compile(source, path) };
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileTemplate(item, `${path}[${index}]`, compile));
    return items.every(({ kind }) => kind === 'literal') ? literal(value) : { kind: 'array', items };
  }
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([key, member]) => [key, compileTemplate(member, `${path}/${key}`, compile)] as const,
    );
    return members.every(([, { kind }]) => kind === 'literal') ? literal(value) : { kind: 'object', members };
  }
  return { kind: 'literal', value };
}

function literal(value: JsonValue): Template {
  return { kind: 'literal', value: freeze(structuredClone(value)) };
}

/** Turns the failures of one expression into the state's failure; given by the state, which knows its name. */
export type EvaluationGuard = (
  template: Template & { kind: 'expression' },
  evaluated: Promise<JsonValue | undefined>,
) => Promise<JsonValue>;

/**
 * Evaluates a compiled field without waiting, where all of its expressions can be: the same frozen answer as that of
 * {@link evaluateTemplate}, which is what {@link NOT_DIRECT} asks for.
 */
export function evaluateTemplateNow(template: Template, bindings: Bindings): JsonValue | typeof NOT_DIRECT {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return evaluateExpressionNow(template.expression, bindings);
    case 'array': {
      const items: JsonValue[] = [];
      for (const item of template.items) {
        const value = evaluateTemplateNow(item, bindings);
        if (value === NOT_DIRECT) return NOT_DIRECT;
        items.push(value);
      }
      return Object.freeze(items) as JsonValue[];
    }
    case 'object': {
      // Member by member: objects made by Object.fromEntries are hash tables. `__proto__` would be no member of its own.
      const members: JsonObject = {};
      for (const [key, member] of template.members) {
        const value = evaluateTemplateNow(member, bindings);
        if (value === NOT_DIRECT || key === '__proto__') return NOT_DIRECT;
        members[key] = value;
      }
      return Object.freeze(members);
    }
  }
}

/** An expression that returned nothing is an error, and has its words from the slow way. */
function evaluateExpressionNow({ evaluateNow }: Expression, bindings: Bindings): JsonValue | typeof NOT_DIRECT {
  const value = evaluateNow?.(bindings);
  return value === undefined ? NOT_DIRECT : value;
}

/** Evaluates a compiled field. The answer is frozen. Members are evaluated in order, so errors are always the same one. */
export async function evaluateTemplate(
  template: Template,
  bindings: Bindings,
  guard: EvaluationGuard,
): Promise<JsonValue> {
  switch (template.kind) {
    case 'literal':
      return template.value;
    case 'expression':
      return guard(template, template.expression.evaluate(bindings));
    case 'array': {
      const items: JsonValue[] = [];
      for (const item of template.items) items.push(await evaluateTemplate(item, bindings, guard));
      return Object.freeze(items) as JsonValue[];
    }
    case 'object': {
      const members: [string, JsonValue][] = [];
      for (const [key, member] of template.members)
        members.push([key, await evaluateTemplate(member, bindings, guard)]);
      return Object.freeze(Object.fromEntries(members));
    }
  }
}
