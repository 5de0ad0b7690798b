import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ApiGatewayLogs } from './baseline/api-gateway-logs.ts';
import { AuditBucket } from './baseline/audit-bucket.ts';
import { AuditTrail } from './baseline/audit-trail.ts';
import { ConfigurationRecord } from './baseline/configuration-record.ts';
import { GitHubRoles } from './baseline/github-roles.ts';
import { BASELINE_NAMES } from './baseline/names.ts';
import type { BaselineSettings } from './baseline/settings.ts';
import { Spending } from './baseline/spending.ts';
import { alarmEmailOf } from './constructs/alarm-email.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { budgetsAsPublisher, eventRulesAsPublisher } from './constructs/publisher.ts';
import { STAGES } from './stages.ts';

export type BaselineStackProps = StackProps & { readonly settings: BaselineSettings };

/** What an account and region have once, whatever stages they hold. */
export class BaselineStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: BaselineStackProps) {
    super(scope, id, { ...props, terminationProtection: true });
    const key = new Key(this, 'Key', {
      alias: BASELINE_NAMES.key,
      description: "The account's trail, its recorded configuration, and its alarms.",
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const { topic } = new AlarmTopic(this, 'AlarmTopic', {
      topicName: BASELINE_NAMES.alarmTopic,
      key,
      publishers: [budgetsAsPublisher(this), eventRulesAsPublisher()],
      email: alarmEmailOf(this),
    });
    new Spending(this, 'Spending', { alertsUsd: settings.budgetAlertsUsd, topic });
    if (settings.keepsTrail || settings.recordsConfiguration) {
      const { bucket } = new AuditBucket(this, 'AuditBucket', { key });
      if (settings.keepsTrail) new AuditTrail(this, 'AuditTrail', { key, bucket });
      if (settings.recordsConfiguration) new ConfigurationRecord(this, 'ConfigurationRecord', { key, bucket, topic });
    }
    new ApiGatewayLogs(this, 'ApiGatewayLogs');
    new GitHubRoles(this, 'GitHubRoles', {
      stages: Object.keys(STAGES),
      makesProvider: settings.makesGitHubProvider,
    });
  }
}
