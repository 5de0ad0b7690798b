import { AwsError } from '../../../local/aws/wire.ts';
import type { JsonObject, JsonValue } from '../../../local/json.ts';

/** What an attribute holds: JSON, which is all that this system stores (no sets, no binary). Never changed once stored. */
export type StoredValue = JsonValue;
export type Item = JsonObject;

/** From what the document client is given. Undefined members are left out, as its `removeUndefinedValues` has it. */
export function toStored(value: unknown): StoredValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (Array.isArray(value)) return value.map(toStored);
  if (typeof value === 'object' && value.constructor === Object) {
    const copy: JsonObject = {};
    for (const [name, member] of Object.entries(value)) if (member !== undefined) copy[name] = toStored(member);
    return copy;
  }
  throw new AwsError('ValidationException', `A ${typeof value} is not stored by the simulation`);
}

/** From the wire's `{S: 'text'}`. */
export function fromAttribute(attribute: JsonValue | undefined): StoredValue {
  const [[type, value] = ['nothing', null]] = Object.entries((attribute ?? {}) as JsonObject);
  switch (type) {
    case 'S':
    case 'BOOL':
      return value ?? null;
    case 'N':
      return Number(value);
    case 'NULL':
      return null;
    case 'L':
      return (value as JsonValue[]).map(fromAttribute);
    case 'M':
      return fromAttributes(value as JsonObject);
    default:
      throw new AwsError('ValidationException', `The simulation stores no attribute of type ${type}`);
  }
}

export function fromAttributes(attributes: JsonObject): Item {
  const item: JsonObject = {};
  for (const [name, attribute] of Object.entries(attributes)) item[name] = fromAttribute(attribute);
  return item;
}

/** To the wire's `{S: 'text'}`. */
export function toAttribute(value: StoredValue): JsonObject {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  return Array.isArray(value) ? { L: value.map(toAttribute) } : { M: toAttributes(value) };
}

export function toAttributes(item: Item): JsonObject {
  const attributes: JsonObject = {};
  for (const [name, value] of Object.entries(item)) attributes[name] = toAttribute(value);
  return attributes;
}
