import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import AjvDraft04 from 'ajv-draft-04';
import { beforeAll, describe, expect, it } from 'vitest';
import { artefacts } from '../../docs/generator/artefacts.ts';
import { PROBLEMS } from '../../domain/problems.ts';
import { parseListQuery } from '../../functions/read-payouts/list-query.ts';
import { GATEWAY_PROBLEMS } from '../../infra/api/gateway-responses.ts';
import { STAGES } from '../../infra/stages.ts';
import { type Resource, resourcesOf, synthesised, type Template } from '../infra/synthesis.ts';
import { API, OPERATIONS, validatorAt } from './documented.ts';

const ROOT = resolve(import.meta.dirname, '../..');

let made: Readonly<Record<string, string>>;
let template: Template;
beforeAll(async () => {
  made = await artefacts();
  template = synthesised(STAGES.dev);
});

describe('the document', () => {
  it('stands in the project as it is made now: `npm run docs` writes it', () => {
    for (const [path, text] of Object.entries(made)) expect(readFileSync(resolve(ROOT, path), 'utf8'), path).toBe(text);
  });

  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(structuredClone(API))).toEqual({ valid: true });
  });

  it('shows at least one example of each body, and only valid ones', () => {
    let count = 0;
    for (const { path, method, operation } of OPERATIONS) {
      const bodies = [
        ...Object.entries(operation.responses).map(([status, { content }]) => ({
          place: ['responses', status],
          content,
        })),
        ...(operation.requestBody ? [{ place: ['requestBody'], content: operation.requestBody.content }] : []),
      ];
      for (const { place, content } of bodies) {
        for (const [mediaType, { examples = {} }] of Object.entries(content)) {
          const validate = validatorAt(['paths', path, method, ...place, 'content', mediaType, 'schema'], true);
          expect(Object.keys(examples), `${method} ${path} ${place}`).not.toEqual([]);
          for (const [name, { value }] of Object.entries(examples)) {
            expect(validate(value), `${method} ${path} ${place} ${name}: ${JSON.stringify(validate.errors)}`).toBe(
              true,
            );
            count += 1;
          }
        }
      }
    }
    expect(count).toBeGreaterThan(40);
  });
});

