import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export type BackupsProps = { readonly years: number; readonly tables: readonly Table[]; readonly key: IKey };

const DAYS_A_YEAR = 366;
/** One or two in the morning of the first, in Sydney (the last of the month before, in UTC): nobody pays many people then. */
const MONTHLY = Schedule.cron({ minute: '0', hour: '15', day: 'L' });
const POLICY = 'service-role/AWSBackupServiceRolePolicyForBackup';

/** A copy a month, kept for years in a vault from which nobody can delete one by hand. */
export class Backups extends Construct {
  constructor(scope: Construct, id: string, { years, tables, key }: BackupsProps) {
    super(scope, id);
    const vault = new BackupVault(this, 'Vault', {
      encryptionKey: key,
      blockRecoveryPointDeletion: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const plan = new BackupPlan(this, 'Plan', {
      backupVault: vault,
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'monthly',
          scheduleExpression: MONTHLY,
          startWindow: Duration.hours(1),
          completionWindow: Duration.hours(8),
          deleteAfter: Duration.days(years * DAYS_A_YEAR),
        }),
      ],
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('backup.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(POLICY)],
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${POLICY}]`,
      reason:
        'AWS keeps this policy in step with what AWS Backup needs to copy a table, and documents it for that (AWS Backup developer guide, ' +
        '"Managed policies for AWS Backup"). The role can be assumed by that service alone, for the tables that the plan names.',
    });
    plan.addSelection('Tables', {
      role,
      disableDefaultBackupPolicy: true,
      resources: tables.map((table) => BackupResource.fromDynamoDbTable(table)),
    });
  }
}
