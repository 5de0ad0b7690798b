import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Alias,
  Architecture,
  type Code,
  type IVersion,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { encryptedLogGroup } from './log-group.ts';
import { serviceRole } from './service-role.ts';

export type PayoutFunctionProps = {
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

/** The name of the alias that everybody calls: it leads to the version that is in use. */
export const LIVE = 'live';

/** One Lambda with the defaults of the house: Node 24 on arm64, a log group of its own under a key, traces, its own role. */
export class PayoutFunction extends Construct {
  /**
   * What is called, never the function itself: a deployment publishes a version, and turns the alias to it. Versions outlive the deployments
   * after them, so that the alias can be turned back.
   */
  readonly live: Alias;
  /** The number of the version that this deployment publishes. */
  readonly version: string;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: PayoutFunctionProps) {
    super(scope, id);
    const { stage, logGroupName, logKey } = props;
    this.logGroup = encryptedLogGroup(this, 'Logs', { logGroupName, stage, key: logKey });
    // A role of our own: the one that CDK makes has a managed policy which may write to every log group of the account.
    const role = serviceRole(this, 'Role', { service: 'lambda.amazonaws.com', statements: props.statements });
    this.logGroup.grantWrite(role);
    const lambda = new LambdaFunction(this, 'Function', {
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
    this.version = lambda.currentVersion.version;
    this.live = new Alias(this, 'Live', {
      aliasName: LIVE,
      // The class does not fit its own interface under exactOptionalPropertyTypes.
      version: lambda.currentVersion as IVersion,
    });
    Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: TRACES_HAVE_NO_RESOURCE });
    Validations.of(lambda).acknowledge(
      { id: 'NIST.800.53.R5-LambdaConcurrency', reason: REASONS.noReserve },
      { id: 'NIST.800.53.R5-LambdaDLQ', reason: REASONS.neverAsynchronous },
      { id: 'Serverless-LambdaDLQ', reason: REASONS.neverAsynchronous },
      { id: 'NIST.800.53.R5-LambdaInsideVPC', reason: REASONS.noVpc },
    );
  }
}
