import type { JsonObject } from '../../../json.ts';
import { readHandle } from '../../sqs/move-tasks.ts';
import { AwsError, unknownAction } from '../../wire.ts';
import type { Need } from '../authority.ts';
import { type Account, arn, isKeyNeed, keyNeeds, type ServiceRequests, textIn } from './need.ts';

type Requirement = { readonly action: string; readonly keyActions: readonly string[] };

/**
 * Batches are authorised as what they are a batch of. Whoever sends needs a data key, which SQS decrypts to be sure of it;
 * whoever receives needs it decrypted
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
 */
const SEND: Requirement = { action: 'sqs:SendMessage', keyActions: ['kms:GenerateDataKey', 'kms:Decrypt'] };
const DELETE: Requirement = { action: 'sqs:DeleteMessage', keyActions: [] };
const READ: Requirement = { action: 'sqs:GetQueueAttributes', keyActions: [] };
const RECEIVE: Requirement = { action: 'sqs:ReceiveMessage', keyActions: ['kms:Decrypt'] };
const CHANGE: Requirement = { action: 'sqs:ChangeMessageVisibility', keyActions: [] };

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html */
const ON_QUEUES: Readonly<Record<string, Requirement>> = {
  ChangeMessageVisibility: CHANGE,
  ChangeMessageVisibilityBatch: CHANGE,
  DeleteMessage: DELETE,
  DeleteMessageBatch: DELETE,
  GetQueueAttributes: READ,
  GetQueueUrl: { action: 'sqs:GetQueueUrl', keyActions: [] },
  PurgeQueue: { action: 'sqs:PurgeQueue', keyActions: [] },
  ReceiveMessage: RECEIVE,
  SendMessage: SEND,
  SendMessageBatch: SEND,
};

/**
 * Whoever starts a move needs what it does (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
 * sqs-configure-dead-letter-queue-redrive.html). Of messages that go back to their sources only those know where, so that sending is
 * asked for where a destination is named.
 */
function moveNeeds(action: string, input: JsonObject, account: Account): Need[] | undefined {
  const source = textIn(input, 'SourceArn');
  const destination = textIn(input, 'DestinationArn');
  switch (action) {
    case 'StartMessageMoveTask':
      return [
        { action: 'sqs:StartMessageMoveTask', resource: source },
        ...[RECEIVE, DELETE, READ].flatMap((one) => needsOn(one, source, account)),
        ...(destination === '' ? [] : needsOn(SEND, destination, account)),
      ];
    case 'ListMessageMoveTasks':
      return [{ action: 'sqs:ListMessageMoveTasks', resource: source }];
    case 'CancelMessageMoveTask':
      return [{ action: 'sqs:CancelMessageMoveTask', resource: readHandle(textIn(input, 'TaskHandle')).sourceArn }];
    default:
      return undefined;
  }
}

function needsOn({ action, keyActions }: Requirement, resource: string, account: Account): Need[] {
  const via = { service: 'sqs', actions: keyActions, encryptionContext: { 'aws:sqs:arn': resource } };
  return [{ action, resource }, ...keyNeeds(account, resource, via)];
}

export const sqs: ServiceRequests = {
  needs(action, input, account) {
    if (action === 'ListQueues') return [{ action: 'sqs:ListQueues', resource: '*' }];
    const moving = moveNeeds(action, input, account);
    if (moving) return moving;
    const requirement = ON_QUEUES[action];
    if (!requirement) throw unknownAction('sqs', action);
    const url = textIn(input, 'QueueUrl') || textIn(input, 'QueueName');
    return needsOn(requirement, arn('sqs', url.slice(url.lastIndexOf('/') + 1)), account);
  },
  refusal: (message, need) =>
    isKeyNeed(need)
      ? new AwsError('KmsAccessDenied', message, { queryCode: 'KMS.AccessDeniedException' })
      : new AwsError('AccessDeniedException', message, { statusCode: 403, queryCode: 'AccessDenied' }),
};
