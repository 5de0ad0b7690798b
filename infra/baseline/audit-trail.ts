import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { ReadWriteType, Trail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { letLogsEncrypt } from '../constructs/log-encryption.ts';
import { INLINE_POLICY } from '../constructs/service-role.ts';
import { BASELINE_NAMES } from './names.ts';

export type AuditTrailProps = { readonly key: Key; readonly bucket: IBucket };

/**
 * Who did what to the account, in every region, with digests that prove that no file was changed since. Management events alone: they hold
 * each use of the destinations' key with its context, and each change of a table or a machine; the payouts themselves have a history of
 * their own.
 */
export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, { key, bucket }: AuditTrailProps) {
    super(scope, id);
    letLogsEncrypt(key, [BASELINE_NAMES.trailLogGroup]);
    this.#letTrailEncrypt(key);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: BASELINE_NAMES.trailLogGroup,
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: key,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const trail = new Trail(this, 'Trail', {
      trailName: BASELINE_NAMES.trail,
      bucket,
      encryptionKey: key,
      enableFileValidation: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      managementEvents: ReadWriteType.ALL,
      sendToCloudWatchLogs: true,
      cloudWatchLogGroup: logGroup,
    });
    Validations.of(trail.node.findChild('LogsRole')).acknowledge(INLINE_POLICY);
  }

  /** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html */
  #letTrailEncrypt(key: Key): void {
    const stack = Stack.of(this);
    const trailArn = stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: BASELINE_NAMES.trail });
    const anyTrailArn = `arn:${stack.partition}:cloudtrail:*:${stack.account}:trail/*`;
    const principals = [new ServicePrincipal('cloudtrail.amazonaws.com')];
    const source = { 'aws:SourceArn': trailArn };
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailEncrypts',
        principals,
        actions: ['kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: {
          StringEquals: source,
          StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': anyTrailArn },
        },
      }),
    );
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'TrailDescribesKey',
        principals,
        actions: ['kms:DescribeKey'],
        resources: ['*'],
        conditions: { StringEquals: source },
      }),
    );
  }
}
