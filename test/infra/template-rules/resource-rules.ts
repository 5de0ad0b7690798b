import { type Guard, is, isAtMost, isPresent, propertyRule } from './property-rule.ts';
import type { Rule, Stack } from './rule.ts';

const inProduction = (_resource: unknown, { isProduction }: Stack) => isProduction;

/** What stores anything outlives its stack in production. */
const RETAINED: readonly Guard[] = ['DeletionPolicy', 'UpdateReplacePolicy'].map((policy) => ({
  path: [policy],
  isKept: is('Retain'),
  wrong: ['Delete'],
  appliesTo: inProduction,
}));

const METHOD_SETTINGS = [
  { path: 'DataTraceEnabled', isKept: is(false), wrong: [true] },
  { path: 'LoggingLevel', isKept: is('INFO'), wrong: ['OFF', 'ERROR'] },
  { path: 'MetricsEnabled', isKept: is(true), wrong: [false] },
  { path: 'ThrottlingRateLimit', isKept: isAtMost(100), wrong: [10_000] },
  { path: 'ThrottlingBurstLimit', isKept: isAtMost(200), wrong: [5_000] },
];

export const RESOURCE_RULES: readonly Rule[] = [
  propertyRule('every table can be restored, is under our key and outlives a mistake', 'AWS::DynamoDB::Table', [
    { path: ['Properties', 'BillingMode'], isKept: is('PAY_PER_REQUEST'), wrong: ['PROVISIONED'] },
    {
      path: ['Properties', 'PointInTimeRecoverySpecification'],
      isKept: is({ PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 }),
      wrong: [{ PointInTimeRecoveryEnabled: false, RecoveryPeriodInDays: 35 }, { PointInTimeRecoveryEnabled: true }],
    },
    { path: ['Properties', 'SSESpecification', 'SSEEnabled'], isKept: is(true), wrong: [false] },
    { path: ['Properties', 'SSESpecification', 'KMSMasterKeyId'], isKept: isPresent },
    {
      path: ['Properties', 'DeletionProtectionEnabled'],
      isKept: is(true),
      wrong: [false],
      appliesTo: inProduction,
    },
    ...['MaxReadRequestUnits', 'MaxWriteRequestUnits'].map((units) => ({
      path: ['Properties', 'OnDemandThroughput', units],
      isKept: isAtMost(10_000),
      wrong: [1_000_000],
    })),
    {
      path: ['Properties', 'GlobalSecondaryIndexes'],
      isKept: (indexes) => (indexes as readonly object[]).every((index) => 'OnDemandThroughput' in index),
      isAbsent: true,
      wrong: [[{ IndexName: 'Unbounded' }]],
      appliesTo: ({ Properties }) => 'GlobalSecondaryIndexes' in Properties,
    },
    ...RETAINED,
  ]),
  propertyRule('every key is rotated, and waits 30 days before it goes', 'AWS::KMS::Key', [
    { path: ['Properties', 'EnableKeyRotation'], isKept: is(true), wrong: [false] },
    { path: ['Properties', 'PendingWindowInDays'], isKept: is(30), wrong: [7], appliesTo: inProduction },
    ...RETAINED,
  ]),
  propertyRule('every secret is under our key and has no value in the template', 'AWS::SecretsManager::Secret', [
    { path: ['Properties', 'KmsKeyId'], isKept: isPresent },
    ...['SecretString', 'GenerateSecretString'].map((property) => ({
      path: ['Properties', property],
      isKept: (value: unknown) => value === undefined,
      isAbsent: true,
      wrong: ['x'],
    })),
    ...RETAINED,
  ]),
  propertyRule('every queue is under our key', 'AWS::SQS::Queue', [
    { path: ['Properties', 'KmsMasterKeyId'], isKept: isPresent },
    ...RETAINED,
  ]),
  propertyRule('every topic is under our key', 'AWS::SNS::Topic', [
    { path: ['Properties', 'KmsMasterKeyId'], isKept: isPresent },
  ]),
  propertyRule('every bucket is private, encrypted, versioned, and outlives its stack', 'AWS::S3::Bucket', [
    ...['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].map((block) => ({
      path: ['Properties', 'PublicAccessBlockConfiguration', block],
      isKept: is(true),
      wrong: [false],
    })),
    { path: ['Properties', 'BucketEncryption'], isKept: isPresent },
    { path: ['Properties', 'VersioningConfiguration', 'Status'], isKept: is('Enabled'), wrong: ['Suspended'] },
    ...RETAINED,
  ]),
  propertyRule('every trail sees all regions and can prove that nothing was changed', 'AWS::CloudTrail::Trail', [
    { path: ['Properties', 'EnableLogFileValidation'], isKept: is(true), wrong: [false] },
    { path: ['Properties', 'IsLogging'], isKept: is(true), wrong: [false] },
    { path: ['Properties', 'IsMultiRegionTrail'], isKept: is(true), wrong: [false] },
    { path: ['Properties', 'IncludeGlobalServiceEvents'], isKept: is(true), wrong: [false] },
    { path: ['Properties', 'KMSKeyId'], isKept: isPresent },
    { path: ['Properties', 'CloudWatchLogsLogGroupArn'], isKept: isPresent },
  ]),
  propertyRule('every log group is kept for a while, under our key', 'AWS::Logs::LogGroup', [
    { path: ['Properties', 'RetentionInDays'], isKept: isAtMost(731), wrong: [3653] },
    { path: ['Properties', 'KmsKeyId'], isKept: isPresent },
    ...RETAINED,
  ]),
  propertyRule(
    'every function is bounded in memory and time, traced, and has a log group of ours',
    'AWS::Lambda::Function',
    [
      { path: ['Properties', 'MemorySize'], isKept: isAtMost(1024), wrong: [10_240] },
      // Nothing may outlast the gateway's 29 s.
      { path: ['Properties', 'Timeout'], isKept: isAtMost(29), wrong: [900] },
      { path: ['Properties', 'Architectures'], isKept: is(['arm64']), wrong: [['x86_64']] },
      { path: ['Properties', 'Runtime'], isKept: is('nodejs24.x'), wrong: ['nodejs20.x'] },
      { path: ['Properties', 'TracingConfig', 'Mode'], isKept: is('Active'), wrong: ['PassThrough'] },
      {
        path: ['Properties', 'LoggingConfig', 'LogGroup', 'Ref'],
        isKept: (logicalId, _resource, { template }) =>
          template.Resources[String(logicalId)]?.Type === 'AWS::Logs::LogGroup',
      },
    ],
  ),
  propertyRule('every machine logs all that it does, and is traced', 'AWS::StepFunctions::StateMachine', [
    { path: ['Properties', 'LoggingConfiguration', 'Level'], isKept: is('ALL'), wrong: ['ERROR'] },
    { path: ['Properties', 'LoggingConfiguration', 'Destinations', 0], isKept: isPresent },
    { path: ['Properties', 'TracingConfiguration', 'Enabled'], isKept: is(true), wrong: [false] },
  ]),
  propertyRule('every stage of an API is traced and logged without bodies', 'AWS::ApiGateway::Stage', [
    { path: ['Properties', 'TracingEnabled'], isKept: is(true), wrong: [false] },
    { path: ['Properties', 'AccessLogSetting', 'DestinationArn'], isKept: isPresent },
    {
      path: ['Properties', 'AccessLogSetting', 'Format'],
      // Paths, queries and validation errors quote what a client sent.
      isKept: (format) =>
        typeof format === 'string' &&
        !/\$context\.(path\b|requestOverride|error\.(message|validation)|authorizer|identity\.userAgent)/.test(format),
      wrong: ['{"path":"$context.path"}', '{"fault":"$context.error.validationErrorString"}'],
    },
    // Of all methods, and of each that has settings of its own.
    ...[0, 1, 2, 3].flatMap((index) =>
      METHOD_SETTINGS.map(({ path, ...guard }) => ({ path: ['Properties', 'MethodSettings', index, path], ...guard })),
    ),
    { path: ['Properties', 'MethodSettings', 'length'], isKept: is(4), isAbsent: true },
  ]),
  propertyRule('every API takes modern TLS alone, for the host that was named', 'AWS::ApiGateway::RestApi', [
    {
      path: ['Properties', 'SecurityPolicy'],
      isKept: (policy) => typeof policy === 'string' && /^SecurityPolicy_TLS13_1_(2_PFS|3)/.test(policy),
      wrong: ['TLS_1_0', 'TLS_1_2', 'SecurityPolicy_TLS12_2018_EDGE'],
    },
    { path: ['Properties', 'EndpointAccessMode'], isKept: is('STRICT'), wrong: ['BASIC'] },
  ]),
  propertyRule('every permission of a function names who may call it for what', 'AWS::Lambda::Permission', [
    { path: ['Properties', 'SourceArn'], isKept: isPresent },
    {
      path: ['Properties', 'Principal'],
      isKept: (principal) => typeof principal === 'string' && principal.endsWith('.amazonaws.com'),
      wrong: ['*'],
    },
  ]),
];
