import type { JsonObject, JsonValue } from '../json.ts';

/** Bytes of UTF-8 that a state's input, output, arguments or result may hold (256 KiB). */
export const DATA_LIMIT_BYTES = 262_144;

/** A JSON value beside its text, so that each is written at most once on its way through the states. */
export type Data = { readonly value: JsonValue; readonly json: string };

/**
 * Freezes a JSON value through and through and gives it back. States share values instead of copying them, so nothing
 * may ever change one. Stops at what is frozen already, which makes a repeat cheap.
 */
export function freeze<T extends JsonValue>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value) as T;
}

/** Wraps a JSON value with its text. The value is frozen. */
export function toData(value: JsonValue): Data {
  return { value: freeze(value), json: JSON.stringify(value) };
}

/** As {@link toData} for a value from outside, which stays its owner's: a copy, as it would come back over the wire. */
export function copyData(value: JsonValue | undefined): Data {
  const json = JSON.stringify(value ?? null);
  return { value: freeze(JSON.parse(json) as JsonValue), json };
}

/** True when `json` takes more than 256 KiB as UTF-8. A UTF-16 unit takes one to three bytes, so most texts need no count. */
export function exceedsLimit(json: string): boolean {
  if (json.length > DATA_LIMIT_BYTES) return true;
  return json.length * 3 > DATA_LIMIT_BYTES && Buffer.byteLength(json, 'utf8') > DATA_LIMIT_BYTES;
}

/** True for `{...}`: neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How AWS names the type of a JSON value in its messages. */
export function typeName(value: JsonValue): 'null' | 'array' | 'boolean' | 'number' | 'string' | 'object' {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object';
}
