import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Australian companies keep financial records for seven years (Corporations Act 2001, section 286); who did what in the account is one. */
const KEPT_DAYS = 7 * 365 + 2;
const READ_OFTEN_DAYS = 90;
const ACCESS_KEPT_DAYS = 365;

const REASONS = {
  notReplicated:
    'S3 keeps every object in at least three Availability Zones, and the region is where the data must stay (Sydney). A copy in another ' +
    'region or account is for the organisation that owns the account to add.',
  noKeyForAccessLogs:
    'S3 delivers access logs only to buckets under its own key: a bucket under a customer key silently gets none (S3 user guide, ' +
    '"Enabling Amazon S3 server access logging"). They hold no payload, only who asked for which object.',
} as const;

/** Where the trail and the configuration go. It outlives the stack, and nobody reads it without TLS or leaves a trace. */
export class AuditBucket extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, { key }: { readonly key: IKey }) {
    super(scope, id);
    const common = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...common,
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [
        { expiration: Duration.days(ACCESS_KEPT_DAYS), noncurrentVersionExpiration: Duration.days(READ_OFTEN_DAYS) },
      ],
    });
    Validations.of(accessLogs).acknowledge(
      { id: 'NIST.800.53.R5-S3BucketReplicationEnabled', reason: REASONS.notReplicated },
      { id: 'NIST.800.53.R5-S3DefaultEncryptionKMS', reason: REASONS.noKeyForAccessLogs },
    );
    const bucket = new Bucket(this, 'Bucket', {
      ...common,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      // The class does not fit its own interface under exactOptionalPropertyTypes.
      serverAccessLogsBucket: accessLogs as IBucket,
      lifecycleRules: [
        {
          transitions: [
            {
              storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
              transitionAfter: Duration.days(READ_OFTEN_DAYS),
            },
          ],
          expiration: Duration.days(KEPT_DAYS),
          noncurrentVersionExpiration: Duration.days(READ_OFTEN_DAYS),
        },
      ],
    });
    Validations.of(bucket).acknowledge({
      id: 'NIST.800.53.R5-S3BucketReplicationEnabled',
      reason: REASONS.notReplicated,
    });
    this.bucket = bucket as IBucket;
  }
}
