import { createHash, randomBytes } from 'node:crypto';
import { ACCOUNT_ID } from './account.ts';

/** A key pair and whom it stands for. `principalArn` is what AWS would report as the caller. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly principalArn: string;
};

/** What the command line, curl and the tests sign with: the account's root. */
export const ROOT: Credentials = {
  accessKeyId: 'local',
  secretAccessKey: 'local',
  principalArn: `arn:aws:iam::${ACCOUNT_ID}:root`,
};

/** A second person, for what asks for two: a user with all the rights of the account. */
export const SECOND: Credentials = {
  accessKeyId: 'second',
  secretAccessKey: 'second',
  principalArn: `arn:aws:iam::${ACCOUNT_ID}:user/second`,
};

/**
 * The key pairs of the local account: root, the second person, and one for each role, made when first asked for and never expiring. AWS gives
 * a role short-lived keys with a session token; nothing here depends on their rotation, so session tokens are ignored.
 */
export class CredentialStore {
  readonly #byAccessKeyId = new Map([ROOT, SECOND].map((person) => [person.accessKeyId, person]));
  readonly #byRoleArn = new Map<string, Credentials>();

  /** Safe to repeat: one role keeps one key pair for as long as the store lives. */
  forRole(roleArn: string): Credentials {
    const known = this.#byRoleArn.get(roleArn);
    if (known) return known;
    const accessKeyId = accessKeyIdOf(roleArn);
    const made = { accessKeyId, secretAccessKey: randomBytes(30).toString('hex'), principalArn: sessionArn(roleArn) };
    this.#byAccessKeyId.set(accessKeyId, made);
    this.#byRoleArn.set(roleArn, made);
    return made;
  }

  find(accessKeyId: string): Credentials | undefined {
    return this.#byAccessKeyId.get(accessKeyId);
  }
}

/** Derived from the role, so that logs of two runs name the same principal alike. The secret is random. */
function accessKeyIdOf(roleArn: string): string {
  return `LOCAL${createHash('sha256').update(roleArn).digest('hex').slice(0, 15).toUpperCase()}`;
}

/** `arn:aws:iam::1:role/path/Name` becomes `arn:aws:sts::1:assumed-role/Name/local`: STS drops the path, as AWS does. */
export function sessionArn(roleArn: string): string {
  const accountId = roleArn.split(':')[4] || ACCOUNT_ID;
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/local`;
}
