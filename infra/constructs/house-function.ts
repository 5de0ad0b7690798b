import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { encryptedLogGroup } from './log-group.ts';
import { serviceRole } from './service-role.ts';

export type HouseFunctionProps = {
  readonly stage: Stage;
  readonly functionName: string;
  readonly logGroupName: string;
  readonly logKey: IKey;
  /** Holds `index.mjs`, which exports `handler`. */
  readonly code: Code;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds, 1 to 29: nothing here may outlast API Gateway. */
  readonly timeoutSeconds: number;
  /** All that its role may do, beside writing its own log and traces. */
  readonly statements: readonly PolicyStatement[];
  /** Why no dead-letter target is needed, where the reason is another than that everybody waits for its answer. */
  readonly whyNoDeadLetters?: string;
};

/** Nearly all of a call is waiting; 512 MB buys enough processor for a short cold start (128 MB took over a second in public measurements). */
const MEMORY_MB = 512;

const TRACES_HAVE_NO_RESOURCE =
  'The actions xray:PutTraceSegments and xray:PutTelemetryRecords take no resource (Service Authorization Reference, AWS X-Ray), so ' +
  '"*" is the only value; they write traces and read nothing.';

const REASONS = {
  noReserve:
    'No concurrency is reserved: an account must keep 100 unreserved, and new accounts have 10 in all, so a reserve would fail the first ' +
    'deployment there. The API throttles what comes in, and a throttled function is a retry or a payout that its guard goes on with.',
  neverAsynchronous:
    'A dead-letter target takes failed asynchronous events alone, and this function is only ever called by somebody who waits for its ' +
    'answer (API Gateway, Step Functions, or the poller of a queue that has its own dead-letter queue).',
  noVpc:
    'It calls AWS and Monoova over TLS with credentials of its own and listens to nobody, so a VPC would shield nothing; it would add ' +
    'NAT gateways, whose loss would stop payouts, between it and Monoova. Its role names every resource that it may use.',
} as const;

/** One Lambda with the defaults of the house: Node 24 on arm64, a log group of its own under a key, traces, its own role. */
export class HouseFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id);
    const { stage, logGroupName, logKey, whyNoDeadLetters = REASONS.neverAsynchronous } = props;
    this.logGroup = encryptedLogGroup(this, 'Logs', { logGroupName, stage, key: logKey });
    // A role of our own: the one that CDK makes has a managed policy which may write to every log group of the account.
    const role = serviceRole(this, 'Role', { service: 'lambda.amazonaws.com', statements: props.statements });
    this.logGroup.grantWrite(role);
    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      memorySize: MEMORY_MB,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { ...props.environment, NODE_OPTIONS: '--enable-source-maps' },
      role,
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: TRACES_HAVE_NO_RESOURCE });
    Validations.of(this.lambda).acknowledge(
      { id: 'NIST.800.53.R5-LambdaConcurrency', reason: REASONS.noReserve },
      { id: 'NIST.800.53.R5-LambdaDLQ', reason: whyNoDeadLetters },
      { id: 'Serverless-LambdaDLQ', reason: whyNoDeadLetters },
      { id: 'NIST.800.53.R5-LambdaInsideVPC', reason: REASONS.noVpc },
    );
  }
}
