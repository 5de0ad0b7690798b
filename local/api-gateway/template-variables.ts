import { allValues, lastValues } from './api-request.ts';
import { contextValue, contextVariableNames, type Exchange } from './context.ts';
import { definitePath, itemAt } from './json-path.ts';
import { base64Decode, base64Encode, escapeJavaScript, urlDecode, urlEncode } from './template-functions.ts';
import { TemplateRenderError } from './velocity/errors.ts';
import { fromJson, HostObject, JavaMap, printed, toJson, type Value } from './velocity/values.ts';

/** `$input.json` or `$input.path` met a body that is not JSON. */
export class BodyNotJsonError extends Error {
  override readonly name = 'BodyNotJsonError' as const;
}

/** What templates asked to change about the request and the answer; kept from the request template to the response's. */
export type Overrides = { readonly request: JavaMap; readonly response: JavaMap };

export function newOverrides(): Overrides {
  const places = (names: readonly string[]) => new OverrideMap(names.map((name) => [name, new OverrideMap()]));
  return { request: places(['header', 'path', 'querystring']), response: places(['header']) };
}

/**
 * "An override may only be applied to each parameter once. Trying to override the same parameter multiple times will result in
 * 5XX responses"
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html).
 */
class OverrideMap extends JavaMap {
  override set(key: string, value: Value): void {
    if (this.entries.has(key)) throw new TemplateRenderError(`the override of ${key} is set twice`);
    super.set(key, value);
  }
}

/**
 * The variables of a mapping template
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
 *
 * @param body of the request in a request template, of the integration's answer in a response template; text
 */
export function templateVariables(exchange: Exchange, body: string, overrides: Overrides): Record<string, Value> {
  return {
    input: inputObject(exchange, body),
    context: contextObject(exchange, overrides),
    stageVariables: new JavaMap(Object.entries(exchange.api.stageVariables)),
    util: UTIL,
    null: null,
  };
}

/** An empty body reads as `{}` (recorded on AWS by the tests of github.com/localstack/localstack, test_input_body_formatting). */
function inputObject(exchange: Exchange, body: string): HostObject {
  const text = body === '' ? '{}' : body;
  const document = once(() => readDocument(text));
  const at = (path: Value | undefined) => itemAt(document(), definitePath(stringOf(path ?? '$', 'a JSONPath')));
  return new HostObject(
    '$input',
    { body: () => text },
    {
      json: ([path]) => jsonOf(at(path)),
      path: ([path]) => at(path),
      params: (args) => params(exchange, args),
    },
  );
}

/** Nothing there is an empty text, in quotes (assumption: AWS's page says only that the result is a JSON string). */
function jsonOf(item: Value): string {
  return item === null ? '""' : toJson(item);
}

function readDocument(text: string): Value {
  try {
    return fromJson(text);
  } catch (error) {
    throw new BodyNotJsonError('the body is not JSON', { cause: error });
  }
}

/**
 * `$input.params()` holds `path`, `querystring` and `header`; `$input.params(name)` looks into them in that order and gives an
 * empty text for nothing. Header names keep the client's spelling and are case-sensitive. Of a query parameter sent more than
 * once the last value counts (recorded on AWS). A header sent more than once is one value with commas, as RFC 9110 (section 5.3)
 * lets any recipient combine it: an assumption, since AWS documents only that several values are to be had by
 * `method.request.multivalueheader`, in parameter mappings.
 */
function params(exchange: Exchange, args: readonly Value[]): Value {
  const { request, route } = exchange;
  const maps = {
    path: { ...route?.pathParameters },
    querystring: lastValues(request.query),
    header: Object.fromEntries(
      Object.entries(allHeadersOf(exchange)).map(([name, values]) => [name, values.join(', ')]),
    ),
  };
  const [name] = args;
  if (name === undefined) {
    return new JavaMap(Object.entries(maps).map(([place, values]) => [place, new JavaMap(Object.entries(values))]));
  }
  const key = stringOf(name, 'the name of a parameter');
  const place = Object.values(maps).find((values) => Object.hasOwn(values, key));
  return place?.[key] ?? '';
}

/** The client's headers, and those that API Gateway adds on the way in. */
export function headersOf(exchange: Exchange): Record<string, string> {
  return { ...lastValues(exchange.request.headers), ...addedHeaders(exchange) };
}

export function allHeadersOf(exchange: Exchange): Record<string, string[]> {
  const added = Object.entries(addedHeaders(exchange)).map(([name, value]) => [name, [value]]);
  return { ...allValues(exchange.request.headers), ...Object.fromEntries(added) };
}

function addedHeaders({ request, traceId }: Exchange): Record<string, string> {
  const forwarded = allValues(request.headers)['X-Forwarded-For'] ?? [];
  return {
    'X-Amzn-Trace-Id': traceId,
    'X-Forwarded-For': [...forwarded, request.sourceIp].join(', '),
    'X-Forwarded-Port': request.nodeHeaders.host?.split(':')[1] ?? '80',
    'X-Forwarded-Proto': 'http',
  };
}

/** Nested as the dotted names are. Only the overrides can be set. */
function contextObject(exchange: Exchange, overrides: Overrides): HostObject {
  const build = (label: string, prefix: string, extra: Record<string, () => Value>): HostObject => {
    const names = contextVariableNames().filter((name) => name.startsWith(prefix));
    const heads = new Set(names.map((name) => name.slice(prefix.length).split('.')[0] ?? ''));
    const properties = [...heads].map((head): [string, () => Value] => {
      const full = prefix + head;
      const isLeaf = names.includes(full);
      return [head, isLeaf ? () => contextValue(exchange, full) : () => build(`${label}.${head}`, `${full}.`, {})];
    });
    return new HostObject(label, { ...Object.fromEntries(properties), ...extra });
  };
  return build('$context', '', {
    requestOverride: () => overrides.request,
    responseOverride: () => overrides.response,
  });
}

/** `$util`. */
export function utilObject(): HostObject {
  return UTIL;
}

const UTIL = new HostObject(
  '$util',
  {},
  {
    base64Decode: onText(base64Decode),
    base64Encode: onText(base64Encode),
    escapeJavaScript: onText(escapeJavaScript),
    parseJson: ([json]) => parseJson(json ?? null),
    urlDecode: onText(urlDecode),
    urlEncode: onText(urlEncode),
  },
);

/**
 * Nothing becomes an empty text, as recorded on AWS for urlEncode (see {@link inputObject}). What is not a text is taken as it
 * prints (assumption).
 */
function onText(change: (text: string) => string): (args: readonly Value[]) => Value {
  return ([value]) => change(printed(value ?? null));
}

function parseJson(json: Value): Value {
  if (json === null) return null;
  try {
    return fromJson(stringOf(json, 'what parseJson reads'));
  } catch (error) {
    if (error instanceof TemplateRenderError) throw error;
    throw new TemplateRenderError('parseJson of what is not JSON', { cause: error });
  }
}

function stringOf(value: Value, what: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateRenderError(`${what} must be a string`);
}

function once<Result>(make: () => Result): () => Result {
  let made: { result: Result } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}
