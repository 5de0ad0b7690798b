import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AwsError } from '../../../local/aws/wire.ts';
import type { JsonObject } from '../../../local/json.ts';
import { ApiBuilder, stepFunctions } from './api.ts';
import { type Served, serveApi } from './gateway-under-test.ts';

/** The whole client request goes to the machine inside base64, as the design asks. */
const REQUEST_TEMPLATE = `#set($headers = $input.params().header)
{
  "stateMachineArn": "arn:aws:states:ap-southeast-2:000000000000:stateMachine:payout-submission",
  "input": "{\\"body\\":\\"$util.base64Encode($input.body)\\",\\"caller\\":\\"$util.base64Encode($context.identity.userArn)\\",\\"requestId\\":\\"$context.extendedRequestId\\",\\"headers\\":{#foreach($name in $headers.keySet())\\"$util.base64Encode($name)\\":\\"$util.base64Encode($headers.get($name))\\"#if($foreach.hasNext),#end#end}}"
}`;

const RESPONSE_TEMPLATE = `#if($input.path('$.status') == "SUCCEEDED")
#set($answer = $util.parseJson($input.path('$.output')))
#set($context.responseOverride.status = $answer.statusCode)
#foreach($name in $answer.headers.keySet())
#set($context.responseOverride.header[$name] = $answer.headers.get($name))
#end
$answer.body
#else
#set($context.responseOverride.status = 500)
{"code":"internal"}
#end`;

const HOSTILE = [
  `it's "quoted" \\ \\\\ \\" and \\'`,
  '$input.body ${x} $!y #set($z = 1) #if(true) #end ##',
  'x@@,@@amount@@:999999',
  '","amount":1000,"x":"',
  'two\nlines\r\nand\u2028more',
  'é 中文 \u{1f600} \u{10ffff}',
  '{"nested":"{\\"deep\\":\\"\\\\\\"\\"}"}',
];

let api: Served;

beforeAll(async () => {
  const builder = new ApiBuilder();
  const responses = [
    { StatusCode: '202', ResponseTemplates: { 'application/json': RESPONSE_TEMPLATE } },
    {
      StatusCode: '400',
      SelectionPattern: '4\\d{2}',
      ResponseTemplates: { 'application/problem+json': '{"code":"$input.path(\'$.__type\')"}' },
    },
    { StatusCode: '500', SelectionPattern: '5\\d{2}' },
  ];
  builder.method('POST', '/payouts', { ...stepFunctions(REQUEST_TEMPLATE, responses), AuthorizationType: 'AWS_IAM' });
  const mapped = {
    StatusCode: '200',
    ResponseParameters: {
      'method.response.header.Location': "'/payouts/1'",
      'method.response.header.X-Name': 'integration.response.body.name',
      'method.response.header.X-Stage': 'context.stage',
    },
  };
  builder.method('POST', '/mapped', stepFunctions('$input.body', [mapped]));
  builder.method(
    'POST',
    '/json',
    stepFunctions('{"input":$input.json("$.a"),"path":"$input.path("$.b[0].c")"}', [mapped]),
  );
  builder.method('POST', '/broken', stepFunctions('{"a":"$input.body.nope()"}', [mapped]));
  builder.method(
    'POST',
    '/twice',
    stepFunctions('#set($context.responseOverride.status = 201)#set($context.responseOverride.status = 202){}', [
      mapped,
    ]),
  );
  builder.method('POST', '/short', stepFunctions('$input.body', [mapped], { TimeoutInMillis: 2000 }));
  api = await serveApi(builder.resources);
});

beforeEach(() => {
  api.backend.starts.length = 0;
  api.faults.length = 0;
  api.backend.output = () => Promise.resolve({ status: 'SUCCEEDED', output: '{}' });
});

afterAll(() => api.close());

function startedInput(): { body: string; caller: string; requestId: string; headers: Record<string, string> } {
  const input = api.backend.starts[0]?.input['input'];
  return JSON.parse(typeof input === 'string' ? input : '{}');
}

