import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Stage } from '../stages.ts';
import { alarmsOf } from './alarm-source.ts';

export type KeysProps = { readonly stage: Stage; readonly names: Names };

/**
 * Three keys, so that no permission on one kind of data opens another: payees' destinations, what the services store, and what
 * operators read.
 */
export class Keys extends Construct {
  /** Encrypts payees' destinations, by the Encryption SDK. Only two functions may decrypt under it, and only with both ids in the context. */
  readonly destinations: Key;
  /** Tables, secrets and queues. */
  readonly data: Key;
  /** Log groups and the alarm topic. */
  readonly telemetry: Key;

  constructor(scope: Construct, id: string, { stage, names }: KeysProps) {
    super(scope, id);
    const keyFor = (constructId: string, use: 'destinations' | 'data' | 'telemetry', description: string) =>
      new Key(this, constructId, {
        alias: names.keyAlias(use),
        description,
        enableKeyRotation: true,
        pendingWindow: Duration.days(stage.removal === 'retain' ? 30 : 7),
        removalPolicy: removalPolicyOf(stage),
      });
    this.destinations = keyFor('DestinationsKey', 'destinations', "Payees' destinations (AWS Encryption SDK).");
    this.data = keyFor('DataKey', 'data', 'Tables, secrets and queues of the payouts.');
    this.telemetry = keyFor('TelemetryKey', 'telemetry', 'Logs and alarms of the payouts.');
    this.telemetry.addToResourcePolicy(this.#logsMayEncrypt(names));
    this.telemetry.addToResourcePolicy(this.#alarmsMayEncrypt(names));
  }

  /**
   * CloudWatch Logs encrypts as itself and not as the writer, and CDK does not allow it. The context names the log group, so the key
   * serves this stage's groups alone.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  #logsMayEncrypt({ prefix, logGroups }: Names): PolicyStatement {
    const stack = Stack.of(this);
    const groups = [
      `/aws/lambda/${prefix}-*`,
      logGroups.machine(`${prefix}-*`),
      logGroups.apiAccess,
      logGroups.apiExecution('*'),
    ];
    const arns = groups.map((resourceName) =>
      stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    );
    return new PolicyStatement({
      sid: 'LogGroupsOfThisStage',
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arns } },
    });
  }

  /**
   * An alarm publishes to the encrypted topic as CloudWatch itself. Without this the alarm goes off and nobody is told.
   * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
   */
  #alarmsMayEncrypt(names: Names): PolicyStatement {
    return new PolicyStatement({
      sid: 'AlarmsOfThisStage',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resources: ['*'],
      conditions: alarmsOf(this, names),
    });
  }
}
