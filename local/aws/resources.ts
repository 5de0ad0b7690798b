import { resourceTypes as dynamodb } from './dynamodb/resources.ts';
import { resourceTypes as iam } from './iam/resources.ts';
import { resourceTypes as kms } from './kms/resources.ts';
import { resourceTypes as logs } from './logs/resources.ts';
import type { ResourceTypes } from './resource-type.ts';
import { resourceTypes as secretsManager } from './secrets-manager/resources.ts';
import type { AwsServices } from './services.ts';
import { resourceTypes as sns } from './sns/resources.ts';
import { resourceTypes as sqs } from './sqs/resources.ts';
import { resourceTypes as ssm } from './ssm/resources.ts';

/** Every resource type that the services of local/aws run, or know and leave inert. */
export const awsResourceTypes: ResourceTypes<AwsServices> = {
  ...dynamodb,
  ...iam,
  ...kms,
  ...logs,
  ...secretsManager,
  ...sns,
  ...sqs,
  ...ssm,
};
