import { policyType } from '../aws/iam/policy-type.ts';
import {
  type Identity,
  INERT_TAGS,
  type Placement,
  physicalName,
  type ResourceTypes,
  type TemplateResource,
  UnsupportedResource,
} from '../aws/resource-type.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { EventSourceSettings } from './event-source.ts';
import type { EventSources } from './event-sources.ts';
import type { LambdaFunction } from './lambda-function.ts';
import type { LambdaService } from './lambda-service.ts';

export type LambdaServices = {
  readonly lambda: LambdaService;
  readonly eventSources: EventSources;
  /** The folder behind an asset's S3 key. */
  assetPath(s3Key: string): string;
};

const RUNTIME = 'nodejs24.x';
/** Lambda's own defaults (CreateFunction in its API reference). */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;

const NOT_ASYNCHRONOUS = 'nothing here invokes a function asynchronously';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_Lambda.html */
export const resourceTypes: ResourceTypes<LambdaServices> = {
  'AWS::Lambda::Function': {
    identity: functionIdentity,
    create: (resource, { lambda, assetPath }) => lambda.add(toLambdaFunction(resource, assetPath)),
    known: [
      'FunctionName',
      'Code',
      'Handler',
      'Runtime',
      'Role',
      'Timeout',
      'MemorySize',
      'Environment',
      'LoggingConfig',
      'PackageType',
      'ReservedConcurrentExecutions',
    ],
    inert: {
      ...INERT_TAGS,
      Architectures: 'functions run on the processor of this machine',
      DeadLetterConfig: NOT_ASYNCHRONOUS,
      Description: 'nothing here reads it',
      EphemeralStorage: 'functions share the disk of this machine',
      KmsKeyArn: 'variables live in memory, unencrypted',
      RecursiveLoop: 'loops are not looked for',
      RuntimeManagementConfig: 'the Node of the lockfile runs the functions',
      TracingConfig: 'no traces are collected here',
    },
  },
  'AWS::Lambda::EventSourceMapping': {
    identity: (logicalId) => ({ ref: logicalId, attributes: { Id: logicalId } }),
    create: addEventSource,
    known: [
      'BatchSize',
      'EventSourceArn',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumBatchingWindowInSeconds',
      'ScalingConfig',
    ],
    inert: { ...INERT_TAGS },
  },
  'AWS::Lambda::Permission': policyType(['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn']),
  'AWS::Lambda::Version': {
    identity: versionIdentity,
    create: ({ properties, attributes }, { lambda }) =>
      lambda.publishVersion(functionNameOf(properties), String(attributes['Version'])),
    known: ['FunctionName'],
    inert: {
      CodeSha256: 'there is one version of the code',
      Description: 'nothing here reads it',
      ProvisionedConcurrencyConfig: 'one environment of each function is started ahead anyway',
      RuntimePolicy: 'the Node of the lockfile runs the functions',
    },
  },
  'AWS::Lambda::Alias': {
    identity: aliasIdentity,
    create: ({ properties }, { lambda }) =>
      lambda.setAlias(functionNameOf(properties), textOf(properties, 'Name'), textOf(properties, 'FunctionVersion')),
    known: ['FunctionName', 'FunctionVersion', 'Name'],
    inert: {
      Description: 'nothing here reads it',
      ProvisionedConcurrencyConfig: 'one environment of each function is started ahead anyway',
    },
  },
};

/** Lambda's own defaults, and the scaling of a standard queue (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html). */
const DEFAULT_BATCH_SIZE = 10;
const BATCH_SIZE_MAX = 10;
const DEFAULT_CONCURRENCY = 1_250;

function addEventSource({ logicalId, properties }: TemplateResource, { eventSources }: LambdaServices): void {
  try {
    eventSources.add(toEventSource(logicalId, properties));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UnsupportedResource(`${logicalId}: ${cause.message}`, { cause });
  }
}

