import { type CfnElement, Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  CfnConfigurationRecorder,
  CfnDeliveryChannel,
  ManagedRule,
  MaximumExecutionFrequency,
} from 'aws-cdk-lib/aws-config';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { serviceRole } from '../constructs/service-role.ts';
import { CONFIGURATION_RULES, RECORDED_TYPES } from './configuration-rules.ts';

export type ConfigurationRecordProps = { readonly key: Key; readonly bucket: IBucket; readonly topic: ITopic };

const REASONS = {
  managed:
    'AWS keeps this policy in step with what AWS Config can record, and documents it as what the recorder needs (AWS Config developer ' +
    'guide, "Permissions for the IAM role assigned to AWS Config"). It reads; the role may write below one prefix of one bucket alone.',
  noQueue:
    'The target is the alarm topic alone, and EventBridge tries it for an hour. What it could not take is still in AWS Config, which shows ' +
    'every rule that is broken for as long as it is.',
  ownPrefix:
    'The recorder names its files itself, by account, region and time, below the one prefix that it may write.',
} as const;

/** Keeps what the account's resources were like and when, checks the rules of configuration-rules.ts, and tells of what breaks one. */
export class ConfigurationRecord extends Construct {
  constructor(scope: Construct, id: string, { key, bucket, topic }: ConfigurationRecordProps) {
    super(scope, id);
    const role = this.#role(key, bucket);
    const recorder = new CfnConfigurationRecorder(this, 'Recorder', {
      roleArn: role.roleArn,
      recordingGroup: {
        allSupported: false,
        includeGlobalResourceTypes: false,
        resourceTypes: [...RECORDED_TYPES],
        recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' },
      },
      recordingMode: { recordingFrequency: 'CONTINUOUS' },
    });
    const channel = new CfnDeliveryChannel(this, 'Channel', {
      s3BucketName: bucket.bucketName,
      s3KmsKeyArn: key.keyArn,
      configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
    });
    // The role must be able to write when the channel is made, since AWS Config tries it.
    recorder.node.addDependency(role);
    channel.node.addDependency(role);
    this.#rules(recorder, channel);
    this.#tellOfBreaches(topic);
  }

  #role(key: Key, bucket: IBucket) {
    // As cdk-nag spells them in the name of the finding.
    const bucketId = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnElement);
    const prefix = 'AWSLogs/<AWS::AccountId>/Config/*';
    const role = serviceRole(this, 'Role', {
      service: 'config.amazonaws.com',
      description: 'Lets AWS Config read what it records and write it down.',
      statements: [
        new PolicyStatement({ actions: ['s3:GetBucketAcl', 's3:ListBucket'], resources: [bucket.bucketArn] }),
        new PolicyStatement({
          actions: ['s3:PutObject'],
          resources: [bucket.arnForObjects(prefix.replace('<AWS::AccountId>', Stack.of(this).account))],
          conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
        }),
        new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
      ],
    });
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('service-role/AWS_ConfigRole'));
    Validations.of(role).acknowledge(
      {
        id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWS_ConfigRole]',
        reason: REASONS.managed,
      },
      { id: `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/${prefix}]`, reason: REASONS.ownPrefix },
    );
    return role;
  }

  #rules(recorder: CfnConfigurationRecorder, channel: CfnDeliveryChannel): void {
    for (const { name, identifier, isPeriodic = false } of CONFIGURATION_RULES) {
      const rule = new ManagedRule(this, name, {
        configRuleName: `payouts-${name}`,
        identifier,
        ...(isPeriodic ? { maximumExecutionFrequency: MaximumExecutionFrequency.TWENTY_FOUR_HOURS } : {}),
      });
      rule.node.addDependency(recorder, channel);
    }
  }

  #tellOfBreaches(topic: ITopic): void {
    const breaches = new CfnRule(this, 'Breaches', {
      description: 'Tells of a rule of the baseline that something in the account has begun to break.',
      eventPattern: {
        source: ['aws.config'],
        'detail-type': ['Config Rules Compliance Change'],
        detail: {
          messageType: ['ComplianceChangeNotification'],
          configRuleName: [{ prefix: 'payouts-' }],
          newEvaluationResult: { complianceType: ['NON_COMPLIANT'] },
        },
      },
      targets: [
        {
          id: 'Topic',
          arn: topic.topicArn,
          retryPolicy: { maximumEventAgeInSeconds: Duration.hours(1).toSeconds(), maximumRetryAttempts: 10 },
          inputTransformer: {
            inputPathsMap: {
              rule: '$.detail.configRuleName',
              type: '$.detail.resourceType',
              resource: '$.detail.resourceId',
            },
            inputTemplate:
              '"The rule <rule> is broken by <type> <resource>. Next step: docs/runbook.md, \\"The account breaks a rule\\"."',
          },
        },
      ],
    });
    Validations.of(breaches).acknowledge({ id: 'Serverless-EventBusDLQ', reason: REASONS.noQueue });
  }
}
