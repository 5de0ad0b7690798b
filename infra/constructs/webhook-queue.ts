import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { type IQueue, Queue, QueueEncryption, RedrivePermission } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Stage } from '../stages.ts';
import { useOfKeyThrough } from './key-use.ts';

export type WebhookQueueProps = { readonly stage: Stage; readonly names: Names; readonly key: IKey };

/** As long as SQS keeps anything. */
const RETENTION_DAYS = 14;
/** How long one call of retry-webhook may take. */
export const RETRY_TIMEOUT_SECONDS = 15;
/**
 * "Set the queue's visibility timeout to at least six times the function timeout value"
 * (https://docs.aws.amazon.com/lambda/latest/dg/sqs-retries.html).
 */
const VISIBILITY_TIMEOUT_SECONDS = 6 * RETRY_TIMEOUT_SECONDS;
/** Five receives, and then a person. */
export const RECEIVES_MAX = 5;
const BATCH_SIZE = 10;
/** The least that Lambda takes: nobody waits for these, and what they need is likely short of breath. */
const CONCURRENCY_MAX = 2;

const IS_THE_DEAD_LETTER_QUEUE =
  'This is itself the dead-letter queue: SQS puts here what retry-webhook could not apply in five receives, nothing consumes it ' +
  'automatically, and messages stay 14 days for a person.';
const THE_QUEUE_HAS_ONE =
  'Lambda takes a destination for failures only from mappings of streams and Kafka; for a queue its own redrive policy is what keeps ' +
  'failed messages (Lambda developer guide, "Handling errors for an SQS event source"), and this queue has one.';

/**
 * Keeps what was proven to come from Monoova and is not done with. Everything enters through the retry queue, so that SQS knows for
 * each dead letter where it came from, and the console's "Start DLQ redrive" can send it back there.
 */
export class WebhookQueue extends Construct {
  readonly retry: Queue;
  readonly deadLetters: Queue;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { stage, names, key }: WebhookQueueProps) {
    super(scope, id);
    this.#key = key;
    const common = {
      retentionPeriod: Duration.days(RETENTION_DAYS),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      enforceSSL: true,
      removalPolicy: removalPolicyOf(stage),
    };
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...common,
      queueName: names.webhookDeadLetterQueue,
      redriveAllowPolicy: { redrivePermission: RedrivePermission.BY_QUEUE, sourceQueues: [this.#retryQueue(names)] },
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: IS_THE_DEAD_LETTER_QUEUE,
    });
    this.retry = new Queue(this, 'Retry', {
      ...common,
      queueName: names.webhookRetryQueue,
      visibilityTimeout: Duration.seconds(VISIBILITY_TIMEOUT_SECONDS),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES_MAX },
    });
  }
  /** By its name, since each of the two queues names the other. */
  #retryQueue({ webhookRetryQueue }: Names): IQueue {
    const arn = Stack.of(this).formatArn({ service: 'sqs', resource: webhookRetryQueue });
    return Queue.fromQueueArn(this, 'RetryByName', arn);
  }

  /** Has a function called with letters, a few at a time. Those that it names in its answer are received again. */
  feed(consumer: IFunction): void {
    const mapping = new EventSourceMapping(this, 'Feed', {
      target: consumer,
      eventSourceArn: this.retry.queueArn,
      batchSize: BATCH_SIZE,
      reportBatchItemFailures: true,
      maxConcurrency: CONCURRENCY_MAX,
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: THE_QUEUE_HAS_ONE,
    });
  }

  /** Lets a role put letters into the retry queue. */
  sending(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.retry.queueArn] }),
      useOfKeyThrough('sqs', this.#key),
    ];
  }

  /**
   * Lets a role be fed from the retry queue, and postpone what it was fed
   * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html, "Setting up execution role permissions").
   */
  consuming(): PolicyStatement[] {
    const actions = [
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ReceiveMessage',
    ];
    return [
      new PolicyStatement({ actions, resources: [this.retry.queueArn] }),
      useOfKeyThrough('sqs', this.#key, ['kms:Decrypt']),
    ];
  }
}
