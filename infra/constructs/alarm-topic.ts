import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { alarmsOf } from './alarm-source.ts';
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
    this.topic.addToResourcePolicy(this.#alarmsMayPublish(names));
  }

  /**
   * A topic with a policy of its own has lost the default one, which let CloudWatch in (seen as "not authorized to perform:
   * SNS:Publish" by others: github.com/aws-solutions/automated-security-response-on-aws issue 43).
   */
  #alarmsMayPublish(names: Names): PolicyStatement {
    return new PolicyStatement({
      sid: 'AlarmsOfThisStage',
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [this.topic.topicArn],
      conditions: alarmsOf(this, names),
    });
  }

  /** Lets a role publish, and use the topic's key for it. */
  publication(): PolicyStatement[] {
    return [
      new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topic.topicArn] }),
      useOfKeyThrough('sns', this.#key),
    ];
  }
}