function toEventSource(logicalId: string, properties: JsonObject): EventSourceSettings {
  const batchSize = numberOf(properties['BatchSize'], DEFAULT_BATCH_SIZE);
  const windowSeconds = numberOf(properties['MaximumBatchingWindowInSeconds'], 0);
  if (batchSize > BATCH_SIZE_MAX || windowSeconds > 0) {
    throw new UnsupportedResource(
      `${logicalId}: batches are not collected over time here, and hold at most 10 messages`,
    );
  }
  const types = properties['FunctionResponseTypes'];
  const scaling = objectOf(properties, 'ScalingConfig');
  return {
    functionName: textOf(properties, 'FunctionName'),
    queueArn: textOf(properties, 'EventSourceArn'),
    batchSize,
    reportsBatchItemFailures: Array.isArray(types) && types.includes('ReportBatchItemFailures'),
    concurrencyMax: numberOf(scaling['MaximumConcurrency'], DEFAULT_CONCURRENCY),
  };
}

function functionIdentity(logicalId: string, properties: JsonObject, place: Placement): Identity {
  const name = physicalName(logicalId, properties['FunctionName']);
  return { ref: name, attributes: { Arn: functionArn(name, place) } };
}

/** One template publishes one version, so it is the first. */
function versionIdentity(_logicalId: string, properties: JsonObject, place: Placement): Identity {
  const FunctionArn = `${functionArn(functionNameOf(properties), place)}:1`;
  return { ref: FunctionArn, attributes: { Version: '1', FunctionArn } };
}

function aliasIdentity(_logicalId: string, properties: JsonObject, place: Placement): Identity {
  const AliasArn = `${functionArn(functionNameOf(properties), place)}:${textOf(properties, 'Name')}`;
  return { ref: AliasArn, attributes: { AliasArn } };
}

function functionArn(name: string, { accountId, region }: Placement): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/** Versions and aliases may name their function or give its ARN. */
function functionNameOf(properties: JsonObject): string {
  const name = textOf(properties, 'FunctionName');
  return name.startsWith('arn:') ? (name.split(':')[6] ?? name) : name;
}

function toLambdaFunction(resource: TemplateResource, assetPath: (s3Key: string) => string): LambdaFunction {
  const { properties, logicalId } = resource;
  refuseOtherRuntime(resource);
  const logging = objectOf(properties, 'LoggingConfig');
  const reserved = properties['ReservedConcurrentExecutions'];
  return {
    name: resource.ref,
    arn: String(resource.attributes['Arn']),
    roleArn: textOf(properties, 'Role'),
    codeDirectory: codeDirectory(logicalId, properties, assetPath),
    handler: textOf(properties, 'Handler'),
    timeoutMs: numberOf(properties['Timeout'], DEFAULT_TIMEOUT_SECONDS) * 1000,
    memorySizeMb: numberOf(properties['MemorySize'], DEFAULT_MEMORY_MB),
    environment: variablesOf(objectOf(properties, 'Environment')),
    logGroupName: typeof logging['LogGroup'] === 'string' ? logging['LogGroup'] : `/aws/lambda/${resource.ref}`,
    logFormat: logging['LogFormat'] === 'JSON' ? 'JSON' : 'Text',
    reservedConcurrency: reserved === undefined ? undefined : numberOf(reserved, 0),
  };
}

function refuseOtherRuntime({ logicalId, properties }: TemplateResource): void {
  const { Runtime: runtime, PackageType: packageType = 'Zip' } = properties;
  if (runtime === RUNTIME && packageType === 'Zip') return;
  const asked = `${JSON.stringify(runtime ?? null)} (${JSON.stringify(packageType)})`;
  throw new UnsupportedResource(`${logicalId}: functions of ${RUNTIME} from a zip asset are run here, not ${asked}`);
}

function codeDirectory(logicalId: string, properties: JsonObject, assetPath: (s3Key: string) => string): string {
  const s3Key = objectOf(properties, 'Code')['S3Key'];
  if (typeof s3Key !== 'string') throw new UnsupportedResource(`${logicalId}: its code is no asset of the stack`);
  return assetPath(s3Key);
}

function variablesOf(environment: JsonObject): Record<string, string> {
  const variables = objectOf(environment, 'Variables');
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));
}

function objectOf(parent: JsonObject, key: string): JsonObject {
  const value = parent[key];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function textOf(properties: JsonObject, key: string): string {
  const value = properties[key];
  if (typeof value === 'string') return value;
  throw new UnsupportedResource(`${key} is not resolved to a text: ${JSON.stringify(value)}`);
}

/** CloudFormation takes numbers as text too. */
function numberOf(value: JsonValue | undefined, fallback: number): number {
  return value === undefined ? fallback : Number(value);
}
