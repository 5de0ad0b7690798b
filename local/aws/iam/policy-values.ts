import type { JsonObject, JsonValue } from '../../json.ts';
import { UnsupportedResource } from '../resource-type.ts';

/** @throws {UnsupportedResource} for anything but an object */
export function objectIn(value: JsonValue | undefined, where: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new UnsupportedResource(`${where}: an object is needed`);
}

/** One item stands for a list of one, as everywhere in a policy. */
export function listIn(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** @throws {UnsupportedResource} for an item that is no text, or that holds a policy variable such as `${aws:username}` */
export function textsIn(value: JsonValue | undefined, where: string): readonly string[] {
  return listIn(value).map((item) => {
    if (typeof item === 'object') throw new UnsupportedResource(`${where}: a text is needed`);
    const text = String(item);
    if (text.includes('${'))
      throw new UnsupportedResource(`${where}: the policy variable in ${text} is not evaluated here`);
    return text;
  });
}