function decoded(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

function succeeds(statusCode: number, headers: JsonObject, body: JsonObject | string): void {
  const output = JSON.stringify({ statusCode, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  api.backend.output = () => Promise.resolve({ status: 'SUCCEEDED', output });
}

describe('the request template', () => {
  test.each(HOSTILE)('hands on a body unharmed: %j', async (body) => {
    const answer = await api.sendSigned({
      method: 'POST',
      path: '/dev/payouts',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).not.toBe(403);
    expect(decoded(startedInput().body)).toBe(body);
  });

  test.each(HOSTILE.filter((text) => !/[\r\n]/.test(text)))('hands on a header unharmed: %j', async (value) => {
    await api.sendSigned({ method: 'POST', path: '/dev/payouts', headers: { 'Idempotency-Key': value }, body: '{}' });
    const { headers } = startedInput();
    expect(decoded(headers[Buffer.from('Idempotency-Key').toString('base64')] ?? '')).toBe(value);
  });

  test('knows the caller and calls as the integration’s role', async () => {
    await api.sendSigned({ method: 'POST', path: '/dev/payouts', body: '{}' });
    expect(decoded(startedInput().caller)).toBe('arn:aws:iam::000000000000:root');
    expect(api.backend.starts[0]?.roleArn).toBe('arn:aws:iam::000000000000:role/api');
  });

  test('reads an absent body as {}', async () => {
    await api.sendSigned({ method: 'POST', path: '/dev/payouts' });
    expect(decoded(startedInput().body)).toBe('{}');
  });

  test('reads parts of the body by JSONPath', async () => {
    await api.send({ method: 'POST', path: '/dev/json', body: '{"a":{"x":[1,2.50]},"b":[{"c":"d"}]}' });
    expect(api.backend.starts[0]?.input).toEqual({ input: { x: [1, 2.5] }, path: 'd' });
  });

  test('answers 400 to a body that is not JSON where the template reads it as such', async () => {
    const answer = await api.send({ method: 'POST', path: '/dev/json', body: 'not json' });
    expect(answer).toMatchObject({ status: 400, text: '{"message":"Could not parse request body into json"}' });
  });

  test('is wanted: 415 for another media type', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await api.sendSigned({ method: 'POST', path: '/dev/payouts', headers, body: 'x' });
    expect(answer).toMatchObject({ status: 415, text: '{"message":"Unsupported Media Type"}' });
    expect(api.backend.starts).toEqual([]);
  });

  test('counts the media type alone, not its parameters', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=UTF-8' };
    await api.sendSigned({ method: 'POST', path: '/dev/payouts', headers, body: '{}' });
    expect(api.backend.starts).toHaveLength(1);
  });

  test('that fails is a 500 which says nothing, and the reason stays here', async () => {
    const answer = await api.send({ method: 'POST', path: '/dev/broken', body: '{}' });
    expect(answer).toMatchObject({ status: 500, text: '{"message":"Internal server error"}' });
    expect(answer.headers['x-amzn-errortype']).toBe('InternalServerErrorException');
    expect(api.faults).toEqual(['the method nope of a string is not run here']);
  });

  test('that sets one override twice is a 500', async () => {
    expect(await api.send({ method: 'POST', path: '/dev/twice', body: '{}' })).toMatchObject({ status: 500 });
    expect(api.faults).toEqual(['the override of status is set twice']);
  });
});

describe('the response template', () => {
  test('sets status, headers and body from what the workflow put out', async () => {
    const body = { message: HOSTILE.join(' ') };
    succeeds(202, { Location: '/payouts/txn-1', 'Content-Type': 'application/problem+json' }, body);
    const answer = await api.sendSigned({ method: 'POST', path: '/dev/payouts', body: '{}' });
    expect(answer.status).toBe(202);
    expect(answer.headers).toMatchObject({ location: '/payouts/txn-1', 'content-type': 'application/problem+json' });
    expect(JSON.parse(answer.text)).toEqual(body);
  });

  test.each(['FAILED', 'TIMED_OUT'])('sees a workflow that %s as a 200 of Step Functions', async (status) => {
    api.backend.output = () => Promise.resolve({ status, cause: 'secret', output: null });
    const answer = await api.sendSigned({ method: 'POST', path: '/dev/payouts', body: '{}' });
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.text)).toEqual({ code: 'internal' });
  });

  test('is chosen by the status of a refusal', async () => {
    api.backend.output = () => Promise.reject(new AwsError('StateMachineDoesNotExist', 'no such machine'));
    const answer = await api.sendSigned({ method: 'POST', path: '/dev/payouts', body: '{}' });
    expect(answer).toMatchObject({ status: 400, text: '{"code":"StateMachineDoesNotExist"}' });
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });

  test('absent, the service’s own body goes out', async () => {
    api.backend.output = () => Promise.reject(new AwsError('InternalFailure', 'broken', { statusCode: 500 }));
    const answer = await api.sendSigned({ method: 'POST', path: '/dev/payouts', body: '{}' });
    expect(answer).toMatchObject({ status: 500, text: '{"__type":"InternalFailure","message":"broken"}' });
  });

  test('what the workflow puts into a header cannot make a second one', async () => {
    succeeds(202, { Location: 'a\r\nX-Evil: 1' }, {});
    const answer = await api.sendSigned({ method: 'POST', path: '/dev/payouts', body: '{}' });
    expect(answer.status).toBe(502);
    expect(answer.headers['x-evil']).toBeUndefined();
  });
});

describe('mapped response parameters', () => {
  test('take literals, parts of the body and context variables', async () => {
    api.backend.output = () => Promise.resolve({ name: 'one' });
    const answer = await api.send({ method: 'POST', path: '/dev/mapped', body: '{}' });
    expect(answer.headers).toMatchObject({ location: '/payouts/1', 'x-name': 'one', 'x-stage': 'dev' });
  });

  test('are left out where there is nothing', async () => {
    const answer = await api.send({ method: 'POST', path: '/dev/mapped', body: '{}' });
    expect(answer.headers['x-name']).toBeUndefined();
  });

  test('what is no JSON for Step Functions is its refusal', async () => {
    const answer = await api.send({ method: 'POST', path: '/dev/mapped', body: 'no json' });
    expect(answer.text).toBe('{"__type":"com.amazon.coral.service#SerializationException"}');
    expect(api.backend.starts).toEqual([]);
  });
});

describe('time', () => {
  test.each([
    ['/dev/mapped', 29_000],
    ['/dev/short', 2000],
  ])('%s waits %i ms of the clock, then 504', async (path, timeoutMs) => {
    api.backend.output = () => new Promise(() => undefined);
    const answered = api.send({ method: 'POST', path, body: '{}' });
    await expect.poll(() => api.backend.starts.length).toBe(1);
    api.clock.advance(timeoutMs - 1);
    expect(api.clock.pendingCount).toBe(1);
    api.clock.advance(1);
    expect(await answered).toMatchObject({ status: 504, text: '{"message":"Endpoint request timed out"}' });
  });
});
