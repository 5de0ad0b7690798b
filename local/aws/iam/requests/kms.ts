import type { JsonObject } from '../../../json.ts';
import { keyIdOf } from '../../kms/cipher.ts';
import { AwsError, unknownAction } from '../../wire.ts';
import type { Need } from '../authority.ts';
import { type Account, encryptionContext, type ServiceRequests, textIn } from './need.ts';

const ON_KEYS: ReadonlySet<string> = new Set([
  'DescribeKey',
  'DisableKey',
  'EnableKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
]);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html */
export const kms: ServiceRequests = {
  needs(action, input, account) {
    if (action === 'ListAliases') return [{ action: 'kms:ListAliases', resource: '*' }];
    if (action === 'Decrypt') {
      return onKey('kms:Decrypt', keyOfBlob(input, 'KeyId', account), contextIn(input, 'EncryptionContext'));
    }
    if (action === 'ReEncrypt') {
      return [
        ...onKey(
          'kms:ReEncryptFrom',
          keyOfBlob(input, 'SourceKeyId', account),
          contextIn(input, 'SourceEncryptionContext'),
        ),
        ...onKey(
          'kms:ReEncryptTo',
          account.keyArn(textIn(input, 'DestinationKeyId')),
          contextIn(input, 'DestinationEncryptionContext'),
        ),
      ];
    }
    if (!ON_KEYS.has(action)) throw unknownAction('kms', action);
    return onKey(`kms:${action}`, account.keyArn(textIn(input, 'KeyId')), contextIn(input, 'EncryptionContext'));
  },
  refusal: (message) => new AwsError('AccessDeniedException', message),
};

/** A key that does not exist is refused by the service itself, whoever asks. */
function onKey(action: string, resource: string | undefined, pairs: Readonly<Record<string, string>>): Need[] {
  return resource === undefined ? [] : [{ action, resource, context: encryptionContext(pairs) }];
}

/** The key that the ciphertext names, or the one that the caller does where the ciphertext is none of ours. */
function keyOfBlob(input: JsonObject, keyMember: string, account: Account): string | undefined {
  const keyId = keyIdOf(Buffer.from(textIn(input, 'CiphertextBlob'), 'base64'));
  return account.keyArn(textIn(input, keyMember) || (keyId ?? ''));
}

function contextIn(input: JsonObject, member: string): Record<string, string> {
  const pairs = input[member];
  if (typeof pairs !== 'object' || pairs === null || Array.isArray(pairs)) return {};
  return Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, String(value)]));
}
