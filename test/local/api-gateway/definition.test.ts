import { describe, expect, test } from 'vitest';
import { apiDefinition } from '../../../local/api-gateway/definition.ts';
import { createApiGateway } from '../../../local/api-gateway/gateway.ts';
import { resourceTypes } from '../../../local/api-gateway/resources.ts';
import { CredentialStore } from '../../../local/aws/credentials.ts';
import { ShiftableClock } from '../../../local/clock.ts';
import type { JsonObject } from '../../../local/json.ts';
import { ApiBuilder, lambdaProxy, mock, resource, stepFunctions } from './api.ts';

const OK = { StatusCode: '200' };

/** As far as a start goes: what cannot be run must be refused before anything is served. */
function start(builder: ApiBuilder): void {
  createApiGateway({
    clock: new ShiftableClock(),
    credentials: new CredentialStore(),
    api: apiDefinition(builder.resources),
    invokeLambda: () => Promise.reject(new Error('not called')),
    startSyncExecution: () => Promise.reject(new Error('not called')),
  });
}

function startWith(properties: JsonObject): () => void {
  return () => start(new ApiBuilder().method('POST', '/x', properties));
}

function startWithModel(Schema: JsonObject): () => void {
  const builder = new ApiBuilder();
  builder.add('Model', 'Model', { Name: 'M', Schema });
  return () => start(builder);
}

function startWithGatewayResponse(properties: JsonObject): () => void {
  const builder = new ApiBuilder();
  builder.add('Response', 'GatewayResponse', properties);
  return () => start(builder);
}

describe('an API', () => {
  test('is read with its paths, methods and stage', () => {
    const builder = new ApiBuilder({ Variables: { a: 'b' } })
      .method('GET', '/a/{b}', lambdaProxy())
      .method('POST', '/a', mock('{"statusCode":200}', OK));
    const api = apiDefinition([...builder.resources, resourceOfAnotherService()]);
    expect(api).toMatchObject({
      stageName: 'dev',
      stageVariables: { a: 'b' },
      name: 'payouts',
      binaryMediaTypes: ['image/png'],
    });
    expect(api.resources.map(({ path, methods }) => [path, ...methods.keys()])).toEqual([
      ['/'],
      ['/a', 'POST'],
      ['/a/{b}', 'GET'],
    ]);
  });

  test('has ids of ten letters and digits, the same each time', () => {
    const api = resource('Api', 'AWS::ApiGateway::RestApi', {});
    expect(api.ref).toMatch(/^[a-z0-9]{10}$/);
    expect(resource('Api', 'AWS::ApiGateway::RestApi', {})).toEqual(api);
    expect(api.attributes['RootResourceId']).not.toBe(api.ref);
  });

  test('its stage is referred to by its name', () => {
    expect(resource('Stage', 'AWS::ApiGateway::Stage', { StageName: 'prod' }).ref).toBe('prod');
  });

  test('every inert property says why', () => {
    const reasons = Object.values(resourceTypes).flatMap(({ inert }) => Object.values(inert));
    expect(reasons.filter((reason) => reason.length < 10)).toEqual([]);
  });
});

describe('the start is refused for', () => {
  test.each<[string, () => void, string]>([
    [
      'a property nobody knows',
      startWith({ ...lambdaProxy(), AuthorizerId: 'x' }),
      'AWS::ApiGateway::Method.AuthorizerId',
    ],
    [
      'an unknown property of an integration',
      startWith(lambdaProxy({ ContentHandling: 'CONVERT_TO_TEXT' })),
      'Integration.ContentHandling',
    ],
    ['another authorisation', startWith({ ...lambdaProxy(), AuthorizationType: 'CUSTOM' }), 'AuthorizationType CUSTOM'],
    ['API keys', startWith({ ...lambdaProxy(), ApiKeyRequired: true }), 'API keys'],
    ['another integration', startWith(lambdaProxy({ Type: 'HTTP' })), 'integration type HTTP'],
    [
      'another service',
      startWith(stepFunctions('{}', [OK], { Uri: 'arn:aws:apigateway:ap-southeast-2:sqs:action/SendMessage' })),
      'sqs:action',
    ],
    [
      'StartExecution without anyone to do it',
      startWith(stepFunctions('{}', [OK], { Uri: 'arn:aws:apigateway:ap-southeast-2:states:action/StartExecution' })),
      'StartExecution',
    ],
    [
      'a template that cannot be read',
      startWith(stepFunctions('#if(true)', [OK])),
      'request template (application/json), line 1',
    ],
    [
      'a response’s template that cannot be read',
      startWith(stepFunctions('{}', [{ ...OK, ResponseTemplates: { 'application/json': '#macro(x)#end' } }])),
      '#macro is not run here',
    ],
    [
      'a pattern that Java and JavaScript do not share',
      startWith(stepFunctions('{}', [{ ...OK, SelectionPattern: '(?i)x' }])),
      'inline flag',
    ],
    [
      'a status its method does not declare',
      startWith(stepFunctions('{}', [{ StatusCode: '418' }])),
      'lacks the status 418',
    ],
    [
      'a header its method does not declare',
      startWith(stepFunctions('{}', [{ ...OK, ResponseParameters: { 'method.response.header.X': "'x'" } }])),
      'lacks method.response.header.X',
    ],
    [
      'a mapping nobody knows',
      startWith(stepFunctions('{}', [{ ...OK, ResponseParameters: { 'method.response.header.Location': 'x' } }])),
      'the mapping x',
    ],
    ['a validator that is not there', startWith({ ...lambdaProxy(), RequestValidatorId: 'x' }), 'names no validator'],
    [
      'a model that is not there',
      startWith({ ...lambdaProxy(), RequestModels: { 'application/json': 'X' } }),
      'no model X',
    ],
    [
      'a model with a later keyword',
      startWithModel({ type: 'object', properties: { a: { const: 1 } } }),
      'passes over const',
    ],
    [
      'a model with what API Gateway passes over',
      startWithModel({ properties: { a: { minItems: 1 } } }),
      'passes over minItems',
    ],
    ['a gateway response of no type', startWithGatewayResponse({ ResponseType: 'OOPS' }), 'OOPS'],
    [
      'a gateway response in Velocity',
      startWithGatewayResponse({ ResponseType: 'THROTTLED', ResponseTemplates: { 'application/json': '$input.body' } }),
      'can be substituted',
    ],
    [
      'a variable nobody knows',
      startWithGatewayResponse({
        ResponseType: 'THROTTLED',
        ResponseTemplates: { 'application/json': '$context.identity.nobody' },
      }),
      '$context.identity.nobody',
    ],
    [
      'an access log with a variable nobody knows',
      () => start(new ApiBuilder({ AccessLogSetting: { Format: '$context.nobody' } })),
      '$context.nobody',
    ],
  ])('%s', (_what, starting, problem) => {
    expect(starting).toThrow(problem);
  });

  test('two stages, or none', () => {
    const builder = new ApiBuilder();
    builder.add('Stage2', 'Stage', { StageName: 'b' });
    expect(() => start(builder)).toThrow('this one has 2');
    expect(() => apiDefinition([])).toThrow('one REST API');
  });
});

test('a property of the payload may be called like a keyword', () => {
  expect(startWithModel({ type: 'object', properties: { minItems: { type: 'number' } } })).not.toThrow();
});

function resourceOfAnotherService() {
  return { logicalId: 'Table', type: 'AWS::DynamoDB::Table', properties: { Whatever: 1 }, ref: 't', attributes: {} };
}
