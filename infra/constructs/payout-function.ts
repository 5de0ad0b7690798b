import { Duration, Validations } from 'aws-cdk-lib';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { encryptedLogGroup } from './log-group.ts';

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
  'xray:PutTraceSegments and xray:PutTelemetryRecords take no resource (Service Authorization Reference, AWS X-Ray), so "*" is the ' +
  'only value; they write traces and read nothing.';

/** One Lambda with the defaults of the house: Node 24 on arm64, a log group of its own under a key, traces, its own role. */
export class PayoutFunction extends Construct {
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: PayoutFunctionProps) {
    super(scope, id);
    const { stage, logGroupName, logKey } = props;
    const logGroup = encryptedLogGroup(this, 'Logs', { logGroupName, stage, key: logKey });
    // A role of our own: the one that CDK makes has a managed policy which may write to every log group of the account.
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    for (const statement of props.statements) role.addToPolicy(statement);
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
      logGroup,
      tracing: Tracing.ACTIVE,
    });
    Validations.of(role).acknowledge({ id: 'AwsSolutions-IAM5[Resource::*]', reason: TRACES_HAVE_NO_RESOURCE });
  }
}
