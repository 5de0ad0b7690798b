import * as z from 'zod';
import type { JsonObject } from '../../json.ts';
import { policyType } from '../iam/policy-type.ts';
import {
  type Identity,
  INERT_TAGS,
  type Placement,
  physicalName,
  type ResourceTypes,
  type TemplateResource,
  UnsupportedResource,
} from '../resource-type.ts';
import type { SqsService } from './service.ts';

const NOT_ENCRYPTED = 'messages live in memory and in --data, unencrypted';

/** CloudFormation takes numbers as text too. The ranges are AWS's. */
const seconds = (min: number, max: number, otherwise: number) =>
  z.coerce.number().int().min(min).max(max).default(otherwise);

const Settings = z.object({
  VisibilityTimeout: seconds(0, 43_200, 30),
  MessageRetentionPeriod: seconds(60, 1_209_600, 345_600),
  DelaySeconds: seconds(0, 900, 0),
  ReceiveMessageWaitTimeSeconds: seconds(0, 20, 0),
  MaximumMessageSize: z.coerce.number().int().min(1024).max(1_048_576).default(1_048_576),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number().int().min(1).max(1000) })
    .optional(),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
export const resourceTypes: ResourceTypes<{ sqs: SqsService }> = {
  'AWS::SQS::Queue': {
    identity,
    create,
    known: ['QueueName', 'FifoQueue', ...Object.keys(Settings.shape)],
    inert: {
      ...INERT_TAGS,
      KmsMasterKeyId: NOT_ENCRYPTED,
      KmsDataKeyReusePeriodSeconds: NOT_ENCRYPTED,
      SqsManagedSseEnabled: NOT_ENCRYPTED,
      RedriveAllowPolicy: 'any queue here may use another for its dead letters',
    },
  },
  'AWS::SQS::QueuePolicy': policyType(['PolicyDocument', 'Queues']),
};

function identity(logicalId: string, properties: JsonObject, place: Placement): Identity {
  const QueueName = physicalName(logicalId, properties['QueueName']);
  const QueueUrl = `http://127.0.0.1:${place.awsPort}/${place.accountId}/${QueueName}`;
  const Arn = `arn:aws:sqs:${place.region}:${place.accountId}:${QueueName}`;
  return { ref: QueueUrl, attributes: { Arn, QueueName, QueueUrl } };
}

function create(resource: TemplateResource, { sqs }: { sqs: SqsService }): void {
  const { logicalId, properties, ref: url, attributes } = resource;
  const { FifoQueue } = properties;
  if (FifoQueue === true || FifoQueue === 'true') {
    throw new UnsupportedResource(`${logicalId}: a FIFO queue is not run here`);
  }
  const parsed = Settings.safeParse(properties);
  if (!parsed.success) {
    throw new UnsupportedResource(`${logicalId}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  }
  const settings = {
    visibilityTimeoutS: parsed.data.VisibilityTimeout,
    retentionS: parsed.data.MessageRetentionPeriod,
    delayS: parsed.data.DelaySeconds,
    receiveWaitS: parsed.data.ReceiveMessageWaitTimeSeconds,
    messageBytesMax: parsed.data.MaximumMessageSize,
    redrive: parsed.data.RedrivePolicy,
  };
  sqs.createQueue({
    name: physicalName(logicalId, properties['QueueName']),
    arn: attributes['Arn'] ?? '',
    url,
    settings,
  });
}
