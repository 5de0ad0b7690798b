import type { JsonObject, JsonValue } from '../json.ts';

/** Says that jsonata itself has to be asked. */
export const NOT_DIRECT: unique symbol = Symbol('not direct');

/** Undefined is JSONata's "nothing". */
export type Value = JsonValue | undefined | typeof NOT_DIRECT;

/** Follows names through objects. What has no members gives nothing; an array would be mapped over. */
export function deepest(begin: Value, names: readonly string[]): Value {
  let value: Value = begin;
  for (const name of names) {
    if (Array.isArray(value) || value === NOT_DIRECT) return NOT_DIRECT;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

/** Nothing is neither equal nor unequal to anything. */
export function equals(one: Value, other: Value, wanted: boolean): boolean | typeof NOT_DIRECT {
  if (one === NOT_DIRECT || other === NOT_DIRECT) return NOT_DIRECT;
  if (one === undefined || other === undefined) return false;
  if (isWithMembers(one) || isWithMembers(other)) return NOT_DIRECT;
  return (one === other) === wanted;
}

function isWithMembers(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

export function compare(operator: '<' | '<=' | '>' | '>=', one: Value, other: Value): boolean | typeof NOT_DIRECT {
  const areNumbers = typeof one === 'number' && typeof other === 'number';
  const areTexts = typeof one === 'string' && typeof other === 'string';
  if (!areNumbers && !areTexts) return NOT_DIRECT;
  if (operator === '<') return one < other;
  if (operator === '<=') return one <= other;
  return operator === '>' ? one > other : one >= other;
}

export function numeric(operator: '+' | '-' | '*' | '/' | '%', one: Value, other: Value): number | typeof NOT_DIRECT {
  if (typeof one !== 'number' || typeof other !== 'number') return NOT_DIRECT;
  return finite(calculate(operator, one, other));
}

function calculate(operator: '+' | '-' | '*' | '/' | '%', one: number, other: number): number {
  switch (operator) {
    case '+':
      return one + other;
    case '-':
      return one - other;
    case '*':
      return one * other;
    case '/':
      return one / other;
    case '%':
      return one % other;
  }
}

export function negative(value: Value): Value {
  return typeof value === 'number' ? -value : NOT_DIRECT;
}

function finite(value: number): number | typeof NOT_DIRECT {
  return Number.isFinite(value) ? value : NOT_DIRECT;
}

export function concat(one: Value, other: Value): string | typeof NOT_DIRECT {
  const first = textOf(one === undefined ? '' : one);
  const second = textOf(other === undefined ? '' : other);
  return first === NOT_DIRECT || second === NOT_DIRECT ? NOT_DIRECT : `${first}${second}`;
}

/** As `$string` writes it: what is no text as JSON, with numbers rounded to 15 digits. */
export function textOf(value: Value): string | typeof NOT_DIRECT {
  if (typeof value === 'string') return value;
  return value === undefined || value === NOT_DIRECT ? NOT_DIRECT : JSON.stringify(value, rounded);
}

function rounded(_name: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(15)) : value;
}

/** Whether a value is one of a list, or the one that stands in place of a list. */
export function isIn(value: Value, list: Value): boolean | typeof NOT_DIRECT {
  if (value === NOT_DIRECT || list === NOT_DIRECT) return NOT_DIRECT;
  if (value === undefined || list === undefined) return false;
  if (isWithMembers(value)) return NOT_DIRECT;
  return Array.isArray(list) ? list.includes(value) : list === value;
}

/** Puts a value behind the others: nothing is left out, and an array laid open unless it goes in whole. */
export function append(to: JsonValue[], value: JsonValue | undefined, isWhole: boolean): void {
  if (value === undefined) return;
  if (Array.isArray(value) && !isWhole) to.push(...value);
  else to.push(value);
}
