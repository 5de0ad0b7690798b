import { describe, expect, it } from 'vitest';
import { CONFIGURATION_RULES, RECORDED_TYPES } from '../../infra/baseline/configuration-rules.ts';
import { BASELINE } from '../../infra/baseline/settings.ts';
import { at, resourceAt, resourcesOf, synthesisedBaseline } from './synthesis.ts';

const template = synthesisedBaseline(BASELINE);
const topic = resourceAt(template, 'AWS::SNS::Topic', 'AlarmTopic');

describe('the baseline of an account', () => {
  it('tells of 10, 25 and 50 dollars spent in a month', () => {
    const { Properties } = resourceAt(template, 'AWS::Budgets::Budget', 'Spending');
    expect(Properties['Budget']).toMatchObject({ TimeUnit: 'MONTHLY', BudgetLimit: { Amount: 50, Unit: 'USD' } });
    const alerts = Properties['NotificationsWithSubscribers'] as readonly unknown[];
    expect(alerts.map((alert) => at(alert, 'Notification', 'Threshold'))).toEqual([10, 25, 50]);
    for (const alert of alerts) {
      expect(at(alert, 'Notification')).toMatchObject({ NotificationType: 'ACTUAL', ThresholdType: 'ABSOLUTE_VALUE' });
      expect(at(alert, 'Subscribers')).toEqual([{ SubscriptionType: 'SNS', Address: { Ref: topic.logicalId } }]);
    }
  });

  it('refuses more alerts than a budget takes', () => {
    const budgetAlertsUsd = [1, 2, 3, 4, 5, 6];
    expect(() => synthesisedBaseline({ ...BASELINE, budgetAlertsUsd })).toThrow('1 to 5 alerts, not 6');
  });

  it('mails its alarms to an address that the deployment must give', () => {
    const { Properties } = resourceAt(template, 'AWS::SNS::Subscription', 'AlarmTopic');
    expect(Properties).toMatchObject({ Protocol: 'email', Endpoint: { Ref: 'AlarmEmail' } });
    expect(template.Parameters['AlarmEmail']).not.toHaveProperty('Default');
  });

  it('lets the trail write below the prefix of this account, and the recorder below its own', () => {
    const policy = resourceAt(template, 'AWS::S3::BucketPolicy', 'AuditBucketPolicy').Properties;
    expect(JSON.stringify(policy)).toContain('{"Service":"cloudtrail.amazonaws.com"}');
    const trail = resourceAt(template, 'AWS::CloudTrail::Trail', 'AuditTrail');
    expect(trail.DependsOn).toContain(resourceAt(template, 'AWS::S3::BucketPolicy', 'AuditBucketPolicy').logicalId);
    const role = resourceAt(template, 'AWS::IAM::Policy', 'ConfigurationRecordRole').Properties;
    expect(JSON.stringify(role)).toContain('"/Config/*"');
  });

  it('checks each rule after its recorder and its channel are there', () => {
    const rules = resourcesOf(template, 'AWS::Config::ConfigRule');
    expect(rules).toHaveLength(CONFIGURATION_RULES.length);
    const recorder = resourceAt(template, 'AWS::Config::ConfigurationRecorder', 'ConfigurationRecord').logicalId;
    const channel = resourceAt(template, 'AWS::Config::DeliveryChannel', 'ConfigurationRecord').logicalId;
    for (const { DependsOn } of rules) expect(DependsOn).toEqual(expect.arrayContaining([recorder, channel]));
  });

  it('records what exists in the stages and has a rule, and nothing twice', () => {
    expect(new Set(RECORDED_TYPES).size).toBe(RECORDED_TYPES.length);
    expect(new Set(CONFIGURATION_RULES.map(({ identifier }) => identifier)).size).toBe(CONFIGURATION_RULES.length);
  });

  it('tells of a rule that begins to be broken, and where that is explained', () => {
    const { Properties } = resourceAt(template, 'AWS::Events::Rule', 'ConfigurationRecord');
    expect(at(Properties, 'Targets', 0, 'Arn')).toEqual({ Ref: topic.logicalId });
    expect(String(at(Properties, 'Targets', 0, 'InputTransformer', 'InputTemplate'))).toContain('docs/runbook.md');
  });

  it('leaves to an organisation what it keeps already', () => {
    const left = synthesisedBaseline({ ...BASELINE, keepsTrail: false, recordsConfiguration: false });
    const types = new Set(Object.values(left.Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => /CloudTrail|Config|S3/.test(type))).toEqual([]);
    expect(types).toContain('AWS::Budgets::Budget');
  });
});

describe('what GitHub may do', () => {
  const roles = resourcesOf(template, 'AWS::IAM::Role').filter(({ logicalId }) => logicalId.startsWith('GitHubRoles'));
  const trustOf = (name: string) => {
    const role = roles.find(({ Properties }) => Properties['RoleName'] === name);
    return at(role?.Properties['AssumeRolePolicyDocument'], 'Statement', 0);
  };

  it('is nothing where no repository is named', () => {
    expect(template.Parameters['GitHubRepository']).toMatchObject({ Default: '' });
    const made = Object.entries(template.Resources).filter(([logicalId]) => logicalId.startsWith('GitHubRoles'));
    expect(made.map(([, { Type }]) => Type).toSorted()).toEqual([
      'AWS::IAM::OIDCProvider',
      ...Array(4).fill('AWS::IAM::Policy'),
      ...Array(4).fill('AWS::IAM::Role'),
    ]);
    for (const [, resource] of made) expect(resource).toMatchObject({ Condition: 'HasGitHubRepository' });
  });

  it.each([
    ['payouts-deploy-dev', 'dev', ['deploy', 'file-publishing', 'lookup']],
    ['payouts-diff-dev', 'dev-diff', ['lookup']],
    ['payouts-deploy-prod', 'prod', ['deploy', 'file-publishing', 'lookup']],
    ['payouts-diff-prod', 'prod-diff', ['lookup']],
  ])('%s trusts the environment %s of the one repository alone', (name, environment, bootstrapRoles) => {
    expect(trustOf(name)).toMatchObject({
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          'token.actions.githubusercontent.com:sub': {
            'Fn::Join': ['', ['repo:', { Ref: 'GitHubRepository' }, `:environment:${environment}`]],
          },
        },
      },
    });
    const role = roles.find(({ Properties }) => Properties['RoleName'] === name);
    const policy = resourcesOf(template, 'AWS::IAM::Policy').find(
      ({ Properties }) => at(Properties, 'Roles', 0, 'Ref') === role?.logicalId,
    );
    const statements = at(policy?.Properties, 'PolicyDocument', 'Statement') as readonly { Action: string }[];
    expect(statements.map(({ Action }) => Action)).toEqual(['sts:AssumeRole']);
    const named = [...JSON.stringify(statements).matchAll(/role\/cdk-hnb659fds-([a-z-]+)-role-/g)].map(
      ([, part]) => part,
    );
    expect(named).toEqual(bootstrapRoles);
  });

  it('rests on the provider that the account has, where it has one', () => {
    const left = synthesisedBaseline({ ...BASELINE, makesGitHubProvider: false });
    expect(resourcesOf(left, 'AWS::IAM::OIDCProvider')).toEqual([]);
    expect(
      resourcesOf(left, 'AWS::IAM::Role').filter(({ logicalId }) => logicalId.startsWith('GitHubRoles')),
    ).toHaveLength(4);
  });
});
