import { describe, expect, it } from 'vitest';
import { refuseUnknownProperties, UnsupportedResource } from '../../../local/aws/resource-type.ts';
import type { JsonObject } from '../../../local/json.ts';
import type { EventSourceSettings } from '../../../local/lambda/event-source.ts';
import { EventSources } from '../../../local/lambda/event-sources.ts';
import type { LambdaFunction } from '../../../local/lambda/lambda-function.ts';
import { LambdaService } from '../../../local/lambda/lambda-service.ts';
import { resourceTypes } from '../../../local/lambda/resources.ts';

const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
const ARN = 'arn:aws:lambda:ap-southeast-2:000000000000:function:submit-payment';

/** Creates a resource on a service that only remembers what it was told. */
function create(type: string, properties: JsonObject) {
  const told = {
    functions: [] as LambdaFunction[],
    qualifiers: [] as [string, string][],
    eventSources: [] as EventSourceSettings[],
  };
  const eventSources: EventSources = Object.assign(Object.create(EventSources.prototype), {
    add: (added: EventSourceSettings) => told.eventSources.push(added),
  });
  const lambda: LambdaService = Object.assign(Object.create(LambdaService.prototype), {
    add: (added: LambdaFunction) => told.functions.push(added),
    publishVersion: (name: string, version: string) => told.qualifiers.push([name, version]),
    setAlias: (name: string, alias: string, version: string) => told.qualifiers.push([name, `${alias} ${version}`]),
  });
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`no resource type ${type}`);
  const identity = resourceType.identity('It', properties, PLACE);
  const resource = { logicalId: 'It', type, properties, ...identity };
  refuseUnknownProperties(resource, resourceType);
  void resourceType.create(resource, { lambda, eventSources, assetPath: (key) => `/assembly/asset.${key}` });
  return told;
}

const FUNCTION = {
  FunctionName: 'submit-payment',
  Code: { S3Bucket: 'assets', S3Key: 'abc.zip' },
  Handler: 'index.handler',
  Runtime: 'nodejs24.x',
  Role: 'arn:aws:iam::000000000000:role/Submit',
};

describe('the Lambda resource types', () => {
  it('make a function with what the template says of it', () => {
    const { functions } = create('AWS::Lambda::Function', {
      ...FUNCTION,
      Timeout: 15,
      MemorySize: 512,
      Environment: { Variables: { STAGE: 'dev', LIMIT: 3 } },
      LoggingConfig: { LogGroup: 'submit-logs', LogFormat: 'JSON' },
      ReservedConcurrentExecutions: 2,
      Architectures: ['arm64'],
    });

    expect(functions).toEqual([
      {
        name: 'submit-payment',
        arn: ARN,
        roleArn: 'arn:aws:iam::000000000000:role/Submit',
        codeDirectory: '/assembly/asset.abc.zip',
        handler: 'index.handler',
        timeoutMs: 15_000,
        memorySizeMb: 512,
        environment: { STAGE: 'dev', LIMIT: '3' },
        logGroupName: 'submit-logs',
        logFormat: 'JSON',
        reservedConcurrency: 2,
      },
    ]);
  });

  it("take Lambda's own defaults for what the template leaves out", () => {
    const [made] = create('AWS::Lambda::Function', FUNCTION).functions;

    expect(made).toMatchObject({
      timeoutMs: 3_000,
      memorySizeMb: 128,
      logGroupName: '/aws/lambda/submit-payment',
      logFormat: 'Text',
      reservedConcurrency: undefined,
    });
  });

  it.each<[string, JsonObject]>([
    ['another runtime', { Runtime: 'python3.13' }],
    ['a container image', { PackageType: 'Image' }],
    ['code within the template', { Code: { ZipFile: 'export {}' } }],
    ['a layer', { Layers: ['arn:aws:lambda:layer'] }],
  ])('refuse %s, naming the function', (_name, properties) => {
    expect(() => create('AWS::Lambda::Function', { ...FUNCTION, ...properties })).toThrow(/^It/);
  });

  it('make a function callable by its version and alias', () => {
    expect(create('AWS::Lambda::Version', { FunctionName: 'submit-payment' }).qualifiers).toEqual([
      ['submit-payment', '1'],
    ]);
    expect(create('AWS::Lambda::Alias', { FunctionName: ARN, FunctionVersion: '1', Name: 'live' }).qualifiers).toEqual([
      ['submit-payment', 'live 1'],
    ]);
  });

  it('name versions and aliases as Lambda does', () => {
    const identityOf = (type: string, properties: JsonObject) => resourceTypes[type]?.identity('It', properties, PLACE);

    expect(identityOf('AWS::Lambda::Version', { FunctionName: 'submit-payment' })?.ref).toBe(`${ARN}:1`);
    expect(identityOf('AWS::Lambda::Alias', { FunctionName: 'submit-payment', Name: 'live' })?.ref).toBe(`${ARN}:live`);
  });

  const FEED = { FunctionName: 'submit-payment', EventSourceArn: 'arn:aws:sqs:ap-southeast-2:000000000000:letters' };

  it('feed a function from a queue, as Lambda does where the template is silent', () => {
    const { eventSources } = create('AWS::Lambda::EventSourceMapping', FEED);
    const { FunctionName: functionName, EventSourceArn: queueArn } = FEED;
    const silent = { functionName, queueArn, batchSize: 10, reportsBatchItemFailures: false, concurrencyMax: 1_250 };
    expect(eventSources).toEqual([silent]);
    const told = create('AWS::Lambda::EventSourceMapping', {
      ...FEED,
      BatchSize: '3',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(told.eventSources).toMatchObject([{ batchSize: 3, reportsBatchItemFailures: true, concurrencyMax: 2 }]);
  });

  it.each([
    { BatchSize: 11 },
    { MaximumBatchingWindowInSeconds: 1 },
    { FilterCriteria: { Filters: [] } },
    { Enabled: true },
  ])('refuse a feed that is not run here: %j', (properties) => {
    expect(() => create('AWS::Lambda::EventSourceMapping', { ...FEED, ...properties })).toThrow(UnsupportedResource);
  });
});
