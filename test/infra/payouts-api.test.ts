import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PROBLEMS } from '../../domain/problems.ts';
import { STAGES } from '../../infra/stages.ts';
import { AwsError } from '../../local/aws/wire.ts';
import { loadTemplate } from '../../local/template/resolve.ts';
import { identify } from '../../local/template/resource-types.ts';
import type { Reply } from '../local/api-gateway/api.ts';
import { type Served, serveApi } from '../local/api-gateway/gateway-under-test.ts';
import { undocumented } from '../openapi/documented.ts';
import { at, resourceAt, resourcesOf, synthesised, type Template } from './synthesis.ts';

const place = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
let template: Template;
let api: Served;

beforeAll(async () => {
  let resources: ReturnType<typeof loadTemplate>['resources'] = [];
  template = synthesised(STAGES.dev, (directory) => {
    resources = loadTemplate(directory, 'Payouts-dev', {
      ...place,
      apiOrigin: 'http://127.0.0.1:3000',
      parameters: { AlarmEmail: 'nobody@localhost' },
      identify: (type, logicalId, properties) => identify(type, logicalId, properties, place),
    }).resources;
  });
  api = await serveApi(resources);
});
afterAll(() => api.close());

const PAYOUT = { customer_id: 'cust-1', amount: 12.34, payout_method: 'PayId' };
const json = { 'Content-Type': 'application/json' };

async function post(body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return api.sendSigned({ method: 'POST', path: '/dev/payouts', headers: { ...json, ...headers }, body: text });
}

/** What the submission machine was last started with. */
function lastInput() {
  const start = api.backend.starts.at(-1);
  const input = JSON.parse(String(start?.input['input']));
  const decode = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
  return {
    start,
    input,
    body: decode(input.body_base64),
    keys: (input.idempotency_keys_base64 as string[]).map(decode),
  };
}

const answering = (answer: object) => () => Promise.resolve({ status: 'SUCCEEDED', output: JSON.stringify(answer) });
const ANSWER = { statusCode: 202, headers: { 'Content-Type': 'application/json' }, body: '{}' };

describe('POST /payouts', () => {
  it.each([
    ['quotes', `it's "quoted" \\" and '@@'`],
    ['an attempt to write JSON', 'x@@,@@amount@@:999999,@@z@@:@@y'],
    ['the language of templates', '$util.base64Encode("x") #set($x = 1) ${context.stage} ##'],
    ['other alphabets', 'ünï 🙂 \u2028'],
  ])('hands a body with %s on as it was sent', async (_, description) => {
    api.backend.output = answering(ANSWER);
    const text = JSON.stringify({ ...PAYOUT, description });
    await post(text, { 'Idempotency-Key': 'key"\\@@$x' });
    const { body, keys } = lastInput();
    expect(body).toBe(text);
    expect(keys).toEqual(['key"\\@@$x']);
  });

  it('hands on every spelling of the key header, and no key where there is none', async () => {
    api.backend.output = answering(ANSWER);
    await post(PAYOUT, { 'idempotency-KEY': 'k1' });
    expect(lastInput().keys).toEqual(['k1']);
    await post(PAYOUT);
    expect(lastInput().keys).toEqual([]);
  });

  it('starts the machine without a name, and says who asked', async () => {
    api.backend.output = answering(ANSWER);
    await post(PAYOUT, { 'x-amzn-RequestId': 'chosen"by-client' });
    const { start, input } = lastInput();
    expect(Object.keys(start?.input ?? {}).toSorted()).toEqual(['input', 'stateMachineArn']);
    expect(start?.input['stateMachineArn']).toMatch(/:stateMachine:payouts-dev-submission:live$/);
    expect(Object.keys(input).toSorted()).toEqual([
      'body_base64',
      'idempotency_keys_base64',
      'request_id',
      'requested_by',
    ]);
    expect(input.requested_by).toMatch(/^arn:aws:/);
    expect(JSON.stringify(input)).not.toContain('chosen');
  });

  it('keeps a caller whose name holds a quote inside its field', async () => {
    api.backend.output = answering(ANSWER);
    const caller = api.credentials.forRole('arn:aws:iam::000000000000:role/we"ird\\","request_id":"x');
    const request = { method: 'POST', path: '/dev/payouts', headers: json, body: JSON.stringify(PAYOUT) };
    const reply = await api.sendSigned(request, { accessKeyId: caller.accessKeyId, secret: caller.secretAccessKey });
    expect(reply.status).toBe(202);
    expect(lastInput().input.requested_by).toBe(caller.principalArn);
    expect(lastInput().input.request_id).not.toBe('x');
  });

  it("answers with the machine's status, headers and body", async () => {
    const body = '{"transaction_id":"txn-1","message":"$5 #1 \\"done\\""}';
    const headers = {
      'Content-Type': 'application/json',
      Location: '/dev/payouts/txn-1',
      'Idempotent-Replayed': 'true',
    };
    api.backend.output = answering({ statusCode: 202, headers, body });
    const reply = await post(PAYOUT);
    expect(reply.status).toBe(202);
    expect(reply.headers).toMatchObject({ location: '/dev/payouts/txn-1', 'idempotent-replayed': 'true' });
    expect(JSON.parse(reply.text)).toEqual(JSON.parse(body));
  });

  it('leaves out a header that the machine gives empty', async () => {
    api.backend.output = answering({ ...ANSWER, headers: { ...ANSWER.headers, 'Idempotent-Replayed': '' } });
    expect((await post(PAYOUT)).headers).not.toHaveProperty('idempotent-replayed');
  });

  it.each(['FAILED', 'TIMED_OUT'])('answers that the outcome is unknown when the execution %s', async (status) => {
    const inside = { error: 'Lambda.Unknown', cause: '{"errorMessage":"arn:aws:lambda:secret"}' };
    api.backend.output = () => Promise.resolve({ status, output: null, ...inside });
    const reply = await post(PAYOUT);
    expect(reply.status).toBe(504);
    expect(reply.headers).toMatchObject({ 'content-type': 'application/problem+json' });
    expect(JSON.parse(reply.text)).toMatchObject({ code: 'outcome_unknown' });
    expect(reply.text).not.toContain('arn:');
  });
});

