import { expect, test } from 'vitest';
import { CredentialStore } from '../../../local/aws/credentials.ts';

const ROLE = 'arn:aws:iam::000000000000:role/service/SubmitPaymentRole';

test('root signs with local and local', () => {
  const root = new CredentialStore().find('local');
  expect(root?.secretAccessKey).toBe('local');
  expect(root?.principalArn).toBe('arn:aws:iam::000000000000:root');
});

test('the second person signs with second and second, and is not root', () => {
  const second = new CredentialStore().find('second');
  expect(second?.secretAccessKey).toBe('second');
  expect(second?.principalArn).toBe('arn:aws:iam::000000000000:user/second');
});

test('a role keeps its key pair, and the pair leads back to it as STS would name it', () => {
  const store = new CredentialStore();
  const first = store.forRole(ROLE);
  expect(store.forRole(ROLE)).toEqual(first);
  expect(store.find(first.accessKeyId)?.principalArn).toBe(
    'arn:aws:sts::000000000000:assumed-role/SubmitPaymentRole/local',
  );
});

test('two roles have different keys, and a key nobody was given finds nobody', () => {
  const store = new CredentialStore();
  expect(store.forRole(ROLE).accessKeyId).not.toBe(store.forRole(`${ROLE}2`).accessKeyId);
  expect(store.find('AKIANOBODY')).toBeUndefined();
});
