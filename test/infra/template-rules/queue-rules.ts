import { at, resourcesOf } from '../synthesis.ts';
import { type Rule, type Stack, withValue } from './rule.ts';

/** As long as SQS keeps anything. */
const FOURTEEN_DAYS_SECONDS = 1_209_600;

export const QUEUE_RULES: readonly Rule[] = [
  {
    name: 'every queue has a dead-letter queue, or is one and keeps its messages for 14 days',
    breaches: (stack) =>
      queuesOf(stack)
        .filter((queue) => (isForDeadLetters(queue) ? !isKeptLong(queue) : !leadsToDeadLetters(queue, stack)))
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      queuesOf(stack).map((queue) => ({
        breach: queue.logicalId,
        stack: withValue(
          stack,
          [queue.logicalId, 'Properties', isForDeadLetters(queue) ? 'MessageRetentionPeriod' : 'RedrivePolicy'],
          undefined,
        ),
      })),
  },
  {
    name: 'every dead-letter queue has an alarm on its depth and on its age',
    breaches: (stack) =>
      queuesOf(stack)
        .filter(isForDeadLetters)
        .flatMap(({ logicalId }) => WATCHED.map((metric) => ({ logicalId, metric })))
        .filter(({ logicalId, metric }) => alarmsOn(stack, logicalId, metric).length === 0)
        .map(({ logicalId, metric }) => `${logicalId} ${metric}`),
    sabotages: (stack) =>
      queuesOf(stack)
        .filter(isForDeadLetters)
        .flatMap(({ logicalId }) => WATCHED.map((metric) => ({ logicalId, metric })))
        .flatMap(({ logicalId, metric }) =>
          alarmsOn(stack, logicalId, metric).map((alarm) => ({
            breach: `${logicalId} ${metric}`,
            stack: withValue(stack, [alarm.logicalId], undefined),
          })),
        ),
  },
  {
    name: 'nothing speaks to a queue, topic or bucket without TLS',
    breaches: (stack) =>
      protectedResources(stack)
        .filter(({ logicalId }) => !policiesOn(stack, logicalId).some(refusesPlainHttp))
        .map(({ logicalId }) => logicalId),
    sabotages: (stack) =>
      protectedResources(stack).flatMap(({ logicalId }) =>
        policiesOn(stack, logicalId).map((policy) => ({
          breach: logicalId,
          stack: withValue(stack, [policy.logicalId], undefined),
        })),
      ),
  },
];

const WATCHED = ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'];

function alarmsOn({ template }: Stack, queueId: string, metric: string) {
  return resourcesOf(template, 'AWS::CloudWatch::Alarm').filter(
    ({ Properties }) =>
      Properties['MetricName'] === metric && JSON.stringify(Properties['Dimensions']).includes(`"${queueId}"`),
  );
}

type Queue = ReturnType<typeof queuesOf>[number];

function queuesOf({ template }: Stack) {
  return resourcesOf(template, 'AWS::SQS::Queue');
}

/** By its name: some get their messages from a function and not from another queue. */
function isForDeadLetters({ Properties }: Queue): boolean {
  return String(Properties['QueueName']).endsWith('-dead-letters');
}

function isKeptLong({ Properties }: Queue): boolean {
  return Properties['MessageRetentionPeriod'] === FOURTEEN_DAYS_SECONDS;
}

function leadsToDeadLetters({ Properties }: Queue, stack: Stack): boolean {
  const target = at(Properties, 'RedrivePolicy', 'deadLetterTargetArn', 'Fn::GetAtt', 0);
  return queuesOf(stack).some((queue) => queue.logicalId === target && isForDeadLetters(queue));
}

function protectedResources({ template }: Stack) {
  return ['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::S3::Bucket'].flatMap((type) => resourcesOf(template, type));
}

function policiesOn({ template }: Stack, logicalId: string) {
  const types = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy', 'AWS::S3::BucketPolicy'];
  const policies = types.flatMap((type) => resourcesOf(template, type));
  return policies.filter(({ Properties }) =>
    JSON.stringify([Properties['Queues'], Properties['Topics'], Properties['Bucket']]).includes(`"${logicalId}"`),
  );
}

function refusesPlainHttp({ Properties }: { readonly Properties: unknown }): boolean {
  const statements = at(Properties, 'PolicyDocument', 'Statement') as readonly unknown[];
  return statements.some(
    (statement) =>
      at(statement, 'Effect') === 'Deny' && at(statement, 'Condition', 'Bool', 'aws:SecureTransport') === 'false',
  );
}
