import { UnsupportedResource } from '../aws/resource-type.ts';
import { contextValue, type Exchange, isContextVariable } from './context.ts';
import { definitePath, itemAt } from './json-path.ts';
import { requestParameter } from './substitution.ts';
import { fromJson, printed, toJson } from './velocity/values.ts';

/** What an integration answered, as far as parameters can be taken from it. */
export type IntegrationResult = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

const REQUEST = /^method\.request\.((?:multivalue)?header|(?:multivalue)?querystring|path)\.([A-Za-z0-9._$-]+)$/;
const RESPONSE_HEADER = /^integration\.response\.(?:multivalue)?header\.([A-Za-z0-9._$-]+)$/;
const RESPONSE_BODY = /^integration\.response\.body(\.[^']+)?$/;

/**
 * Refuses what {@link parameterValue} does not know, when the API is read.
 *
 * @throws {UnsupportedResource} naming the expression
 */
export function checkParameterSource(where: string, source: string, hasIntegration: boolean): void {
  const context = /^context\.(.+)$/.exec(source)?.[1];
  const isKnown =
    isLiteral(source) ||
    (context !== undefined && isContextVariable(context)) ||
    /^stageVariables\.[A-Za-z0-9_]+$/.test(source) ||
    (hasIntegration ? RESPONSE_HEADER.test(source) || RESPONSE_BODY.test(source) : REQUEST.test(source));
  if (!isKnown) throw new UnsupportedResource(`${where}: the mapping ${source} is not run here`);
  const path = RESPONSE_BODY.exec(source)?.[1];
  if (path !== undefined && !isDefinite(`$${path}`)) {
    throw new UnsupportedResource(`${where}: the mapping ${source} is not run here`);
  }
}

function isDefinite(path: string): boolean {
  try {
    return definitePath(path).length > 0;
  } catch {
    return false;
  }
}

/**
 * Where a mapped parameter comes from
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping-sources.html). Null where there is
 * nothing: the parameter is left out.
 */
export function parameterValue(source: string, exchange: Exchange, result?: IntegrationResult): string | null {
  if (isLiteral(source)) return source.slice(1, -1);
  const [kind, name = ''] = splitOnce(source);
  if (kind === 'context') return textOf(contextValue(exchange, name));
  if (kind === 'stageVariables') return exchange.api.stageVariables[name] ?? null;
  const request = REQUEST.exec(source);
  if (request?.[1] && request[2]) return requestParameter(exchange, request[1], request[2]);
  return result ? resultValue(source, result) : null;
}

function resultValue(source: string, result: IntegrationResult): string | null {
  const header = RESPONSE_HEADER.exec(source)?.[1];
  if (header !== undefined) return result.headers[header] ?? null;
  const path = RESPONSE_BODY.exec(source)?.[1];
  if (path === undefined) return result.body;
  const item = itemAt(fromJson(result.body), definitePath(`$${path}`));
  if (item === null) return null;
  return typeof item === 'object' ? toJson(item) : printed(item);
}

function isLiteral(source: string): boolean {
  return source.length >= 2 && source.startsWith("'") && source.endsWith("'");
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf('.');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function textOf(value: string | number | null): string | null {
  return value === null ? null : String(value);
}