describe('the gateway itself', () => {
  it('names what is wrong with a body, in JSON', async () => {
    const reply = await post({ customer_id: 'cust-1', payout_method: 'PayId' });
    expect(reply.status).toBe(400);
    const problem = JSON.parse(reply.text);
    expect(problem).toMatchObject({ code: 'invalid_request', errors: [{ field: 'body' }] });
    expect(problem.errors[0].message).toContain('amount');
  });

  it.each([
    ['an unknown field', { ...PAYOUT, destination: 'x' }],
    ['an amount over the limit', { ...PAYOUT, amount: 1000.01 }],
    ['an amount as text', { ...PAYOUT, amount: '1' }],
    ['no JSON', '{'],
  ])('refuses %s before anything starts', async (_, body) => {
    const before = api.backend.starts.length;
    expect((await post(body)).status).toBe(400);
    expect(api.backend.starts.length).toBe(before);
  });

  it('refuses another content type', async () => {
    const reply = await post(PAYOUT, { 'Content-Type': 'text/plain' });
    expect(reply.status).toBe(415);
    expect(JSON.parse(reply.text)).toMatchObject({ code: 'unsupported_media_type' });
  });

  it('refuses an unsigned request', async () => {
    const reply = await api.send({ method: 'POST', path: '/dev/payouts', headers: json, body: JSON.stringify(PAYOUT) });
    expect(reply.status).toBe(403);
    expect(JSON.parse(reply.text)).toMatchObject({ code: 'unsigned' });
  });

  it('answers health without credentials', async () => {
    const reply = await api.send({ method: 'GET', path: '/dev/health' });
    expect([reply.status, JSON.parse(reply.text)]).toEqual([200, { status: 'ok' }]);
  });

  it.each(['http://localhost:5173', 'https://elsewhere.example'])('answers a preflight from %s', async (origin) => {
    for (const path of ['/dev/payouts', '/dev/payouts/txn-1', '/dev/webhooks/monoova', '/dev/health']) {
      const reply = await api.send({ method: 'OPTIONS', path, headers: { Origin: origin } });
      expect(reply.status).toBe(204);
      expect(reply.headers['access-control-allow-origin']).toBe('http://localhost:5173');
    }
  });

  it('lets pages of the one origin read every answer', async () => {
    const replies = await Promise.all([
      post(PAYOUT),
      post({ ...PAYOUT, destination: 'x' }),
      api.send({ method: 'GET', path: '/dev/health' }),
      api.send({ method: 'POST', path: '/dev/payouts', headers: json, body: '{}' }),
      api.send({ method: 'GET', path: '/dev/nowhere' }),
    ]);
    expect(replies.map(({ status }) => status)).toEqual([expect.any(Number), 400, 200, 403, 403]);
    for (const { headers } of replies) {
      expect(headers['access-control-allow-origin']).toBe('http://localhost:5173');
      expect(headers['access-control-expose-headers']).toBe('Idempotent-Replayed, Location, Retry-After');
    }
  });

  it('lets no page of any origin read an answer where the stage has none', () => {
    expect(JSON.stringify(synthesised(STAGES.prod))).not.toContain('Access-Control-Allow-Origin');
  });

  it('answers every fault as a problem document', () => {
    for (const { Properties } of resourcesOf(template, 'AWS::ApiGateway::GatewayResponse')) {
      const document = JSON.parse(String(at(Properties, 'ResponseTemplates', 'application/json')));
      expect(PROBLEMS).toHaveProperty(document.code);
      expect(document.status).toBe(Number(Properties['StatusCode']));
      expect(Properties['ResponseParameters']).toEqual({
        'gatewayresponse.header.Access-Control-Allow-Origin': "'http://localhost:5173'",
        'gatewayresponse.header.Access-Control-Expose-Headers': "'Idempotent-Replayed, Location, Retry-After'",
        'gatewayresponse.header.Content-Type': "'application/problem+json'",
      });
    }
  });
});

