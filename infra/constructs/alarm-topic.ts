import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { useOfKeyThrough } from './key-use.ts';

export type AlarmTopicProps = { readonly names: Names; readonly key: IKey };

/** Where the people on call hear of payouts that need them. Messages carry ids and next steps, never a destination. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, { names, key }: AlarmTopicProps) {
    super(scope, id);
    this.#key = key;
    this.topic = new Topic(this, 'Topic', { topicName: names.alarmTopic, masterKey: key, enforceSSL: true });
  }

  /** Lets a role publish, and use the topic's key for it. */
  publication(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
      useOfKeyThrough('sns', this.#key),
    ];
  }
}
