import type { JsonObject, JsonValue } from '../json.ts';
import { TemplateError } from './template-error.ts';

/**
 * What an intrinsic function may ask of the template it stands in. Each throws {@link TemplateError} for a name that the
 * template does not declare.
 */
export interface Scope {
  /** `undefined` stands for AWS::NoValue: the property (or list item) is left out. */
  ref(name: string): JsonValue | undefined;
  attribute(logicalId: string, attribute: string): string;
  condition(name: string): boolean;
  mapping(map: string, topKey: string, secondKey: string): JsonValue;
}

type Intrinsic = (argument: JsonValue, scope: Scope, where: string) => JsonValue | undefined;

/**
 * `value` with every intrinsic function replaced by its result. `where` is the path shown in errors.
 *
 * @throws {TemplateError} for an intrinsic that is not evaluated here, by its name, and for one with malformed arguments
 */
export function resolveValue(value: JsonValue, scope: Scope, where: string): JsonValue | undefined {
  if (typeof value === 'string') return refuseDynamicReference(value, where);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return resolveList(value, scope, where);
  const [name, argument] = soleEntry(value) ?? [];
  if (name !== undefined && argument !== undefined && isIntrinsicName(name)) {
    const intrinsic = INTRINSICS[name];
    if (!intrinsic) throw new TemplateError(`${where}: ${name} is not evaluated by the local run`);
    return intrinsic(argument, scope, where);
  }
  return resolveObject(value, scope, where);
}

/** @throws {TemplateError} for anything but the condition functions of CloudFormation */
export function resolveCondition(expression: JsonValue | undefined, scope: Scope, where: string): boolean {
  const [name = '', argument] = soleEntry(expression) ?? [];
  switch (name) {
    case 'Condition':
      return scope.condition(text(argument, where));
    case 'Fn::Equals': {
      const [left, right] = resolveItems(argument, scope, where, 2);
      return JSON.stringify(left) === JSON.stringify(right);
    }
    case 'Fn::And':
      return list(argument, where).every((part) => resolveCondition(part, scope, where));
    case 'Fn::Or':
      return list(argument, where).some((part) => resolveCondition(part, scope, where));
    case 'Fn::Not':
      return !resolveCondition(list(argument, where)[0], scope, where);
    default:
      throw new TemplateError(`${where}: ${name || JSON.stringify(expression)} is no condition function`);
  }
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope, where) => scope.ref(text(argument, where)),

  'Fn::GetAtt': (argument, scope, where) => {
    const [logicalId, attribute] = attributePath(argument, where);
    return scope.attribute(logicalId, attribute);
  },

  'Fn::Join': (argument, scope, where) => {
    const [separator, parts] = resolveItems(argument, scope, where, 2);
    return list(parts, where)
      .map((part) => text(part, where))
      .join(text(separator, where));
  },

  'Fn::Sub': (argument, scope, where) => substitute(argument, scope, where),

  'Fn::Select': (argument, scope, where) => {
    const [index, items] = resolveItems(argument, scope, where, 2);
    const item = list(items, where)[Number(index)];
    if (item === undefined) throw new TemplateError(`${where}: Fn::Select has no item ${JSON.stringify(index)}`);
    return item;
  },

  'Fn::Split': (argument, scope, where) => {
    const [separator, source] = resolveItems(argument, scope, where, 2);
    return text(source, where).split(text(separator, where));
  },

  'Fn::If': (argument, scope, where) => {
    const [condition, whenTrue, whenFalse] = list(argument, where);
    const chosen = scope.condition(text(condition, where)) ? whenTrue : whenFalse;
    if (chosen === undefined) throw new TemplateError(`${where}: Fn::If takes a condition and two values`);
    return resolveValue(chosen, scope, where);
  },

  'Fn::FindInMap': (argument, scope, where) => {
    const [map, topKey, secondKey] = resolveItems(argument, scope, where, 3);
    return scope.mapping(text(map, where), text(topKey, where), text(secondKey, where));
  },

  'Fn::ImportValue': (argument, _scope, where) => {
    throw new TemplateError(
      `${where}: Fn::ImportValue ${JSON.stringify(argument)} needs another stack, and one stack is run`,
    );
  },
};

function isIntrinsicName(name: string): boolean {
  return name === 'Ref' || name.startsWith('Fn::');
}

function resolveList(items: JsonValue[], scope: Scope, where: string): JsonValue[] {
  return items.flatMap((item, index) => {
    const resolved = resolveValue(item, scope, `${where}[${index}]`);
    return resolved === undefined ? [] : [resolved];
  });
}

function resolveObject(value: JsonObject, scope: Scope, where: string): JsonObject {
  const resolved: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const result = resolveValue(member, scope, `${where}.${key}`);
    if (result !== undefined) resolved[key] = result;
  }
  return resolved;
}

const PLACEHOLDER = /\$\{(!?)([^}]*)\}/g;

/** Both forms: a text, or a text with values of its own. `${!Literal}` stays as `${Literal}`. */
function substitute(argument: JsonValue, scope: Scope, where: string): string {
  const [template, ownValues] = typeof argument === 'string' ? [argument, {}] : list(argument, where);
  const own = object(ownValues, where);
  return text(template, where).replaceAll(PLACEHOLDER, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const key = name.trim();
    const value = own[key];
    if (value !== undefined) return text(resolveValue(value, scope, where), where);
    const dot = key.indexOf('.');
    if (dot < 0) return text(scope.ref(key), where);
    return scope.attribute(key.slice(0, dot), key.slice(dot + 1));
  });
}

function attributePath(argument: JsonValue, where: string): [string, string] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const [logicalId, attribute] = list(argument, where);
  return [text(logicalId, where), text(attribute, where)];
}

/** `{{resolve:ssm:...}}` is replaced by CloudFormation at deployment, from services we would have to ask too early. */
function refuseDynamicReference(value: string, where: string): string {
  if (value.includes('{{resolve:')) throw new TemplateError(`${where}: dynamic references are not resolved: ${value}`);
  return value;
}

function resolveItems(argument: JsonValue | undefined, scope: Scope, where: string, count: number): JsonValue[] {
  const items = list(argument, where);
  if (items.length !== count) throw new TemplateError(`${where}: ${count} arguments are needed, not ${items.length}`);
  return resolveList(items, scope, where);
}

function soleEntry(value: JsonValue | undefined): [string, JsonValue] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length === 1 ? entries[0] : undefined;
}

function text(value: JsonValue | undefined, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${where}: a text is needed, not ${JSON.stringify(value)}`);
}

function list(value: JsonValue | undefined, where: string): JsonValue[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${where}: a list is needed, not ${JSON.stringify(value)}`);
}

function object(value: JsonValue | undefined, where: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new TemplateError(`${where}: an object is needed, not ${JSON.stringify(value)}`);
}
