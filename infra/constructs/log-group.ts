import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { removalPolicyOf } from '../removal.ts';
import type { Stage } from '../stages.ts';

export type LogGroupOptions = { readonly logGroupName: string; readonly stage: Stage; readonly key: IKey };

/** A log group that we make before its writer does: services make theirs without a key and keep them for ever. */
export function encryptedLogGroup(
  scope: Construct,
  id: string,
  { logGroupName, stage, key }: LogGroupOptions,
): LogGroup {
  return new LogGroup(scope, id, {
    logGroupName,
    retention: stage.logRetentionDays,
    encryptionKey: key,
    removalPolicy: removalPolicyOf(stage),
  });
}
