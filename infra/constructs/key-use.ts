import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

type Service = 'dynamodb' | 'secretsmanager' | 'sns' | 'sqs';

/** What each service asks of the caller's own permission on a customer-managed key. */
const ACTIONS: Readonly<Record<Service, readonly string[]>> = {
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html#dynamodb-kms-authz
  // (without CreateGrant, which only making a table needs)
  dynamodb: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
  // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
  secretsmanager: ['kms:Decrypt'],
  // https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
  sns: ['kms:Decrypt', 'kms:GenerateDataKey'],
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
  sqs: ['kms:Decrypt', 'kms:GenerateDataKey'],
};

/** Lets a role use a key through one service, and never by calling KMS itself: for all that it may do there, or for some of it. */
export function useOfKeyThrough(service: Service, key: IKey, actions = ACTIONS[service]): PolicyStatement {
  const { region } = Stack.of(key);
  return new PolicyStatement({
    actions: [...actions],
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.amazonaws.com` } },
  });
}
