import { Duration, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Stage } from '../stages.ts';

export type WebhookQueueProps = { readonly stage: Stage; readonly names: Names; readonly key: IKey };

/** As long as SQS keeps anything. */
const RETENTION_DAYS = 14;

const IS_THE_DEAD_LETTER_QUEUE =
  'This is itself the dead-letter queue: the webhook function puts here what it could not apply, nothing consumes it ' +
  'automatically, and messages stay 14 days for a person.';

/** Keeps what was proven to come from Monoova and could not be applied, until a person has looked. */
export class WebhookQueue extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { stage, names, key }: WebhookQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: names.webhookDeadLetterQueue,
      retentionPeriod: Duration.days(RETENTION_DAYS),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      removalPolicy: removalPolicyOf(stage),
    });
    Validations.of(this.deadLetters).acknowledge(
      { id: 'AwsSolutions-SQS3', reason: IS_THE_DEAD_LETTER_QUEUE },
      { id: 'Serverless-SQSRedrivePolicy', reason: IS_THE_DEAD_LETTER_QUEUE },
    );
  }
}
