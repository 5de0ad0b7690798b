import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ApiBuilder, call, FUNCTION_ARN, lambdaProxy, mock, signed } from './api.ts';
import { type Served, serveApi } from './gateway-under-test.ts';

/** What CDK synthesises for `defaultCorsPreflightOptions` with two origins. */
const CORS_TEMPLATE =
  '#set($origin = $input.params().header.get("Origin"))\n#if($origin == "")\n  #set($origin = $input.params().header.get("origin"))\n#end\n#if($origin == "https://b.example")\n  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)\n#end';

const ALLOW_ORIGIN = 'method.response.header.Access-Control-Allow-Origin';

const LOG_FORMAT =
  '{"requestId":"$context.requestId","caller":"$context.identity.caller","path":"$context.resourcePath","status":"$context.status","length":"$context.responseLength","latency":"$context.integration.latency"}';

const MODEL = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  type: 'object',
  required: ['customer_id', 'amount'],
  additionalProperties: false,
  properties: {
    customer_id: { type: 'string', pattern: '^[A-Za-z0-9-]+$', maxLength: 8 },
    amount: { type: 'number', minimum: 0.01, maximum: 1000 },
    payout_method: { enum: ['PayId', 'BankAccount'] },
  },
};

let api: Served;

beforeAll(async () => {
  const builder = new ApiBuilder({
    AccessLogSetting: {
      DestinationArn: 'arn:aws:logs:ap-southeast-2:000000000000:log-group:access',
      Format: LOG_FORMAT,
    },
    Variables: { colour: 'blue' },
  });
  builder.add('Model', 'Model', { ContentType: 'application/json', Name: 'PayoutModel', Schema: MODEL });
  const validator = builder.add('Validator', 'RequestValidator', {
    ValidateRequestBody: true,
    ValidateRequestParameters: true,
  });
  const validated = { RequestValidatorId: validator.ref, RequestModels: { 'application/json': 'PayoutModel' } };
  const listed = {
    RequestValidatorId: validator.ref,
    RequestParameters: {
      'method.request.querystring.customer_id': true,
      'method.request.header.X-Needed': true,
      'method.request.header.X-Other': false,
    },
  };
  builder
    .method('GET', '/', lambdaProxy())
    .method('GET', '/payouts', { ...lambdaProxy(), ...listed })
    .method('POST', '/payouts', { ...lambdaProxy(), ...validated })
    .method('GET', '/payouts/{transaction_id}', { ...lambdaProxy(), AuthorizationType: 'AWS_IAM' })
    .method(
      'GET',
      '/payouts/latest',
      mock('{"statusCode": 200}', { StatusCode: '200', ResponseTemplates: { 'application/json': 'latest' } }),
    )
    .method('ANY', '/webhooks/{proxy+}', lambdaProxy({ TimeoutInMillis: 5000 }))
    .method(
      'OPTIONS',
      '/payouts',
      mock(
        '{ statusCode: 200 }',
        {
          StatusCode: '204',
          ResponseParameters: { [ALLOW_ORIGIN]: "'https://a.example'" },
          ResponseTemplates: { 'application/json': CORS_TEMPLATE },
        },
        { [ALLOW_ORIGIN]: true },
      ),
    )
    .method(
      'GET',
      '/params',
      mock('{"statusCode": 200}', {
        StatusCode: '200',
        ResponseTemplates: {
          'application/json':
            '[$input.params("x")][$input.params().header.get("X-Twice")][$input.params().header.keySet().contains("x-lower")][$stageVariables.colour]',
        },
      }),
    )
    .method('GET', '/no-status', mock('{}', { StatusCode: '200' }));
  builder.add('BadBody', 'GatewayResponse', {
    ResponseType: 'BAD_REQUEST_BODY',
    StatusCode: '422',
    ResponseTemplates: {
      'application/problem+json':
        '{"detail":$context.error.messageString,"errors":"$context.error.validationErrorString","type":"$context.error.responseType","stage":"$stageVariables.colour"}',
    },
    ResponseParameters: {
      'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
      'gatewayresponse.header.X-Request': 'context.requestId',
      'gatewayresponse.header.X-Echo': 'method.request.header.X-Echo',
    },
  });
  builder.add('Default5xx', 'GatewayResponse', {
    ResponseType: 'DEFAULT_5XX',
    ResponseTemplates: { 'application/json': '{"code":"internal","id":"$context.extendedRequestId"}' },
  });
  api = await serveApi(builder.resources);
});

