import { AwsError, unknownAction } from '../../wire.ts';
import { arn, isKeyNeed, keyNeeds, type ServiceRequests, textIn } from './need.ts';

type Requirement = { readonly action: string; readonly keyActions: readonly string[] };

/**
 * Batches are authorised as what they are a batch of. Whoever sends needs a data key, which SQS decrypts to be sure of it;
 * whoever receives needs it decrypted
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
 */
const SEND: Requirement = { action: 'sqs:SendMessage', keyActions: ['kms:GenerateDataKey', 'kms:Decrypt'] };
const DELETE: Requirement = { action: 'sqs:DeleteMessage', keyActions: [] };
const CHANGE: Requirement = { action: 'sqs:ChangeMessageVisibility', keyActions: [] };

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
const ON_QUEUES: Readonly<Record<string, Requirement>> = {
  ChangeMessageVisibility: CHANGE,
  ChangeMessageVisibilityBatch: CHANGE,
  DeleteMessage: DELETE,
  DeleteMessageBatch: DELETE,
  GetQueueAttributes: { action: 'sqs:GetQueueAttributes', keyActions: [] },
  GetQueueUrl: { action: 'sqs:GetQueueUrl', keyActions: [] },
  PurgeQueue: { action: 'sqs:PurgeQueue', keyActions: [] },
  ReceiveMessage: { action: 'sqs:ReceiveMessage', keyActions: ['kms:Decrypt'] },
  SendMessage: SEND,
  SendMessageBatch: SEND,
};

export const sqs: ServiceRequests = {
  needs(action, input, account) {
    if (action === 'ListQueues') return [{ action: 'sqs:ListQueues', resource: '*' }];
    const requirement = ON_QUEUES[action];
    if (!requirement) throw unknownAction('sqs', action);
    const url = textIn(input, 'QueueUrl') || textIn(input, 'QueueName');
    const resource = arn('sqs', url.slice(url.lastIndexOf('/') + 1));
    const via = { service: 'sqs', actions: requirement.keyActions, encryptionContext: { 'aws:sqs:arn': resource } };
    return [{ action: requirement.action, resource }, ...keyNeeds(account, resource, via)];
  },
  refusal: (message, need) =>
    isKeyNeed(need)
      ? new AwsError('KmsAccessDenied', message, { queryCode: 'KMS.AccessDeniedException' })
      : new AwsError('AccessDeniedException', message, { statusCode: 403, queryCode: 'AccessDenied' }),
};
