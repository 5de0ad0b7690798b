/**
 * Whether two callers are two people, as far as their ARNs can tell. What counts is what a caller cannot choose:
 *
 * | ARN                                                     | the person is                                                    |
 * |---------------------------------------------------------|------------------------------------------------------------------|
 * | `arn:aws:iam::1:user/path/alice`                        | the user                                                         |
 * | `arn:aws:sts::1:assumed-role/AWSReservedSSO_Pay_1/alice`| the user of IAM Identity Center: it names the session itself, and |
 * |                                                         | one person may come through several permission sets              |
 * | `arn:aws:sts::1:assumed-role/Deploy/whatever`           | the role: whoever assumes it names the session as they like      |
 * | `arn:aws:iam::1:root`                                   | the root of the account                                          |
 *
 * Anything else (a federated user's name is its broker's choice) tells nothing. Sources: "IAM identifiers" and "IAM Identity Center:
 * referencing permission sets" of AWS's user guides. Who may sign in as two of these is two people here: that is for the trust
 * policies to forbid.
 */
type Principal = {
  readonly kind: 'user' | 'sso' | 'role' | 'root';
  /** In lower case: names of users differ by more than that. */
  readonly name: string;
  readonly accountId: string;
};

const ARN = /^arn:aws[a-z-]*:(iam|sts)::([0-9]{12}):(.+)$/;
const SSO_ROLE = /^AWSReservedSSO_/;

/** True only where both are known and differ. */
export function areTwoPeople(one: string, other: string): boolean {
  const [first, second] = [principalOf(one), principalOf(other)];
  return first !== undefined && second !== undefined && !isSame(first, second);
}

function principalOf(arn: string): Principal | undefined {
  const [, service, accountId = '', resource = ''] = ARN.exec(arn) ?? [];
  const [type, ...rest] = resource.split('/');
  const last = rest.at(-1)?.toLowerCase();
  if (service === 'iam' && resource === 'root') return { kind: 'root', name: 'root', accountId };
  if (service === 'iam' && type === 'user' && last) return { kind: 'user', name: last, accountId };
  if (service !== 'sts' || type !== 'assumed-role' || rest.length !== 2 || !last) return undefined;
  const [role = ''] = rest;
  if (SSO_ROLE.test(role)) return { kind: 'sso', name: last, accountId };
  return role === '' ? undefined : { kind: 'role', name: role.toLowerCase(), accountId };
}

/** One name as a user and in Identity Center (`alice`, `alice@example.com`) is one person; a role and the root belong to their account. */
function isSame(one: Principal, other: Principal): boolean {
  if (one.kind !== other.kind) return isPerson(one) && isPerson(other) && mailbox(one.name) === mailbox(other.name);
  return one.name === other.name && (isPerson(one) || one.accountId === other.accountId);
}

function isPerson({ kind }: Principal): boolean {
  return kind === 'user' || kind === 'sso';
}

function mailbox(name: string): string {
  return name.split('@')[0] ?? '';
}