afterEach(() => {
  api.backend.events.length = 0;
  api.accessLog.length = 0;
  api.faults.length = 0;
  api.backend.answer = () => Promise.resolve({ statusCode: 200, body: '{}' });
});

afterAll(() => api.close());

describe('routes', () => {
  test.each([
    ['GET', '/dev/nothing'],
    ['DELETE', '/dev/payouts'],
    ['GET', '/dev/payouts/a/b'],
    ['GET', '/dev/webhooks'],
    ['GET', '/dev//payouts'],
  ])('%s %s is missing an authentication token, as AWS says for what there is not', async (method, path) => {
    const answer = await api.send({ method, path });
    expect(answer).toMatchObject({ status: 403, text: '{"message":"Missing Authentication Token"}' });
    expect(answer.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException');
  });

  test.each(['/', '/payouts', '/prod/payouts', '/devil/payouts'])('%s is outside the stage', async (path) => {
    expect(await api.send({ path })).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  });

  test('a fixed segment goes before a parameter', async () => {
    expect(await api.send({ path: '/dev/payouts/latest' })).toMatchObject({ status: 200, text: 'latest' });
  });

  test.each(['/dev', '/dev/'])('%s is the root resource', async (path) => {
    await api.send({ path });
    expect(api.backend.events[0]).toMatchObject({ resource: '/', path: '/' });
  });

  test('a greedy parameter takes the rest, of any method', async () => {
    await api.send({ method: 'PUT', path: '/dev/webhooks/monoova/a%20b/?x=1' });
    expect(api.backend.events[0]).toMatchObject({
      httpMethod: 'PUT',
      resource: '/webhooks/{proxy+}',
      path: '/webhooks/monoova/a%20b/',
      pathParameters: { proxy: 'monoova/a b' },
    });
  });

  test('percent-encoding that is none is a bad request', async () => {
    expect(await api.send({ path: '/dev/webhooks/%zz' })).toMatchObject({
      status: 400,
      text: '{"message":"Bad Request"}',
    });
  });
});

describe('AWS_IAM', () => {
  const path = '/dev/payouts/txn-1';

  test('lets a signed request in and tells who it is', async () => {
    expect(await api.sendSigned({ path })).toMatchObject({ status: 200 });
    expect(api.backend.events[0]).toMatchObject({
      requestContext: {
        identity: {
          userArn: 'arn:aws:iam::000000000000:root',
          accountId: '000000000000',
          caller: 'local',
          user: 'local',
        },
      },
    });
  });

  test('knows a role’s session', async () => {
    const role = api.credentials.forRole('arn:aws:iam::000000000000:role/clients/Caller');
    await api.sendSigned({ path }, { accessKeyId: role.accessKeyId, secret: role.secretAccessKey });
    expect(api.backend.events[0]).toMatchObject({
      requestContext: { identity: { userArn: 'arn:aws:sts::000000000000:assumed-role/Caller/local' } },
    });
  });

  test('does not hand the signature on', async () => {
    await api.sendSigned({ path });
    const event = JSON.stringify(api.backend.events[0]);
    expect(event).toContain('X-Amz-Date'.toLowerCase());
    expect(event).not.toMatch(/AWS4-HMAC-SHA256/i);
  });

  test.each([
    ['a wrong secret', { secret: 'other' }, /^\{"message":"The request signature we calculated does not match/],
    ['another service', { service: 'states' }, /^\{"message":"The request signature we calculated does not match/],
    ['an unknown key', { accessKeyId: 'nobody' }, /security token included in the request is invalid/],
    ['an old date', { at: new Date(Date.now() - 3_600_000) }, /Signature expired/],
  ])('refuses %s', async (_what, signing, message) => {
    const answer = await api.sendSigned({ path }, signing);
    expect(answer.status).toBe(403);
    expect(answer.text).toMatch(message);
    expect(api.backend.events).toEqual([]);
  });

  test('refuses an unsigned request', async () => {
    expect(await api.send({ path })).toMatchObject({ status: 403, text: '{"message":"Missing Authentication Token"}' });
  });

  test('refuses what was changed after signing', async () => {
    const request = await signed(api.port, { path });
    expect((await call(api.port, { ...request, path: '/dev/payouts/txn-2' })).status).toBe(403);
  });
});

describe('the body’s model', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    api.send({ method: 'POST', path: '/dev/payouts', headers, body });

  test('lets a right body through, untouched', async () => {
    const body = '{"customer_id":"c-1", "amount":1.50}';
    expect((await post(body)).status).toBe(200);
    expect(api.backend.events[0]?.['body']).toBe(body);
  });

  test.each([
    ['{}', '[object has missing required properties (["amount","customer_id"])]'],
    ['', '[object has missing required properties (["amount","customer_id"])]'],
    ['[]', '[instance type (array) does not match any allowed primitive type (allowed: ["object"])]'],
    [
      '{"customer_id":"c","amount":"1"}',
      '[instance type (string) does not match any allowed primitive type (allowed: ["number"])]',
    ],
    [
      '{"customer_id":"c","amount":0}',
      '[numeric instance is lower than the required minimum (minimum: 0.01, found: 0)]',
    ],
    [
      '{"customer_id":"c","amount":1001}',
      '[numeric instance is greater than the required maximum (maximum: 1000, found: 1001)]',
    ],
    [
      '{"customer_id":"c","amount":1,"x":1,"a":2}',
      '[object instance has properties which are not allowed by the schema: ["a","x"]]',
    ],
    ['{"customer_id":"c d","amount":1}', '[ECMA 262 regex "^[A-Za-z0-9-]+$" does not match input string "c d"]'],
    ['{"customer_id":"123456789","amount":1}', '[string "123456789" is too long (length: 9, maximum allowed: 8)]'],
    [
      '{"customer_id":"c","amount":1,"payout_method":"x"}',
      '[instance value ("x") not found in enum (possible values: ["BankAccount","PayId"])]',
    ],
    ['{"amount":', ''],
  ])('refuses %s and says why', async (body, errors) => {
    const answer = await post(body, { 'X-Echo': 'echo', 'x-amzn-requestid': 'chosen' });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.text)).toEqual({
      detail: 'Invalid request body',
      errors,
      type: 'BAD_REQUEST_BODY',
      stage: 'blue',
    });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'access-control-allow-origin': '*',
      'x-request': 'chosen',
      'x-echo': 'echo',
      'x-amzn-errortype': 'BadRequestException',
    });
    expect(api.backend.events).toEqual([]);
  });

  test('does not count for another media type: AWS then checks nothing', async () => {
    expect((await post('whatever', { 'content-type': 'text/plain' })).status).toBe(200);
  });
});

