import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '../../json.ts';
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
import type { SnsService } from './service.ts';

/** Delivered, or read by people, who are not here. Anything else would be expected to act, and does not. */
const PROTOCOLS: ReadonlySet<JsonValue | undefined> = new Set(['sqs', 'email', 'email-json', 'sms', 'https']);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
export const resourceTypes: ResourceTypes<{ sns: SnsService }> = {
  'AWS::SNS::Topic': {
    identity: topicIdentity,
    create: createTopic,
    known: ['TopicName', 'Subscription', 'FifoTopic'],
    inert: {
      ...INERT_TAGS,
      DisplayName: 'no mail is sent from here',
      KmsMasterKeyId: 'messages live in memory, unencrypted',
      TracingConfig: 'no traces are collected here',
      SignatureVersion: 'messages are not signed here',
      DeliveryStatusLogging: 'delivery in memory does not fail',
    },
  },
  'AWS::SNS::Subscription': {
    identity: subscriptionIdentity,
    create: createSubscription,
    known: ['TopicArn', 'Protocol', 'Endpoint', 'RawMessageDelivery'],
    inert: {
      Region: 'there is one region',
      RedrivePolicy: 'delivery in memory does not fail',
      DeliveryPolicy: 'delivery in memory does not fail',
    },
  },
  'AWS::SNS::TopicPolicy': policyType(['PolicyDocument', 'Topics']),
};

function topicIdentity(logicalId: string, properties: JsonObject, place: Placement): Identity {
  const TopicName = physicalName(logicalId, properties['TopicName']);
  const TopicArn = `arn:aws:sns:${place.region}:${place.accountId}:${TopicName}`;
  return { ref: TopicArn, attributes: { TopicArn, TopicName } };
}

function subscriptionIdentity(logicalId: string, properties: JsonObject): Identity {
  const { TopicArn } = properties;
  const topicArn = typeof TopicArn === 'string' ? TopicArn : '';
  const Arn = `${topicArn}:${createHash('sha256').update(logicalId).digest('hex').slice(0, 32)}`;
  return { ref: Arn, attributes: { Arn } };
}

function createTopic(resource: TemplateResource, services: { sns: SnsService }): void {
  const { FifoTopic, Subscription } = resource.properties;
  if (FifoTopic === true || FifoTopic === 'true') {
    throw new UnsupportedResource(`${resource.logicalId}: a FIFO topic is not run here`);
  }
  services.sns.createTopic(resource.ref);
  if (!Array.isArray(Subscription)) return;
  for (const entry of Subscription) {
    const properties = { ...(entry as JsonObject), TopicArn: resource.ref };
    createSubscription({ ...resource, properties }, services);
  }
}

function createSubscription(resource: TemplateResource, { sns }: { sns: SnsService }): void {
  const { TopicArn, Protocol, Endpoint, RawMessageDelivery } = resource.properties;
  if (typeof Protocol !== 'string' || !PROTOCOLS.has(Protocol)) {
    throw new UnsupportedResource(`${resource.logicalId}: a subscription by that protocol is not run here`);
  }
  if (typeof TopicArn !== 'string' || typeof Endpoint !== 'string') {
    throw new UnsupportedResource(`${resource.logicalId}: its TopicArn or Endpoint is no text`);
  }
  const isRaw = RawMessageDelivery === true || RawMessageDelivery === 'true';
  sns.subscribe(TopicArn, { protocol: Protocol, endpoint: Endpoint, isRaw });
}
