import { describe, expect, it } from 'vitest';
import { areTwoPeople } from '../../ops/second-person.ts';

const SSO = 'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO';
const ROLE = 'arn:aws:sts::111122223333:assumed-role';
const USER = 'arn:aws:iam::111122223333:user';

describe('areTwoPeople', () => {
  it.each([
    ['a service that asked and a person in Identity Center', `${ROLE}/checkout/i-0abc`, `${SSO}_Approve_0123/alice`],
    ['two users', `${USER}/alice`, `${USER}/bob`],
    ['two people with one permission set', `${SSO}_Pay_0123/alice@example.com`, `${SSO}_Pay_0123/bob@example.com`],
    ['two roles', `${ROLE}/checkout/session`, `${ROLE}/operator/session`],
    ['the same role of two accounts', `${ROLE}/operator/x`, 'arn:aws:sts::444455556666:assumed-role/operator/x'],
    ['root and a user', 'arn:aws:iam::111122223333:root', `${USER}/second`],
    ['people of another partition', 'arn:aws-cn:iam::111122223333:user/alice', 'arn:aws-cn:iam::111122223333:user/bob'],
  ])('holds for %s', (_who, one, other) => {
    expect([areTwoPeople(one, other), areTwoPeople(other, one)]).toEqual([true, true]);
  });

  it.each([
    ['one user', `${USER}/alice`, `${USER}/alice`],
    ['one user on two paths', `${USER}/staff/alice`, `${USER}/alice`],
    ['one name in two accounts', `${USER}/alice`, 'arn:aws:iam::444455556666:user/Alice'],
    ['one role under two session names of the caller’s choice', `${ROLE}/operator/alice`, `${ROLE}/operator/bob`],
    [
      'one person with two permission sets',
      `${SSO}_Pay_0123/alice@example.com`,
      `${SSO}_Approve_4567/Alice@example.com`,
    ],
    ['one person as a user and in Identity Center', `${USER}/alice`, `${SSO}_Approve_4567/alice@example.com`],
    ['root twice', 'arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:root'],
    [
      'a federated user, whose name the broker chooses',
      'arn:aws:sts::111122223333:federated-user/bob',
      `${USER}/alice`,
    ],
    ['what is no ARN', 'alice', `${USER}/bob`],
    ['a service', 'arn:aws:sts::111122223333:assumed-role/', `${USER}/bob`],
    ['nobody', '', ''],
    ['a user without a name', `${USER}/`, `${USER}/bob`],
    ['a role without a session', `${ROLE}/operator`, `${USER}/bob`],
  ])('does not hold for %s', (_who, one, other) => {
    expect([areTwoPeople(one, other), areTwoPeople(other, one)]).toEqual([false, false]);
  });
});