describe('the routes', () => {
  it('need a signature wherever money is sent or seen', () => {
    const open = resourcesOf(template, 'AWS::ApiGateway::Method')
      .filter(
        ({ Properties }) => Properties['AuthorizationType'] !== 'AWS_IAM' && Properties['HttpMethod'] !== 'OPTIONS',
      )
      .map(({ logicalId }) => logicalId.replace(/[0-9A-F]{8}$/, ''));
    expect(open.toSorted()).toEqual([
      'PayoutsApihealthGET',
      'PayoutsApiwebhooksmonoovaPOST',
      'PayoutsApiwebhooksmonoovaeventNamePOST',
    ]);
  });

  it('are deployed again when the limit of an amount changes', () => {
    const other = synthesised({ ...STAGES.dev, amountMaxCents: 50_000 });
    const deployments = [template, other].map((one) => resourcesOf(one, 'AWS::ApiGateway::Deployment')[0]?.logicalId);
    expect(deployments[0]).not.toBe(deployments[1]);
  });

  it('describe the body in draft 4, closed and bounded', () => {
    expect(resourceAt(template, 'AWS::ApiGateway::Model', 'PayoutsApi').Properties['Schema']).toEqual({
      $schema: 'http://json-schema.org/draft-04/schema#',
      type: 'object',
      properties: {
        customer_id: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,63}$' },
        amount: { type: 'number', minimum: 0.01, maximum: 1000 },
        payout_method: { type: 'string', enum: ['PayId', 'BankAccount'] },
        description: { type: 'string', maxLength: 200 },
      },
      required: ['customer_id', 'amount', 'payout_method'],
      additionalProperties: false,
    });
  });
});

describe('what only a failure of AWS brings about', () => {
  const LIST = { method: 'GET', path: '/dev/payouts?customer_id=cust-1' };
  const ONE = { method: 'GET', path: '/dev/payouts/txn-0a1b2c3d-4e5f-8a6b-9c7d-8e9f0a1b2c3d' };
  const failing = (error: Error) => () => Promise.reject(error);
  const refusing = (code: string, statusCode: number) => failing(new AwsError(code, 'inside', { statusCode }));

  /** As the documented client would read it. */
  async function expectDocumented(route: string, reply: Reply, status: number): Promise<void> {
    expect(reply.status).toBe(status);
    const [method = '', path = ''] = route.split(' ');
    const headers = new Headers(Object.entries(reply.headers).map(([name, value]) => [name, String(value)]));
    expect(undocumented(method, path, { status, headers, body: JSON.parse(reply.text) })).toEqual([]);
  }

  it.each([
    ['an execution that failed', () => Promise.resolve({ status: 'FAILED', output: null }), 504],
    ['throttling of Step Functions', refusing('ThrottlingException', 400), 429],
    ['HTTP 429 of Step Functions', refusing('TooManyRequests', 429), 429],
    ['a machine that is not there', refusing('StateMachineDoesNotExist', 400), 500],
    ['a failure of Step Functions', refusing('InternalFailure', 500), 504],
  ] as const)('is documented for a submission: %s', async (_, output, status) => {
    api.backend.output = output;
    await expectDocumented('POST /payouts', await post(PAYOUT), status);
  });

  it.each([
    ['GET /payouts', () => api.sendSigned(LIST)],
    ['GET /payouts/{transaction_id}', () => api.sendSigned(ONE)],
    [
      'POST /webhooks/monoova',
      () => api.send({ method: 'POST', path: '/dev/webhooks/monoova', headers: json, body: '{}' }),
    ],
    [
      'POST /webhooks/monoova/{eventName}',
      () => api.send({ method: 'POST', path: '/dev/webhooks/monoova/NppReturn', headers: json, body: '{}' }),
    ],
  ])('is documented for a function that fails, and for one that is late: %s', async (route, send) => {
    api.backend.answer = failing(new Error('inside'));
    await expectDocumented(route, await send(), 500);
    const began = api.backend.events.length;
    api.backend.answer = () => new Promise(() => undefined);
    const late = send();
    await vi.waitFor(() => expect(api.backend.events.length).toBe(began + 1));
    api.clock.advance(30_000);
    await expectDocumented(route, await late, 504);
  });
});
