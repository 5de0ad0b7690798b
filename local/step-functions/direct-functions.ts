import type { JsonObject, JsonValue } from '../json.ts';
import { isObject } from './data.ts';
import { deepest, NOT_DIRECT, textOf, type Value } from './direct-values.ts';

/** For the arguments that a function takes as they are; called with as many as it names. */
export type DirectFunction = (first: JsonValue | undefined, second: JsonValue | undefined) => Value;

/** As JSON and jsonata both write a moment. Other forms that `$toMillis` reads are jsonata's to read. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** As DynamoDB writes the numbers of this system. */
const NUMBER = /^-?\d{1,15}$/;
/** The last millisecond of the year 9999. */
const MILLIS_MAX = 253_402_300_799_999;

/** https://docs.jsonata.org/overview: each for the plain case alone. */
export const directFunctions: Readonly<Record<string, DirectFunction>> = {
  exists: (argument) => argument !== undefined,
  string: (argument) => textOf(argument),
  not: (argument) => (typeof argument === 'boolean' ? !argument : NOT_DIRECT),
  count: (argument) => (Array.isArray(argument) ? argument.length : NOT_DIRECT),
  number: (argument) => (typeof argument === 'string' && NUMBER.test(argument) ? Number(argument) : NOT_DIRECT),
  lookup: (object, name) => (isObject(object) && typeof name === 'string' ? deepest(object, [name]) : NOT_DIRECT),
  floor: (argument) => (typeof argument === 'number' ? Math.floor(argument) : NOT_DIRECT),
  min: (argument) => (isNumbers(argument) && argument.length > 0 ? Math.min(...argument) : NOT_DIRECT),
  merge: (argument) => (isObjects(argument) ? merged(argument) : NOT_DIRECT),
  toMillis: (argument) => (typeof argument === 'string' && MOMENT.test(argument) ? millis(argument) : NOT_DIRECT),
  fromMillis: (argument) => (isMillis(argument) ? new Date(argument).toISOString() : NOT_DIRECT),
};

function isNumbers(value: JsonValue | undefined): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

function isObjects(value: JsonValue | undefined): value is JsonObject[] {
  return Array.isArray(value) && value.every(isObject);
}

function isMillis(value: JsonValue | undefined): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MILLIS_MAX;
}

/** The 30th of February has the form, and is no moment. */
function millis(text: string): Value {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? NOT_DIRECT : atMs;
}

function merged(objects: readonly JsonObject[]): JsonObject {
  let result: JsonObject = {};
  for (const one of objects) result = { ...result, ...one };
  return result;
}
