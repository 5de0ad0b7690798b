import { AwsError, unknownAction } from '../../wire.ts';
import { isKeyNeed, keyNeeds, type ServiceRequests, textIn } from './need.ts';

/**
 * Whoever publishes to an encrypted topic needs a data key, and it decrypted
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse).
 */
const KEY_ACTIONS = ['kms:GenerateDataKey', 'kms:Decrypt'];

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html */
export const sns: ServiceRequests = {
  needs(action, input, account) {
    if (action === 'ListTopics') return [{ action: 'sns:ListTopics', resource: '*' }];
    if (action !== 'Publish') throw unknownAction('sns', action);
    const resource = textIn(input, 'TopicArn');
    const via = { service: 'sns', actions: KEY_ACTIONS, encryptionContext: { 'aws:sns:topicArn': resource } };
    return [{ action: 'sns:Publish', resource }, ...keyNeeds(account, resource, via)];
  },
  refusal: (message, need) =>
    isKeyNeed(need)
      ? new AwsError('KMSAccessDeniedException', message, { queryCode: 'KMSAccessDenied' })
      : new AwsError('AuthorizationErrorException', message, { statusCode: 403, queryCode: 'AuthorizationError' }),
};
