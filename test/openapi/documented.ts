import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import * as z from 'zod';
import { apiDocument } from '../../docs/generator/document.ts';

type Response = {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content: Readonly<Record<string, Content>>;
};
type Content = { readonly schema: object; readonly examples?: Readonly<Record<string, { readonly value: unknown }>> };
type Operation = {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, Response>>;
};

/** The document as anybody reads it from the file. */
export type ApiDocument = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Record<string, unknown>>> };
};

export const API = JSON.parse(JSON.stringify(apiDocument())) as ApiDocument;

export const OPERATIONS = Object.entries(API.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
);

/** Headers that are ours to document; the others are HTTP's, CORS's and the gateway's. */
const OUR_HEADERS = ['location', 'idempotent-replayed', 'cache-control', 'retry-after'];

/** Compiles what stands at a place of the document. `isClosed`: a field that is not documented is an error. */
export function validatorAt(place: readonly string[], isClosed: boolean): ValidateFunction {
  const pointer = place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
  return (isClosed ? closed : open).compile({ $ref: `api#/${pointer}` });
}

const open = ajvWith(API);
const closed = ajvWith(closedApi());

function ajvWith(document: object): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addFormat('date-time', (text: string) => z.iso.datetime().safeParse(text).success);
  return ajv.addSchema(document, 'api');
}

function closedApi(): ApiDocument {
  const { schemas } = API.components;
  const closedSchemas = Object.entries(schemas).map(([name, schema]) => [
    name,
    { ...schema, additionalProperties: false },
  ]);
  return { ...API, components: { ...API.components, schemas: Object.fromEntries(closedSchemas) } };
}

export type Given = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** What is wrong with an answer, by the document: nothing, it is hoped. */
export function undocumented(method: string, path: string, { status, headers, body }: Given): string[] {
  const response = API.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
  if (response === undefined) return [`${method} ${path} documents no ${status}`];
  const mediaType = headers.get('content-type') ?? 'none';
  if (response.content[mediaType] === undefined) return [`${status} documents no ${mediaType}`];
  const known = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
  const stray = OUR_HEADERS.filter((name) => headers.has(name) && !known.includes(name));
  const place = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', mediaType, 'schema'];
  const validate = validatorAt(place, true);
  const errors = validate(body) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  return [...stray.map((name) => `${status} documents no header ${name}`), ...errors];
}
