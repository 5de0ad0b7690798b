import { lastValues } from '../../../../local/api-gateway/api-request.ts';
import { contextValue, contextVariableNames, type Exchange } from '../../../../local/api-gateway/context.ts';
import { newOverrides, templateVariables } from '../../../../local/api-gateway/template-variables.ts';
import { compileTemplate } from '../../../../local/api-gateway/velocity/render.ts';
import { JavaMap, printed, type Value } from '../../../../local/api-gateway/velocity/values.ts';
import { base64, fromBase64 } from './apache-velocity.ts';
import type { ExchangeCase } from './exchange-cases.ts';

/** Which half of an exchange a template maps. */
export type Side = 'request' | 'result';

/** What a template made of an exchange: a text and overrides, each `[name, kind, value]`, or only the failure's name. */
export type Rendered =
  | { readonly text: string; readonly overrides: readonly (readonly [string, string, string])[] }
  | { readonly failure: string };

const TRACE_ID = 'Root=1-00000000-000000000000000000000000';
const SOURCE_IP = '127.0.0.1';
const STAGE_VARIABLES = { name: '$value' };

export function renderHere(template: string, one: ExchangeCase, side: Side): Rendered {
  const overrides = newOverrides();
  try {
    const text = compileTemplate(template).render(templateVariables(exchangeOf(one), bodyOf(one, side), overrides));
    const all = [
      ...overridesOf('requestOverride', overrides.request),
      ...overridesOf('responseOverride', overrides.response),
    ];
    // As the gateway sends it.
    return { text: Buffer.from(text, 'utf8').toString('utf8'), overrides: all };
  } catch (error) {
    return { failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

/** The line of Render.java that asks for the same. It gets the raw exchange, and makes its own variables of that. */
export function lineOf(template: string, one: ExchangeCase, side: Side): string {
  const exchange = exchangeOf(one);
  const added = {
    'X-Amzn-Trace-Id': TRACE_ID,
    'X-Forwarded-For': SOURCE_IP,
    'X-Forwarded-Port': '3000',
    'X-Forwarded-Proto': 'http',
  };
  const json = JSON.stringify({
    body: bodyOf(one, side),
    path: [],
    querystring: exchange.request.query,
    header: [...one.headers, ...Object.entries(added)],
    context: contextVariableNames().map((name) => [name, contextValue(exchange, name)]),
    stageVariables: Object.entries(STAGE_VARIABLES),
  });
  return `@ ${base64(template)} ${base64(json)}`;
}

export function renderedThere(answer: string): Rendered {
  if (answer.startsWith('!')) return { failure: answer.slice(1) };
  const [text = '', ...overrides] = answer.split(' ');
  return {
    text: fromBase64(text),
    overrides: overrides.map((override) => {
      const [name = '', kind = '', value = ''] = override.split(':');
      return [fromBase64(name), kind, fromBase64(value)];
    }),
  };
}

function bodyOf(one: ExchangeCase, side: Side): string {
  return side === 'request' ? one.requestBody : one.resultBody;
}

function overridesOf(name: string, value: Value): [string, string, string][] {
  if (!(value instanceof JavaMap)) return [[name, javaKind(value), printed(value)]];
  return [...value.entries].flatMap(([key, item]) => overridesOf(`${name}.${key}`, item));
}

function javaKind(value: Value): string {
  if (typeof value === 'number') return 'Integer';
  return typeof value === 'string' ? 'String' : 'another kind';
}

function exchangeOf({ headers, requestBody, userArn }: ExchangeCase): Exchange {
  return {
    api: {
      apiId: 'api',
      name: 'payouts',
      stageName: 'dev',
      deploymentId: 'deployment',
      stageVariables: STAGE_VARIABLES,
      accessLogFormat: undefined,
      accessLogGroup: undefined,
      binaryMediaTypes: [],
      resources: [],
      models: new Map(),
      validators: new Map(),
      gatewayResponses: new Map(),
    },
    accountId: '000000000000',
    receivedAtMs: 1_790_000_000_000,
    requestId: 'chosen"by-client',
    extendedRequestId: 'extended-1=',
    traceId: TRACE_ID,
    principal: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'secret', principalArn: userArn },
    request: {
      httpMethod: 'POST',
      path: '/dev/payouts',
      target: '/dev/payouts?q=1&q=2',
      headers,
      nodeHeaders: { ...lastValues(headers), host: '127.0.0.1:3000' },
      query: [
        ['q', '1'],
        ['q', '$x'],
      ],
      body: Buffer.from(requestBody, 'utf8'),
      sourceIp: SOURCE_IP,
      protocol: 'HTTP/1.1',
    },
  };
}
