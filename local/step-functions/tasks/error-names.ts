import type { AwsError } from '../../aws/wire.ts';
import { TaskError } from '../errors.ts';

/** How AWS names a service's errors, which differs between optimised (SDK for Java 1) and `aws-sdk:` tasks (SDK 2). */
export type ErrorNaming = {
  /** Before the dot: `DynamoDB`, but `DynamoDb` for `aws-sdk:dynamodb`. */
  readonly prefix: string;
  /** For errors that the service's model does not name, e.g. `AmazonDynamoDBException` for a ValidationException. */
  readonly generic: string;
  /** As the cause names the service: `AmazonDynamoDBv2`, but `DynamoDb` for `aws-sdk:dynamodb`. */
  readonly service: string;
  /** Errors outside {@link UNMODELLED} that this service does model. */
  readonly models?: readonly string[];
  readonly style: 'optimised' | 'sdk';
};

/** Codes that most services send without having them in their model, so that the SDKs know no class for them. */
const UNMODELLED: readonly string[] = [
  'AccessDeniedException',
  'InvalidSignatureException',
  'MissingAuthenticationTokenException',
  'MissingParameter',
  'SerializationException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'ValidationException',
];

/** Recorded on AWS: SNS.NotFoundException, SQS.AmazonSQSException, StepFunctions.StateMachineDoesNotExistException, ... */
export const OPTIMISED_ERRORS: Readonly<Record<string, ErrorNaming>> = {
  dynamodb: { prefix: 'DynamoDB', generic: 'AmazonDynamoDBException', service: 'AmazonDynamoDBv2', style: 'optimised' },
  lambda: { prefix: 'Lambda', generic: 'AWSLambdaException', service: 'AWSLambda', style: 'optimised' },
  sns: { prefix: 'SNS', generic: 'AmazonSNSException', service: 'AmazonSNS', style: 'optimised' },
  sqs: { prefix: 'SQS', generic: 'AmazonSQSException', service: 'AmazonSQS', style: 'optimised' },
  states: {
    prefix: 'StepFunctions',
    generic: 'AWSStepFunctionsException',
    service: 'AWSStepFunctions',
    models: ['ValidationException'],
    style: 'optimised',
  },
};

/** Recorded on AWS: DynamoDb.DynamoDbException, SecretsManager.SecretsManagerException, Sfn.InvalidTokenException, ... */
export const SDK_ERRORS: Readonly<Record<string, ErrorNaming>> = {
  dynamodb: sdk('DynamoDb'),
  kms: sdk('Kms'),
  secretsmanager: sdk('SecretsManager'),
  sfn: { ...sdk('Sfn'), models: ['ValidationException'] },
  sns: sdk('Sns'),
  sqs: sdk('Sqs'),
  ssm: sdk('Ssm'),
};

function sdk(service: string): ErrorNaming {
  return { prefix: service, generic: `${service}Exception`, service, style: 'sdk' };
}

/** The failure of a task whose service refused, in AWS's name and wording. */
export function toTaskError(error: AwsError, naming: ErrorNaming, requestId: string): TaskError {
  const unmodelled = UNMODELLED.includes(error.code) && !naming.models?.includes(error.code);
  const name = unmodelled ? naming.generic : withSuffix(error.code);
  return new TaskError(`${naming.prefix}.${name}`, causeOf(error, naming, requestId), { cause: error });
}

function withSuffix(code: string): string {
  return code.endsWith('Exception') ? code : `${code}Exception`;
}

function causeOf(error: AwsError, { service, style }: ErrorNaming, requestId: string): string {
  const { message, statusCode, code } = error;
  return style === 'optimised'
    ? `${message} (Service: ${service}; Status Code: ${statusCode}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null)`
    : `${message} (Service: ${service}, Status Code: ${statusCode}, Request ID: ${requestId}) (SDK Attempt Count: 1)`;
}
