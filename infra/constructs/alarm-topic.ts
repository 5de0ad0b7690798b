import { Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { useOfKeyThrough } from './key-use.ts';
import { letPublish, type Publisher } from './publisher.ts';

export type AlarmTopicProps = {
  readonly topicName: string;
  readonly key: Key;
  /** The services that publish by themselves. Roles are let in by {@link AlarmTopic.publication}. */
  readonly publishers: readonly Publisher[];
  /** Who reads them. SNS sends a mail that asks to confirm, once; until then nobody is told anything. */
  readonly email: string;
};

const NO_QUEUE_FOR_MAIL =
  'A queue of mails that were not delivered would need somebody who is told of it, by mail. What a mail says stays to be seen where it ' +
  'came from: the alarm, the failed execution, the budget.';

/** Where the people on call hear of what needs them. Messages carry ids and next steps, never a destination. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  readonly #key: Key;

  constructor(scope: Construct, id: string, { topicName, key, publishers, email }: AlarmTopicProps) {
    super(scope, id);
    this.#key = key;
    this.topic = new Topic(this, 'Topic', { topicName, masterKey: key, enforceSSL: true });
    letPublish(this.topic, key, publishers);
    const protocol = SubscriptionProtocol.EMAIL;
    const subscription = new Subscription(this, 'Email', { topic: this.topic, protocol, endpoint: email });
    Validations.of(subscription).acknowledge({ id: 'Serverless-SNSRedrivePolicy', reason: NO_QUEUE_FOR_MAIL });
  }

  /** Lets a role publish, and use the topic's key for it. */
  publication(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
      useOfKeyThrough('sns', this.#key),
    ];
  }
}
