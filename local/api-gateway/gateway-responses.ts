import { UnsupportedResource } from '../aws/resource-type.ts';
import { type Answer, answerOf } from './answer.ts';
import { headerOf } from './api-request.ts';
import { type Exchange, isContextVariable } from './context.ts';
import type { ApiDefinition, GatewayResponse } from './definition.ts';
import { GATEWAY_RESPONSE_STATUS, type GatewayFault } from './gateway-fault.ts';
import { forAccept } from './media-type.ts';
import { parameterValue } from './parameter-mapping.ts';
import { checkSubstitutions, substituteIntoJson } from './substitution.ts';

const DEFAULT_TEMPLATES = { 'application/json': '{"message":$context.error.messageString}' };

/** @throws {UnsupportedResource} naming the response and what of it is not run here. */
export function checkGatewayResponses(api: ApiDefinition): void {
  for (const response of api.gatewayResponses.values()) {
    const where = `gateway response ${response.responseType}`;
    if (!Object.hasOwn(GATEWAY_RESPONSE_STATUS, response.responseType))
      throw new UnsupportedResource(`${where}: unknown`);
    for (const text of Object.values(response.templates)) checkSubstitutions(where, text, isContextVariable);
    const other = Object.keys(response.parameters).find((name) => !name.startsWith('gatewayresponse.header.'));
    if (other !== undefined) throw new UnsupportedResource(`${where}: ${other} is not run here`);
  }
}

/**
 * The answer for a fault: by the API's own gateway response of that type, else by its DEFAULT_4XX or DEFAULT_5XX, else AWS's
 * plain message. A status set on the default holds for every type that falls back to it. REQUEST_TOO_LARGE cannot be
 * customised (https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html).
 *
 * @param exchange its `fault` is set.
 */
export function gatewayAnswer(exchange: Exchange, fault: GatewayFault): Answer {
  const response = responseFor(exchange.api, fault);
  const templates = response && Object.keys(response.templates).length > 0 ? response.templates : DEFAULT_TEMPLATES;
  const chosen = forAccept(templates, headerOf(exchange.request, 'accept'));
  const headers: [string, string][] = [
    ['Content-Type', chosen?.mediaType ?? 'application/json'],
    ['x-amzn-ErrorType', fault.errorType],
  ];
  for (const [name, source] of Object.entries(response?.parameters ?? {})) {
    const value = parameterValue(source, exchange);
    if (value !== null) headers.push([name.slice('gatewayresponse.header.'.length), value]);
  }
  const body = Buffer.from(substituteIntoJson(chosen?.entry ?? '', exchange), 'utf8');
  return answerOf(response?.statusCode ?? fault.statusCode, headers, body);
}

function responseFor(api: ApiDefinition, fault: GatewayFault): GatewayResponse | undefined {
  if (fault.responseType === 'REQUEST_TOO_LARGE') return undefined;
  const fallback = fault.statusCode < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX';
  return api.gatewayResponses.get(fault.responseType) ?? api.gatewayResponses.get(fallback);
}