describe('required parameters', () => {
  test.each([
    ['/dev/payouts', {}, '[X-Needed, customer_id]'],
    ['/dev/payouts?customer_id=', { 'X-Needed': 'x' }, '[customer_id]'],
    ['/dev/payouts?customer_id=c', { 'x-needed': 'x' }, '[X-Needed]'],
  ])('%s with %j lacks %s', async (path, headers, missing) => {
    const answer = await api.send({ path, headers });
    expect(answer).toMatchObject({
      status: 400,
      text: `{"message":"Missing required request parameters: ${missing}"}`,
    });
  });

  test('are enough when present', async () => {
    expect((await api.send({ path: '/dev/payouts?customer_id=c', headers: { 'X-Needed': 'x' } })).status).toBe(200);
  });
});

describe('a Lambda proxy integration', () => {
  const path = '/dev/webhooks/x';

  test('gets the request as AWS’s event of version 1.0', async () => {
    const headers = [
      'X-TwIce',
      'one',
      'X-TwIce',
      'two',
      'Host',
      'api.local:3000',
      'User-Agent',
      'test',
      'Content-Length',
      '5',
    ];
    await api.send({ method: 'POST', path: `${path}?a=1&a=2&b=%C3%A9+x`, headers, body: Buffer.from('é中') });
    expect(api.backend.events[0]).toMatchObject({
      headers: { 'X-TwIce': 'two', 'User-Agent': 'test', 'X-Forwarded-For': '127.0.0.1' },
      multiValueHeaders: { 'X-TwIce': ['one', 'two'], 'User-Agent': ['test'] },
      queryStringParameters: { a: '2', b: 'é x' },
      multiValueQueryStringParameters: { a: ['1', '2'], b: ['é x'] },
      stageVariables: { colour: 'blue' },
      body: 'é中',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        domainName: 'api.local',
        domainPrefix: 'api',
        httpMethod: 'POST',
        path: '/dev/webhooks/x',
        resourcePath: '/webhooks/{proxy+}',
        stage: 'dev',
        protocol: 'HTTP/1.1',
        identity: { sourceIp: '127.0.0.1', userAgent: 'test', userArn: null, caller: null },
      },
    });
    expect(api.backend.events[0]?.['headers']).not.toHaveProperty('Content-Length');
  });

  test('has null for what is not there', async () => {
    await api.send({ path });
    expect(api.backend.events[0]).toMatchObject({
      body: null,
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
    });
  });

  test('gets a binary body in base64', async () => {
    await api.send({ method: 'POST', path, headers: { 'content-type': 'image/png' }, body: Buffer.from([0, 255, 1]) });
    expect(api.backend.events[0]).toMatchObject({ body: 'AP8B', isBase64Encoded: true });
  });

  test('answers with its status, headers and body', async () => {
    api.backend.answer = () =>
      Promise.resolve({
        statusCode: '201',
        headers: { 'X-One': 'é', 'X-Flag': true, connection: 'x', Multi: 'solo' },
        multiValueHeaders: { 'Set-Cookie': ['a=1', 'b=2'], multi: ['many'] },
        body: 'made',
      });
    const answer = await api.send({ path });
    expect(answer).toMatchObject({ status: 201, text: 'made' });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'x-one': Buffer.from('é').toString('latin1'),
      'x-flag': 'true',
      'set-cookie': ['a=1', 'b=2'],
      multi: 'many, solo',
      'x-amzn-remapped-connection': 'x',
    });
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers['x-amzn-trace-id']).toMatch(/^Root=1-/);
  });

  test('decodes base64 only for a client that accepts a binary type', async () => {
    api.backend.answer = () => Promise.resolve({ isBase64Encoded: true, body: 'aGk=' });
    expect((await api.send({ path, headers: { accept: 'image/png,*/*' } })).text).toBe('hi');
    expect((await api.send({ path })).text).toBe('aGk=');
  });

  test.each([
    ['a text', '"hello"'],
    ['no JSON', 'oops'],
    ['nothing', ''],
    ['null', 'null'],
    ['an unknown member', '{"statusCode":200,"extra":1}'],
    ['a number for a header', '{"headers":{"a":1}}'],
    ['one value for many', '{"multiValueHeaders":{"a":"b"}}'],
    ['an object for a body', '{"body":{}}'],
    ['a status that is none', '{"statusCode":"OK"}'],
    ['a header that HTTP cannot carry', '{"headers":{"a b":"x"}}'],
  ])('that answers with %s is 502, and says nothing', async (_what, payload) => {
    api.backend.answer = () => Promise.resolve(payload);
    const answer = await api.send({ path });
    expect(answer.status).toBe(502);
    expect(answer.text).toMatch(/^\{"code":"internal","id":"[^"]+"\}$/);
  });

  test('that is refused is 502', async () => {
    api.backend.answer = () => Promise.reject(new Error('secret reason'));
    const answer = await api.send({ path });
    expect(answer.status).toBe(502);
    expect(answer.text).not.toContain('secret');
    expect(api.faults).toEqual(['secret reason']);
  });

  test('that is late is 504, and its answer is dropped', async () => {
    const late = Promise.withResolvers<unknown>();
    api.backend.answer = () => late.promise;
    const answered = api.send({ path });
    await expect.poll(() => api.backend.events.length).toBe(1);
    api.clock.advance(5000);
    expect((await answered).status).toBe(504);
    late.resolve({ statusCode: 200 });
  });

  test('calls the function of the integration', async () => {
    const builder = new ApiBuilder().method('GET', '/x', lambdaProxy());
    const other = await serveApi(builder.resources);
    await other.send({ path: '/dev/x' });
    await other.close();
    expect(FUNCTION_ARN).toContain('read-payouts');
    expect(other.backend.events).toHaveLength(1);
  });
});

