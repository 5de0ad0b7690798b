import { UnsupportedResource } from '../aws/resource-type.ts';
import type { JsonObject } from '../json.ts';

/** @throws {UnsupportedResource} naming the first property that is neither known nor inert. */
export function refuseOthers(
  what: string,
  properties: JsonObject,
  known: readonly string[],
  inert: Readonly<Record<string, string>>,
): void {
  const other = Object.keys(properties).find((name) => !known.includes(name) && !Object.hasOwn(inert, name));
  if (other !== undefined) throw new UnsupportedResource(`${what}.${other} is not run here`);
}

/** CloudFormation takes numbers where it wants text. @throws {UnsupportedResource} where nothing is there. */
export function textOf(properties: JsonObject, name: string): string {
  const value = optionalText(properties, name);
  if (value === undefined) throw new UnsupportedResource(`${name} is missing`);
  return value;
}

/** @throws {UnsupportedResource} where the value is an intrinsic that nobody resolved. */
export function optionalText(properties: JsonObject, name: string): string | undefined {
  const value = properties[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new UnsupportedResource(`${name} is not resolved to a text`);
  return String(value);
}

/** CloudFormation takes booleans as text too. */
export function booleanOf(properties: JsonObject, name: string): boolean {
  return properties[name] === true || properties[name] === 'true';
}

export function objectOf(properties: JsonObject, name: string): JsonObject {
  const value = properties[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A map of texts; empty where there is none. */
export function textsOf(properties: JsonObject, name: string): Record<string, string> {
  const map = objectOf(properties, name);
  return Object.fromEntries(Object.keys(map).map((key) => [key, textOf(map, key)]));
}

/** A list of objects; empty where there is none. */
export function objectsOf(properties: JsonObject, name: string): JsonObject[] {
  const value = properties[name];
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === 'object' && item !== null && !Array.isArray(item)) as JsonObject[];
}