it('costs no function anything: what is bundled imports the types of the answers alone', () => {
  const sources = ['domain', 'functions'].flatMap((folder) =>
    readdirSync(resolve(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(resolve(ROOT, folder, file), 'utf8')),
  );
  const imports = sources.flatMap((text) => text.match(/^import [^;]*\/answers\.ts';$/gm) ?? []);
  expect(imports.length).toBeGreaterThan(0);
  expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([]);
});

describe("the document and the gateway's template", () => {
  /** Preflights are HTTP's own, and in no document. */
  const methods = () =>
    resourcesOf(template, 'AWS::ApiGateway::Method').filter(({ Properties }) => Properties['HttpMethod'] !== 'OPTIONS');

  function pathOf({ Properties }: Resource): string {
    const ref = (Properties['ResourceId'] as { Ref?: string }).Ref;
    const resource = ref === undefined ? undefined : template.Resources[ref];
    if (!resource) return '';
    const parent = { ...resource, Properties: { ResourceId: resource.Properties['ParentId'] } };
    return `${pathOf(parent)}/${String(resource.Properties['PathPart'])}`;
  }

  it('have the same routes, with the same proof', () => {
    const deployed = methods().map((method) => [
      `${String(method.Properties['HttpMethod']).toLowerCase()} ${pathOf(method)}`,
      method.Properties['AuthorizationType'] === 'AWS_IAM',
    ]);
    const documented = OPERATIONS.map(({ path, method, operation }) => [
      `${method} ${path}`,
      operation.security.some((scheme) => 'sigv4' in scheme),
    ]);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(deployed));
  });

  it('have the same statuses for a submission', () => {
    const post = methods().find(
      (method) => pathOf(method) === '/payouts' && method.Properties['HttpMethod'] === 'POST',
    );
    const responses = (post?.Properties['MethodResponses'] ?? []) as readonly { readonly StatusCode: string }[];
    const mapped = responses.map(({ StatusCode }) => StatusCode);
    // Of the gateway's own answers, those that this route cannot have: there is no such payout, no such route.
    const own = Object.values(GATEWAY_PROBLEMS).filter((code) => code !== 'not_found');
    const expected = new Set([...mapped, ...own.map((code) => String(PROBLEMS[code].status))]);
    expect(Object.keys(API.paths['/payouts']?.['post']?.responses ?? {}).toSorted()).toEqual([...expected].toSorted());
  });

  const GOOD = { customer_id: 'cust-1', amount: 12.34, payout_method: 'PayId', description: 'x' };
  it.each([
    ['a good one', GOOD, true],
    ['the least', { ...GOOD, amount: 0.01 }, true],
    ['the most', { ...GOOD, amount: 1000 }, true],
    ['no description', { ...GOOD, description: undefined }, true],
    ['the longest description', { ...GOOD, description: 'x'.repeat(200) }, true],
    ['nothing', {}, false],
    ['too little', { ...GOOD, amount: 0 }, false],
    ['too much', { ...GOOD, amount: 1000.01 }, false],
    ['an amount as text', { ...GOOD, amount: '1' }, false],
    ['another method', { ...GOOD, payout_method: 'Cheque' }, false],
    ['an injected customer', { ...GOOD, customer_id: "x' OR 1" }, false],
    ['a long description', { ...GOOD, description: 'x'.repeat(201) }, false],
    ['a field more', { ...GOOD, currency: 'AUD' }, false],
    ['a list', [GOOD], false],
  ])('take or refuse the same requests: %s', (_name, body, isGood) => {
    const [model] = resourcesOf(template, 'AWS::ApiGateway::Model');
    const sent = JSON.parse(JSON.stringify(body));
    const byGateway = new AjvDraft04.default({ strict: false }).compile(model?.Properties['Schema'] as object)(sent);
    const byDocument = validatorAt(['components', 'schemas', 'PayoutRequest'], false)(sent);
    expect({ byGateway, byDocument }).toEqual({ byGateway: isGood, byDocument: isGood });
  });
});

describe('the document and the function that lists', () => {
  const asked = { customer_id: 'cust-1' };
  it.each([
    [asked, true],
    [{ ...asked, status: 'Pending', limit: 1 }, true],
    [{ ...asked, limit: 100 }, true],
    [{}, false],
    [{ customer_id: '-x' }, false],
    [{ ...asked, limit: 0 }, false],
    [{ ...asked, limit: 101 }, false],
    [{ ...asked, limit: 1.5 }, false],
    [{ ...asked, status: 'Paid' }, false],
  ])('take or refuse the same query: %j', (query: Record<string, string | number>, isGood) => {
    const parameters = API.paths['/payouts']?.['get']?.parameters ?? [];
    const byDocument = parameters.every(({ name }, index) => {
      const place = ['paths', '/payouts', 'get', 'parameters', String(index), 'schema'];
      const isRequired = 'required' in (parameters[index] ?? {});
      return query[name] === undefined ? !isRequired : validatorAt(place, false)(query[name]);
    });
    const byFunction = parseListQuery(
      new Map(Object.entries(query).map(([name, value]) => [name, [String(value)]])),
    ).ok;
    expect({ byDocument, byFunction }).toEqual({ byDocument: isGood, byFunction: isGood });
  });
});

describe('the page', () => {
  it('loads nothing: no script, no style sheet, no font, no picture', () => {
    expect(made['docs/api.html']).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
    expect(Buffer.byteLength(made['docs/api.html'] ?? '')).toBeLessThan(100_000);
  });

  it('shows every route, every status and every code, and no link leads nowhere', () => {
    const page = made['docs/api.html'] ?? '';
    for (const { operation } of OPERATIONS) {
      expect(page).toContain(`id="${operation.operationId}"`);
      const section = page.split(`<section id="${operation.operationId}">`)[1]?.split('</section>')[0] ?? '';
      for (const status of Object.keys(operation.responses)) expect(section).toContain(`<strong>${status}</strong>`);
    }
    for (const [, id] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${id}"`);
  });

  it('names its language and its title, has headings in order, and heads its tables', () => {
    const page = made['docs/api.html'] ?? '';
    expect(page).toMatch(/<html lang="en-AU">/);
    expect(page).toMatch(/<title>[^<]+<\/title>/);
    const levels = [...page.matchAll(/<h([1-6])>/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.every((level, index) => level <= (levels[index - 1] ?? 0) + 1)).toBe(true);
    expect(page.match(/<table>/g)?.length).toBe(page.match(/<thead>/g)?.length);
  });
});