describe('a mock integration', () => {
  test.each([
    [{}, 'https://a.example'],
    [{ Origin: 'https://b.example' }, 'https://b.example'],
    [{ origin: 'https://b.example' }, 'https://b.example'],
    [{ Origin: 'https://evil.example' }, 'https://a.example'],
  ])('answers a preflight with %j as CDK’s template says', async (headers, origin) => {
    const answer = await api.send({ method: 'OPTIONS', path: '/dev/payouts', headers });
    expect(answer).toMatchObject({ status: 204, text: '' });
    expect(answer.headers['access-control-allow-origin']).toBe(origin);
  });

  test('sees repeated headers combined, each spelling by itself, the last of repeated query parameters, and the stage’s variables', async () => {
    const headers = ['X-Twice', 'one', 'X-Twice', 'two', 'x-lower', 'y', 'Host', 'h'];
    expect((await api.send({ path: '/dev/params?x=1&x=2', headers })).text).toBe('[2][one, two][true][blue]');
  });

  test('gives an empty text for a parameter that is not there', async () => {
    expect((await api.send({ path: '/dev/params' })).text).toBe('[][][false][blue]');
  });

  test('without a status code is an error', async () => {
    expect((await api.send({ path: '/dev/no-status' })).status).toBe(500);
  });
});

