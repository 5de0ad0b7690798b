import { describe, expect, it } from 'vitest';
import { STAGES } from '../../infra/stages.ts';
import { at, resourceAt, resourcesOf, synthesised } from './synthesis.ts';

const template = synthesised(STAGES.dev);
/** Of single payouts; those of the whole are in observation.test.ts. */
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm')
  .filter(({ logicalId }) => logicalId.startsWith('Alarms'))
  .map(({ Properties }) => Properties);
const named = alarms.map((properties) => ({ name: String(properties['AlarmName']), properties }));
const counted = named.filter(({ properties }) => properties['Namespace'] === 'Payouts');
const ofQueues = named.filter(({ properties }) => properties['Namespace'] === 'AWS/SQS');

type Statement = { readonly Sid?: string; readonly Action: unknown; readonly Principal: unknown };

describe('the alarms', () => {
  it('watch what a person has to know of', () => {
    expect(named.map(({ name }) => name).toSorted()).toEqual([
      'payouts-dev-BreakerOpened',
      'payouts-dev-MonoovaCredentialsRefused',
      'payouts-dev-PayoutConflict',
      'payouts-dev-PayoutEscalated',
      'payouts-dev-WebhookDeadLetters',
      'payouts-dev-WebhookDeadLettersAge',
      'payouts-dev-WebhookRetryAge',
    ]);
  });

  it.each([
    ['WebhookDeadLetters', 'ApproximateNumberOfMessagesVisible', 'WebhookQueueDeadLetters', 1],
    ['WebhookDeadLettersAge', 'ApproximateAgeOfOldestMessage', 'WebhookQueueDeadLetters', 86_400],
    ['WebhookRetryAge', 'ApproximateAgeOfOldestMessage', 'WebhookQueueRetry', 900],
  ])('%s watches %s of its queue', (name, MetricName, queue, Threshold) => {
    const alarm = ofQueues.find((one) => one.name === `payouts-dev-${name}`);
    const { logicalId } = resourceAt(template, 'AWS::SQS::Queue', queue);
    const QueueName = { Name: 'QueueName', Value: { 'Fn::GetAtt': [logicalId, 'QueueName'] } };
    expect(alarm?.properties).toMatchObject({ MetricName, Threshold, Statistic: 'Maximum', Dimensions: [QueueName] });
    expect(alarm?.properties).toMatchObject({
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      Period: 60,
      TreatMissingData: 'notBreaching',
    });
  });

  it.each(counted)('$name goes off at one, by the minute, and is quiet where nothing was counted', ({ properties }) => {
    expect(properties).toMatchObject({
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      EvaluationPeriods: 1,
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  });

  it('may publish to the topic, and use its key for it: CDK gives them neither', () => {
    const policies = resourcesOf(template, 'AWS::SNS::TopicPolicy').flatMap(
      ({ Properties }) => at(Properties, 'PolicyDocument', 'Statement') as Statement[],
    );
    const { Properties: key } = resourceAt(template, 'AWS::KMS::Key', 'KeysTelemetryKey');
    const keyStatements = at(key, 'KeyPolicy', 'Statement') as Statement[];
    const ours = [...policies, ...keyStatements].filter(({ Sid }) => Sid === 'Alarms');
    expect(ours.map(({ Action }) => Action)).toEqual(['sns:Publish', ['kms:Decrypt', 'kms:GenerateDataKey*']]);
    for (const statement of ours) {
      expect(statement.Principal).toEqual({ Service: 'cloudwatch.amazonaws.com' });
      expect(at(statement, 'Condition', 'StringEquals', 'aws:SourceAccount')).toEqual({ Ref: 'AWS::AccountId' });
      const source = JSON.stringify(at(statement, 'Condition', 'ArnLike', 'aws:SourceArn'));
      expect(source).toContain('cloudwatch');
      expect(source).toContain(':alarm:payouts-dev-*');
    }
  });
});
