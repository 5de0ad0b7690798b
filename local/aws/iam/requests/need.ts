import type { JsonObject, JsonValue } from '../../../json.ts';
import { ACCOUNT_ID, REGION } from '../../account.ts';
import type { AwsError } from '../../wire.ts';
import type { Need } from '../authority.ts';
import { toContext } from '../condition.ts';

/** What of the account a request's needs depend on. */
export type Account = {
  /** The ARN of the customer-managed key under which the resource is kept. */
  keyArnOf(resourceArn: string): string | undefined;
  /** The ARN of the key behind a key id, ARN or alias; undefined when there is none. */
  keyArn(reference: string): string | undefined;
};

/** One service's requests, as IAM sees them. */
export type ServiceRequests = {
  /**
   * What a request needs, in the order in which AWS asks; empty for a request that the service refuses anyway.
   *
   * @throws {AwsError} UnknownOperationException for an action that is not among those known here
   */
  needs(action: string, input: JsonObject, account: Account): readonly Need[];
  /** The refusal of a need in the words of the service. */
  refusal(message: string, need: Need): AwsError;
};

/** `arn:aws:{service}:{region}:{account}:{rest}` */
export function arn(service: string, rest: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${rest}`;
}

export function textIn(input: JsonObject, key: string): string {
  const value: JsonValue | undefined = input[key];
  return typeof value === 'string' ? value : '';
}

/**
 * What a service needs of its caller's key to do what was asked: the call to KMS is the service's, with the permissions of
 * the caller. Nothing, for a resource that is under no customer-managed key.
 */
export function keyNeeds(
  account: Account,
  resourceArn: string,
  via: { service: string; actions: readonly string[]; encryptionContext: Readonly<Record<string, string>> },
): Need[] {
  const resource = account.keyArnOf(resourceArn);
  if (resource === undefined) return [];
  const context = {
    ...encryptionContext(via.encryptionContext),
    ...toContext({ 'kms:ViaService': `${via.service}.${REGION}.amazonaws.com` }),
  };
  return via.actions.map((action) => ({ action, resource, context }));
}

/** The condition keys that KMS makes of an encryption context (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html). */
export function encryptionContext(pairs: Readonly<Record<string, string>>) {
  const entries = Object.entries(pairs).map(([key, value]) => [`kms:EncryptionContext:${key}`, value] as const);
  const keys = Object.keys(pairs);
  return toContext({
    'kms:CallerAccount': ACCOUNT_ID,
    'kms:EncryptionContextKeys': keys.length > 0 ? keys : undefined,
    ...Object.fromEntries(entries),
  });
}

export function isKeyNeed({ action }: Need): boolean {
  return action.startsWith('kms:');
}