describe('every answer', () => {
  test('carries the ids of the request; the client may choose the first and never the second', async () => {
    const headers = { 'X-Amzn-RequestId': 'mine', 'x-amz-apigw-id': 'mine too' };
    const answer = await api.send({ path: '/dev/webhooks/x', headers });
    expect(answer.headers['x-amzn-requestid']).toBe('mine');
    expect(answer.headers['x-amz-apigw-id']).toMatch(/^[\w-]{15}=$/);
    expect(api.backend.events[0]).toMatchObject({ requestContext: { requestId: 'mine' } });
  });

  test('leaves a line in the access log, faults too', async () => {
    await api.sendSigned({ path: '/dev/payouts/txn-1', headers: { 'x-amzn-requestid': 'r1' } });
    await api.send({ path: '/dev/nothing', headers: { 'x-amzn-requestid': 'r2' } });
    const [first, second] = api.accessLog.map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      requestId: 'r1',
      caller: 'local',
      path: '/payouts/{transaction_id}',
      status: '200',
      length: '2',
    });
    expect(second).toMatchObject({ requestId: 'r2', caller: '-', path: '-', status: '403', latency: '-' });
  });
});

describe('what is no proper request', () => {
  test('a body over 10 MB is 413, which cannot be customised', async () => {
    const limit = Buffer.alloc(10 * 1024 * 1024, 'x');
    const post = (body: Buffer) => api.send({ method: 'POST', path: '/dev/webhooks/x', body });
    expect((await post(limit)).status).toBe(200);
    expect(api.backend.events).toHaveLength(1);
    const answer = await post(Buffer.concat([limit, Buffer.from('x')]));
    expect(answer).toMatchObject({ status: 413, text: '{"message":"Request Too Long"}' });
    expect(api.backend.events).toHaveLength(1);
  });

  test.each([
    'nonsense\r\n\r\n',
    'GET /dev/webhooks/x HTTP/1.1\r\nHost: h\r\nBad Header: x\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n',
  ])('is refused and harms nobody: %j', async (text) => {
    expect(await raw(text)).toMatch(/^HTTP\/1\.1 400 /);
    expect((await api.send({ path: '/dev/webhooks/x' })).status).toBe(200);
  });

  test('a client that goes away in the middle harms nobody', async () => {
    const socket = connect(api.port, '127.0.0.1');
    socket.write('POST /dev/webhooks/x HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.destroy();
    expect((await api.send({ path: '/dev/webhooks/x' })).status).toBe(200);
  });

  test('a method nobody knows of is answered as a missing one', async () => {
    expect((await api.send({ method: 'PROPFIND', path: '/dev/payouts' })).status).toBe(403);
  });
});

test('closing ends connections and requests under way at once', async () => {
  const other = await serveApi(new ApiBuilder().method('GET', '/x', lambdaProxy()).resources);
  other.backend.answer = () => new Promise(() => undefined);
  const failure = other.send({ path: '/dev/x' }).then(
    () => 'answered',
    (error: NodeJS.ErrnoException) => error.code,
  );
  await expect.poll(() => other.backend.events.length).toBe(1);
  const idle = connect(other.port, '127.0.0.1');
  await new Promise((resolve) => idle.once('connect', resolve));
  await other.close();
  expect(await failure).toBe('ECONNRESET');
  await other.close();
});

/** Writes bytes and reads until the other side ends. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(api.port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
    socket.write(text);
  });
}
