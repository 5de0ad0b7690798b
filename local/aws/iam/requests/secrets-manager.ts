import { ACCOUNT_ID, REGION } from '../../account.ts';
import { secretArn } from '../../secrets-manager/service.ts';
import { AwsError, unknownAction } from '../../wire.ts';
import { isKeyNeed, keyNeeds, type ServiceRequests, textIn } from './need.ts';

/**
 * What each action needs of the secret's key, as its caller
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html).
 */
const KEY_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  DescribeSecret: [],
  GetSecretValue: ['kms:Decrypt'],
  PutSecretValue: ['kms:GenerateDataKey', 'kms:Decrypt'],
};

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
export const secretsManager: ServiceRequests = {
  needs(action, input, account) {
    if (action === 'ListSecrets') return [{ action: 'secretsmanager:ListSecrets', resource: '*' }];
    const actions = KEY_ACTIONS[action];
    if (!actions) throw unknownAction('secretsmanager', action);
    const resource = wholeArn(textIn(input, 'SecretId'));
    // The version's id, the other half of the real context, is chosen by the service later on.
    const via = { service: 'secretsmanager', actions, encryptionContext: { SecretARN: resource } };
    return [{ action: `secretsmanager:${action}`, resource }, ...keyNeeds(account, resource, via)];
  },
  refusal: (message, need) =>
    new AwsError('AccessDeniedException', isKeyNeed(need) ? `Access to KMS is not allowed: ${message}` : message),
};

const ARN_PREFIX = `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:`;
const TAIL_CHARACTERS = 7;

/** Of a secret by its name, by its ARN, or by its ARN without the random tail: policies name the whole. */
function wholeArn(id: string): string {
  const name = id.startsWith(ARN_PREFIX) ? id.slice(ARN_PREFIX.length) : id;
  const place = { accountId: ACCOUNT_ID, region: REGION };
  return secretArn(name.slice(0, -TAIL_CHARACTERS), place) === id ? id : secretArn(name, place);
}
