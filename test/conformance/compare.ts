import type { JsonValue } from '../../local/json.ts';
import { isObject } from '../../local/step-functions/data.ts';

/**
 * The places where `actual` is not what was recorded, empty when it is. On the expected side `{"$any": true}` stands
 * for any value, with a `pattern` for a string that matches it, and `{"$json": v}` for a string whose JSON is `v`.
 */
export function compare(expected: JsonValue, actual: JsonValue | undefined, at: string): string[] {
  if (isObject(expected) && expected['$any'] === true) return compareAny(expected['pattern'], actual, at);
  if (isObject(expected) && '$json' in expected) return compareJson(expected['$json'] ?? null, actual, at);
  if (Array.isArray(expected) && Array.isArray(actual)) return compareArrays(expected, actual, at);
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => compareMember(expected[key], actual[key], `${at}.${key}`));
  }
  return Object.is(expected, actual) ? [] : [difference(expected, actual, at)];
}

function compareMember(expected: JsonValue | undefined, actual: JsonValue | undefined, at: string): string[] {
  if (expected === undefined) return [`${at}: AWS has nothing here, got ${JSON.stringify(actual)}`];
  return compare(expected, actual, at);
}

function compareArrays(expected: JsonValue[], actual: JsonValue[], at: string): string[] {
  const lengths =
    expected.length === actual.length ? [] : [`${at}: AWS has ${expected.length} items, got ${actual.length}`];
  return [...lengths, ...expected.flatMap((item, index) => compare(item, actual[index], `${at}[${index}]`))];
}

function compareAny(pattern: JsonValue | undefined, actual: JsonValue | undefined, at: string): string[] {
  if (actual === undefined) return [`${at}: AWS has a value here, got nothing`];
  if (typeof pattern !== 'string') return [];
  const matches = typeof actual === 'string' && new RegExp(withEscapedQuotes(pattern), 's').test(actual);
  return matches ? [] : [`${at}: AWS has ${pattern}, got ${JSON.stringify(actual)}`];
}

/**
 * The corpus writes a backslash before a quote in a text as `\\"` in its pattern, which a regular expression reads as the
 * quote alone: the pattern would not match the very text it was made from. Read as it is meant.
 */
function withEscapedQuotes(pattern: string): string {
  return pattern.replaceAll(/(\\+)"/g, (text, slashes: string) => (slashes.length % 2 === 1 ? `${slashes}\\"` : text));
}

function compareJson(expected: JsonValue, actual: JsonValue | undefined, at: string): string[] {
  if (typeof actual !== 'string') return [difference(expected, actual, at)];
  try {
    return compare(expected, JSON.parse(actual) as JsonValue, at);
  } catch {
    return [`${at}: AWS has JSON text, got ${JSON.stringify(actual)}`];
  }
}

function difference(expected: JsonValue, actual: JsonValue | undefined, at: string): string {
  return `${at}: AWS has ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}
