import { UnsupportedResource } from '../aws/resource-type.ts';
import { allValues, lastValues } from './api-request.ts';
import { type ContextValue, contextValue, type Exchange } from './context.ts';

const NAME = String.raw`(context|stageVariables|method\.request\.(?:header|querystring|path))\.([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)`;
const VARIABLE = new RegExp(String.raw`\$(?:\{${NAME}\}|${NAME})`, 'g');
const DOLLAR = /\$\{?[A-Za-z]/g;

/**
 * Refuses what cannot be substituted, when the API is read rather than when it is used. Gateway responses and access logs
 * are not Velocity: they know plain variables alone
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html).
 *
 * @throws {UnsupportedResource} naming the variable.
 */
export function checkSubstitutions(where: string, text: string, isKnown: (contextName: string) => boolean): void {
  const variables = [...text.matchAll(VARIABLE)].map(variableOf);
  const unknown = variables.find(({ kind, name }) => kind === 'context' && !isKnown(name));
  if (unknown) throw new UnsupportedResource(`${where}: $context.${unknown.name} is not run here`);
  if ([...text.matchAll(DOLLAR)].length > variables.length) {
    throw new UnsupportedResource(`${where}: only $context, $stageVariables and $method.request can be substituted`);
  }
}

/** The access log's way: values as they are, and `-` for a variable that has none. */
export function substitutePlainly(text: string, exchange: Exchange): string {
  return substitute(text, exchange, (value) => value ?? '-');
}

/**
 * A gateway response's way: a value is escaped so that it can stand between the quotes of a JSON template, which is what clients
 * of `"$context.error.validationErrorString"` are shown; `$context.error.messageString` brings its quotes along
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html). Assumption: no other
 * variable is treated differently.
 */
export function substituteIntoJson(text: string, exchange: Exchange): string {
  return substitute(text, exchange, (value, name) => {
    if (value === null) return '';
    return name === 'error.messageString' ? value : JSON.stringify(value).slice(1, -1);
  });
}

function substitute(text: string, exchange: Exchange, write: (value: string | null, name: string) => string): string {
  return text.replaceAll(VARIABLE, (...match: string[]) => {
    const { kind, name } = variableOf(match);
    const value = kind === 'context' ? contextValue(exchange, name) : otherValue(kind, name, exchange);
    return write(value === null ? null : String(value), name);
  });
}

/** In braces or without. */
function variableOf([, kind, name, bareKind, bareName]: readonly (string | undefined)[]): {
  kind: string;
  name: string;
} {
  return { kind: kind ?? bareKind ?? '', name: name ?? bareName ?? '' };
}

function otherValue(kind: string, name: string, exchange: Exchange): ContextValue {
  if (kind === 'stageVariables') return exchange.api.stageVariables[name] ?? null;
  return requestParameter(exchange, kind.slice('method.request.'.length), name);
}

/** `place` is `header`, `querystring` or `path`, or one of the first two with `multivalue` before it. */
export function requestParameter(exchange: Exchange, place: string, name: string): string | null {
  const { headers, query } = exchange.request;
  if (place === 'path') return exchange.route?.pathParameters[name] ?? null;
  const pairs = place.endsWith('header') ? headers : query;
  if (place.startsWith('multivalue')) return allValues(pairs)[name]?.join(',') ?? null;
  return lastValues(pairs)[name] ?? null;
}
