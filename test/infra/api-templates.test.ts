import { beforeAll, describe, expect, it } from 'vitest';
import { problemDocument } from '../../domain/problem.ts';
import { STAGES } from '../../infra/stages.ts';
import { answersOfApacheVelocity, base64, HAS_APACHE_VELOCITY } from '../local/api-gateway/velocity/apache-velocity.ts';
import { CASES, type ExchangeCase } from '../local/api-gateway/velocity/exchange-cases.ts';
import {
  lineOf,
  type Rendered,
  renderedThere,
  renderHere,
  type Side,
} from '../local/api-gateway/velocity/render-exchange.ts';
import { at, type Resource, resourcesOf, synthesised } from './synthesis.ts';

type MappingTemplate = { readonly name: string; readonly side: Side; readonly text: string };

/** Every mapping template of the API; one that several methods share stands here once, under the first one's name. */
const TEMPLATES = distinct(resourcesOf(synthesised(STAGES.dev), 'AWS::ApiGateway::Method').flatMap(templatesOf));

function templatesOf({ Properties }: Resource): MappingTemplate[] {
  const method = String(Properties['HttpMethod']);
  const integration = Properties['Integration'];
  const responses = (at(integration, 'IntegrationResponses') ?? []) as Record<string, unknown>[];
  return [
    ...texts(at(integration, 'RequestTemplates'), `request of ${method}`, 'request'),
    ...responses.flatMap((response) => {
      const name = `response ${response['StatusCode']} of ${method}`;
      return texts(response['ResponseTemplates'], name, 'result');
    }),
  ];
}

function texts(templates: unknown, name: string, side: Side): MappingTemplate[] {
  return Object.values(templates ?? {}).map((template) => ({ name, side, text: plainText(template) }));
}

/** What CloudFormation would put in is plain text here. */
function plainText(template: unknown): string {
  if (typeof template === 'string') return template;
  const parts = at(template, 'Fn::Join', 1);
  return Array.isArray(parts) ? parts.map(plainText).join('') : 'put-in-by-cloudformation';
}

function distinct(templates: readonly MappingTemplate[]): MappingTemplate[] {
  return [...new Map(templates.toReversed().map((one) => [`${one.side}${one.text}`, one])).values()].reverse();
}

function named(name: string): MappingTemplate {
  const [found, other] = TEMPLATES.filter((template) => template.name === name);
  if (!found || other)
    throw new Error(`The API has not exactly one template ${name}: ${TEMPLATES.map((one) => one.name)}`);
  return found;
}

/** What is wrong is told with the case's label; `undefined` means that rendering must fail. */
function expectEach(
  template: MappingTemplate,
  expected: (one: ExchangeCase, text: string) => Expected | undefined,
): void {
  for (const one of CASES) {
    const { label } = one;
    const rendered = renderHere(template.text, one, template.side);
    const wanted = expected(one, 'text' in rendered ? rendered.text : '');
    if (!wanted) expect({ label, ...rendered }).toEqual({ label, failure: expect.any(String) });
    else expect({ label, ...rendered, overrides: overridesOf(rendered) }).toEqual({ label, ...wanted });
  }
}

type Expected = { readonly text: string; readonly overrides: Readonly<Record<string, string>> };

function overridesOf(rendered: Rendered): Record<string, string> {
  if ('failure' in rendered) return {};
  return Object.fromEntries(
    rendered.overrides.map(([name, , value]) => [name.replace('responseOverride.', ''), value]),
  );
}

describe('rendered here, whatever a client, a caller or an execution puts in', () => {
  it('keeps a request in its fields', () => {
    expectEach(named('request of POST'), (one, text) => {
      const request = parsed(text);
      // Step Functions refuses what is no JSON, and nothing is paid: none reads this quote as Java's library escapes it.
      if (one.userArn.includes("'")) expect(request).toBeUndefined();
      else {
        expect(Object.keys(request ?? {})).toEqual(['stateMachineArn', 'input']);
        expect({ label: one.label, ...parsed(String(request?.['input'])) }).toEqual({
          label: one.label,
          ...expectedInput(one),
        });
      }
      return { text, overrides: {} };
    });
  });

  it('lets only an execution that succeeded answer for itself', () => {
    expectEach(named('response 202 of POST'), (one, text) => {
      const execution = parsed(one.resultBody || '{}');
      if (execution?.['status'] === 'SUCCEEDED') return expectedAnswer(parsed(String(execution['output'])));
      if (!execution) return undefined;
      expect(JSON.parse(text)).toEqual(problemDocument('outcome_unknown'));
      return { text, overrides: { 'header.Content-Type': 'application/problem+json', status: '504' } };
    });
  });

  it('answers 429 to throttling alone', () => {
    expectEach(named('response 500 of POST'), (one, text) => {
      const refusal = parsed(one.resultBody || '{}');
      if (!refusal) return undefined;
      const isThrottled = String(refusal['__type']).includes('Throttling');
      expect(JSON.parse(text)).toEqual(problemDocument(isThrottled ? 'too_many_requests' : 'internal'));
      return { text, overrides: isThrottled ? { status: '429' } : {} };
    });
  });

  it.each(TEMPLATES.filter((template) => !/[$#]/.test(template.text)))('$name is constant', (template) => {
    expectEach(template, () => ({ text: template.text, overrides: {} }));
  });
});

describe.runIf(HAS_APACHE_VELOCITY)('rendered by Apache Velocity 1.7, byte for byte the same', () => {
  const pairs = TEMPLATES.flatMap((template) => CASES.map((one) => ({ template, one })));
  let answers: string[] = [];

  beforeAll(() => {
    answers = answersOfApacheVelocity(pairs.map(({ template, one }) => lineOf(template.text, one, template.side)));
  });

  const theirs = (template: MappingTemplate, label: string) => {
    const index = pairs.findIndex((pair) => pair.template === template && pair.one.label === label);
    return renderedThere(answers[index] ?? '!');
  };

  it.each(TEMPLATES)('$name', (template) => {
    for (const one of CASES) {
      const { label } = one;
      const other = theirs(template, label);
      const wanted = 'failure' in other ? { failure: expect.any(String) } : other;
      expect({ label, ...renderHere(template.text, one, template.side) }).toEqual({ label, ...wanted });
    }
  });
});

/** Undefined for what is not JSON. What is JSON but no object has no fields. */
function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return undefined;
  }
}

function expectedInput({ headers, requestBody, userArn }: ExchangeCase): Record<string, unknown> {
  const keys = joinedByName(headers).filter(([name]) => name.toLowerCase() === 'idempotency-key');
  return {
    body_base64: base64(requestBody || '{}'),
    idempotency_keys_base64: keys.map(([, value]) => base64(value)),
    requested_by: userArn,
    request_id: 'extended-1=',
  };
}

function expectedAnswer(answer: Record<string, unknown> | undefined): Expected | undefined {
  return answer && { text: `${answer['body']}\n`, overrides: expectedHeaders(answer) };
}

function expectedHeaders(answer: Readonly<Record<string, unknown>>): Record<string, string> {
  const headers = answer['headers'] as Record<string, string>;
  const given = ['Location', 'Idempotent-Replayed'].filter((name) => headers[name]);
  return {
    ...Object.fromEntries(given.map((name) => [`header.${name}`, headers[name] ?? ''])),
    'header.Content-Type': headers['Content-Type'] ?? '',
    status: String(answer['statusCode']),
  };
}

/** A header sent twice in one spelling is one value with commas. */
function joinedByName(headers: ExchangeCase['headers']): [string, string][] {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return [...joined];
}
