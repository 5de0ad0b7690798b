import { UnsupportedResource } from '../aws/resource-type.ts';
import { type Answer, answerOf } from './answer.ts';
import { headerOf } from './api-request.ts';
import type { Exchange } from './context.ts';
import type { Integration, IntegrationResponse, Mapped } from './definition-method.ts';
import { GatewayFault, internalServerError } from './gateway-fault.ts';
import { forAccept, forMediaType, mediaTypeOf } from './media-type.ts';
import { checkParameterSource, type IntegrationResult, parameterValue } from './parameter-mapping.ts';
import { BodyNotJsonError, type Overrides, templateVariables } from './template-variables.ts';
import { TemplateRenderError, TemplateSyntaxError } from './velocity/errors.ts';
import { isFullMatch } from './velocity/java-regex.ts';
import { compileTemplate, type Template } from './velocity/render.ts';
import { JavaMap, printed } from './velocity/values.ts';

/** An integration's templates, read once. */
export type Mapping = {
  readonly passthrough: Mapped['passthrough'];
  readonly requestTemplates: Readonly<Record<string, Template>>;
  readonly responses: readonly MappedResponse[];
};

type MappedResponse = Omit<IntegrationResponse, 'templates'> & {
  readonly templates: Readonly<Record<string, Template>>;
};

/** What an integration came back with. */
export type IntegrationOutcome = IntegrationResult & { readonly statusCode: number };

/**
 * Reads every template, pattern and parameter mapping of an integration.
 *
 * @throws {UnsupportedResource} naming the method, and line and column for a template
 */
export function compileMapping(logicalId: string, integration: Integration & Mapped): Mapping {
  return {
    passthrough: integration.passthrough,
    requestTemplates: compileAll(`${logicalId}: request template`, integration.requestTemplates),
    responses: integration.responses.map((response) => {
      const where = `${logicalId}: response ${response.statusCode}`;
      checkPattern(where, response.selectionPattern);
      for (const source of Object.values(response.parameters)) checkParameterSource(where, source, true);
      return { ...response, templates: compileAll(where, response.templates) };
    }),
  };
}

function compileAll(where: string, templates: Readonly<Record<string, string>>): Record<string, Template> {
  const compiled = Object.entries(templates).map(([mediaType, text]) => {
    try {
      return [mediaType, compileTemplate(text)];
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      throw new UnsupportedResource(`${where} (${mediaType}), ${error.message}`);
    }
  });
  return Object.fromEntries(compiled);
}

function checkPattern(where: string, pattern: string | undefined): void {
  if (pattern === undefined) return;
  try {
    isFullMatch('', pattern);
  } catch (error) {
    throw new UnsupportedResource(`${where}: ${error instanceof Error ? error.message : 'its pattern'}`);
  }
}

/**
 * The body for the integration: by the template of the request's Content-Type, JSON where there is none. Without one the body
 * goes as it is, or the answer is 415
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html).
 *
 * @throws {GatewayFault} 415, 400 for a body that is not JSON where the template reads it, 500 where the template fails
 */
export function mapRequest(mapping: Mapping, exchange: Exchange, overrides: Overrides): string {
  const body = exchange.request.body.toString('utf8');
  const template = forMediaType(mapping.requestTemplates, mediaTypeOf(headerOf(exchange.request, 'content-type')));
  if (template) return render(template, exchange, body, overrides, 'request');
  const isRefused =
    mapping.passthrough === 'NEVER' ||
    (mapping.passthrough === 'WHEN_NO_TEMPLATES' && Object.keys(mapping.requestTemplates).length > 0);
  if (!isRefused) return body;
  throw new GatewayFault('UNSUPPORTED_MEDIA_TYPE', 'Unsupported Media Type', { errorType: 'BadRequestException' });
}

/**
 * The answer for what came back: the response whose pattern matches the whole status code, else the one without a pattern; its
 * parameters become headers, its template the body, and then the overrides count. A status override that is no integer from
 * 100 to 599 is passed over, as recorded on AWS by the tests of github.com/localstack/localstack.
 *
 * @throws {GatewayFault} 500 where no response fits or the template fails
 */
export function mapResponse(
  mapping: Mapping,
  exchange: Exchange,
  overrides: Overrides,
  outcome: IntegrationOutcome,
): Answer {
  const response = chooseResponse(mapping, outcome.statusCode);
  const chosen = forAccept(response.templates, headerOf(exchange.request, 'accept'));
  const headers: [string, string][] = [['Content-Type', chosen?.mediaType ?? 'application/json']];
  for (const [name, source] of Object.entries(response.parameters)) {
    const value = mappedParameter(source, exchange, outcome);
    if (value !== null) headers.push([name.slice('method.response.header.'.length), value]);
  }
  const body = chosen ? render(chosen.entry, exchange, outcome.body, overrides, 'response') : outcome.body;
  const overridden = overrides.response.get('header');
  if (overridden instanceof JavaMap) {
    for (const [name, value] of overridden.entries) headers.push([name, printed(value)]);
  }
  return answerOf(statusOf(overrides) ?? response.statusCode, headers, Buffer.from(body, 'utf8'));
}

function chooseResponse(mapping: Mapping, statusCode: number): MappedResponse {
  const text = String(statusCode);
  const matching = mapping.responses.find(
    ({ selectionPattern }) => selectionPattern && isFullMatch(text, selectionPattern),
  );
  const response = matching ?? mapping.responses.find(({ selectionPattern }) => selectionPattern === undefined);
  if (response) return response;
  throw new GatewayFault('API_CONFIGURATION_ERROR', 'Internal server error', {
    errorType: 'InternalServerErrorException',
    cause: new Error(`no integration response for the status ${text}`),
  });
}

function mappedParameter(source: string, exchange: Exchange, outcome: IntegrationOutcome): string | null {
  try {
    return parameterValue(source, exchange, outcome);
  } catch (error) {
    throw internalServerError(error);
  }
}

function statusOf(overrides: Overrides): number | undefined {
  const status = overrides.response.get('status');
  return typeof status === 'number' && status >= 100 && status <= 599 ? status : undefined;
}

function render(
  template: Template,
  exchange: Exchange,
  body: string,
  overrides: Overrides,
  side: 'request' | 'response',
): string {
  try {
    return template.render(templateVariables(exchange, body, overrides));
  } catch (error) {
    if (error instanceof BodyNotJsonError && side === 'request') throw unreadableBody(error);
    if (error instanceof TemplateRenderError || error instanceof BodyNotJsonError) throw internalServerError(error);
    throw error;
  }
}

/** AWS's words; which gateway response it is, is not documented (assumption: DEFAULT_4XX). */
function unreadableBody(cause: unknown): GatewayFault {
  return new GatewayFault('DEFAULT_4XX', 'Could not parse request body into json', {
    errorType: 'BadRequestException',
    cause,
  });
}
