import type { ErrorObject } from 'ajv';

type Describe = (error: ErrorObject) => string;

/**
 * API Gateway's validator is the Java library github.com/java-json-tools/json-schema-validator, judging by its messages; these
 * are that library's words for what models use. Like AWS's they quote the offending value, so a gateway response that shows
 * them shows what the client sent.
 */
const MESSAGES: Readonly<Record<string, Describe>> = {
  additionalProperties: ({ params }) =>
    `object instance has properties which are not allowed by the schema: ${list([params['additionalProperty']])}`,
  enum: ({ params, data }) =>
    `instance value (${JSON.stringify(data)}) not found in enum (possible values: ${list(params['allowedValues'])})`,
  maximum: ({ params, data }) =>
    `numeric instance is greater than the required maximum (maximum: ${params['limit']}, found: ${data})`,
  maxLength: ({ params, data }) =>
    `string ${JSON.stringify(data)} is too long (length: ${lengthOf(data)}, maximum allowed: ${params['limit']})`,
  minimum: ({ params, data }) =>
    `numeric instance is lower than the required minimum (minimum: ${params['limit']}, found: ${data})`,
  minLength: ({ params, data }) =>
    `string ${JSON.stringify(data)} is too short (length: ${lengthOf(data)}, required minimum: ${params['limit']})`,
  pattern: ({ params, data }) =>
    `ECMA 262 regex ${JSON.stringify(params['pattern'])} does not match input string ${JSON.stringify(data)}`,
  required: ({ params }) => `object has missing required properties (${list([params['missingProperty']])})`,
  type: ({ params, data }) =>
    `instance type (${typeOf(data)}) does not match any allowed primitive type (allowed: ${list([params['type']].flat())})`,
};

/** `[first, second]`, all that is wrong. The properties missing from one object are one message, as are those too many. */
export function validationErrorString(errors: readonly ErrorObject[]): string {
  return `[${merged(errors).map(describe).join(', ')}]`;
}

function describe(error: ErrorObject): string {
  return MESSAGES[error.keyword]?.(error) ?? `instance failed to match ${error.keyword}`;
}

function merged(errors: readonly ErrorObject[]): ErrorObject[] {
  const out: ErrorObject[] = [];
  for (const error of errors) {
    const name = { required: 'missingProperty', additionalProperties: 'additionalProperty' }[error.keyword];
    const same =
      name && out.find((other) => other.keyword === error.keyword && other.instancePath === error.instancePath);
    if (name && same) same.params[name] = [same.params[name], error.params[name]].flat();
    else out.push({ ...error, params: { ...error.params } });
  }
  return out;
}

function list(values: unknown): string {
  return JSON.stringify(
    Array.isArray(values)
      ? values
          .flat()
          .map(String)
          .toSorted((one, other) => (one < other ? -1 : 1))
      : [values],
  );
}

/** In characters, as JSON Schema counts. */
function lengthOf(data: unknown): number {
  return [...String(data)].length;
}

function typeOf(data: unknown): string {
  if (data === null) return 'null';
  if (Array.isArray(data)) return 'array';
  return Number.isInteger(data) ? 'integer' : typeof data;
}
