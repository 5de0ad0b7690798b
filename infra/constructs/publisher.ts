import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/** An AWS service that publishes to a topic by itself, and how a policy tells its doings for us from those for everybody else. */
export type Publisher = {
  readonly sid: string;
  readonly service: string;
  readonly conditions: Conditions;
};

/**
 * Alarms whose names fit the pattern, such as `payouts-dev-*`
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html, "Enable compatibility between event sources from AWS services and
 * encrypted topics").
 */
export function alarmsAsPublisher(scope: Construct, alarmNames: string): Publisher {
  const alarms = Stack.of(scope).formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: alarmNames,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  return { sid: 'Alarms', service: 'cloudwatch.amazonaws.com', conditions: from(scope, alarms) };
}

/** Budgets of this account (https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html). They have no region. */
export function budgetsAsPublisher(scope: Construct): Publisher {
  const { partition, account } = Stack.of(scope);
  const conditions = from(scope, `arn:${partition}:budgets::${account}:*`);
  return { sid: 'Budgets', service: 'budgets.amazonaws.com', conditions };
}

/**
 * Rules of EventBridge. Without conditions: EventBridge documents its topic policies without any, and others found that a policy with
 * one lets nothing through (github.com/aws-samples and Terraform modules note "You can't use Condition blocks in Amazon SNS topic policies
 * for EventBridge"). What a stranger could win by it is to send us mail.
 */
export function eventRulesAsPublisher(): Publisher {
  return { sid: 'EventRules', service: 'events.amazonaws.com', conditions: {} };
}

/**
 * Lets services publish to an encrypted topic. Each needs the topic and the key, and CDK gives them neither: what publishes without it
 * fails in silence, and nobody is told. A topic with a policy of its own has also lost the default one, which let CloudWatch in.
 */
export function letPublish(topic: Topic, key: IKey, publishers: readonly Publisher[]): void {
  for (const { sid, service, conditions } of publishers) {
    const principals = [new ServicePrincipal(service)];
    topic.addToResourcePolicy(
      new PolicyStatement({ sid, principals, actions: ['sns:Publish'], resources: [topic.topicArn], conditions }),
    );
    const actions = ['kms:Decrypt', 'kms:GenerateDataKey*'];
    key.addToResourcePolicy(new PolicyStatement({ sid, principals, actions, resources: ['*'], conditions }));
  }
}

function from(scope: Construct, sourceArns: string): Conditions {
  return {
    StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
    ArnLike: { 'aws:SourceArn': sourceArns },
  };
}
