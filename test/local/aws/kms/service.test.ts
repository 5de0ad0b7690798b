import { AlgorithmSuiteIdentifier, buildClient, CommitmentPolicy, KMS, KmsKeyringNode } from '@aws-crypto/client-node';
import {
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  KMSClient,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resourceTypes } from '../../../../local/aws/kms/resources.ts';
import { KmsService } from '../../../../local/aws/kms/service.ts';
import { ShiftableClock } from '../../../../local/clock.ts';
import type { JsonObject } from '../../../../local/json.ts';
import { type Served, serve } from '../serve.ts';

const clock = new ShiftableClock();
const kms = new KmsService({ clock });
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
const ALIAS_ARN = 'arn:aws:kms:ap-southeast-2:000000000000:alias/payouts-dev';
type ClientProvider = NonNullable<NonNullable<ConstructorParameters<typeof KmsKeyringNode>[0]>['clientProvider']>;

let served: Served;
let client: KMSClient;

function create(type: string, logicalId: string, properties: JsonObject) {
  const resourceType = resourceTypes[type];
  if (!resourceType) throw new Error(`no ${type}`);
  const identity = resourceType.identity(logicalId, properties, PLACE);
  void resourceType.create({ logicalId, type, properties, ...identity }, { kms });
  return identity;
}

const key = create('AWS::KMS::Key', 'DestinationKey', { Description: 'destinations', EnableKeyRotation: true });
const other = create('AWS::KMS::Key', 'OtherKey', {});
create('AWS::KMS::Alias', 'DestinationAlias', { AliasName: 'alias/payouts-dev', TargetKeyId: key.ref });
const keyArn = key.attributes['Arn'] ?? '';

beforeAll(async () => {
  served = await serve([kms], clock);
  client = new KMSClient(served.settings);
});
afterAll(async () => {
  client.destroy();
  await served.close();
});

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');
const Plaintext = Buffer.from('0400 000 000');
const EncryptionContext = { customer_id: 'c-1', destination_id: 'd-1' };

async function encrypted(KeyId = key.ref): Promise<Uint8Array> {
  const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
  return CiphertextBlob ?? new Uint8Array();
}

test.each([
  ['its id', key.ref],
  ['its ARN', keyArn],
  ['an alias', 'alias/payouts-dev'],
  ['the ARN of an alias', ALIAS_ARN],
])('a key is found by %s', async (_name, KeyId) => {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
  expect(KeyMetadata).toMatchObject({ Arn: keyArn, KeyState: 'Enabled', Description: 'destinations' });
});

test('what was encrypted is decrypted, whatever the order of its context', async () => {
  const CiphertextBlob = await encrypted('alias/payouts-dev');
  const reversed = { destination_id: 'd-1', customer_id: 'c-1' };
  const answer = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: reversed }));
  expect([text(answer.Plaintext), answer.KeyId]).toEqual(['0400 000 000', keyArn]);
});

describe('a ciphertext', () => {
  test.each([
    ['without its context', undefined],
    ['with another context', { ...EncryptionContext, customer_id: 'c-2' }],
    ['with a wider context', { ...EncryptionContext, more: 'x' }],
    ['with a context joined otherwise', { customer_id: 'c-1destination_idd-1' }],
  ])('%s is InvalidCiphertextException', async (_name, context) => {
    const decrypt = new DecryptCommand({ CiphertextBlob: await encrypted(), EncryptionContext: context });
    await expect(client.send(decrypt)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  test('that was altered anywhere is never decrypted', async () => {
    const blob = await encrypted();
    for (let at = 0; at < blob.length; at++) {
      const altered = Buffer.from(blob);
      altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
      const input = { CiphertextBlob: altered.toString('base64'), EncryptionContext };
      const principal = { accessKeyId: '', secretAccessKey: '', principalArn: '' };
      await expect(kms.handle({ action: 'Decrypt', input, principal })).rejects.toMatchObject({
        code: 'InvalidCiphertextException',
      });
    }
  });

  test('of another key is IncorrectKeyException when the key is named', async () => {
    const decrypt = new DecryptCommand({ CiphertextBlob: await encrypted(), EncryptionContext, KeyId: other.ref });
    await expect(client.send(decrypt)).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  });

  test('moves to another key and context by ReEncrypt', async () => {
    const { CiphertextBlob } = await client.send(
      new ReEncryptCommand({
        CiphertextBlob: await encrypted(),
        SourceEncryptionContext: EncryptionContext,
        DestinationKeyId: other.ref,
        DestinationEncryptionContext: { moved: 'yes' },
      }),
    );
    const answer = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { moved: 'yes' } }));
    expect([text(answer.Plaintext), answer.KeyId]).toEqual(['0400 000 000', other.attributes['Arn']]);
  });
});

test('a data key decrypts to itself, and the form without plaintext shows none', async () => {
  const made = await client.send(new GenerateDataKeyCommand({ KeyId: key.ref, KeySpec: 'AES_256', EncryptionContext }));
  expect(made.Plaintext?.length).toBe(32);
  const opened = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob, EncryptionContext }));
  expect(opened.Plaintext).toEqual(made.Plaintext);
  const hidden = await client.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId: key.ref, NumberOfBytes: 24 }));
  expect(Object.keys(hidden)).not.toContain('Plaintext');
  const shown = await client.send(new DecryptCommand({ CiphertextBlob: hidden.CiphertextBlob }));
  expect(shown.Plaintext?.length).toBe(24);
});

test('a data key needs one of its two sizes', async () => {
  const none = client.send(new GenerateDataKeyCommand({ KeyId: key.ref }));
  await expect(none).rejects.toMatchObject({ name: 'ValidationException' });
});

test.each(['alias/none', 'no-such-key', 'arn:aws:kms:ap-southeast-2:000000000000:key/none'])(
  'the unknown key %s is NotFoundException',
  async (KeyId) => {
    const encrypt = client.send(new EncryptCommand({ KeyId, Plaintext }));
    await expect(encrypt).rejects.toMatchObject({ name: 'NotFoundException' });
  },
);

test('a disabled key neither encrypts nor decrypts until it is enabled again', async () => {
  const CiphertextBlob = await encrypted(other.ref);
  await client.send(new DisableKeyCommand({ KeyId: other.ref }));
  const decrypt = () => client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  await expect(decrypt()).rejects.toMatchObject({ name: 'DisabledException' });
  await expect(encrypted(other.ref)).rejects.toMatchObject({ name: 'DisabledException' });
  await client.send(new EnableKeyCommand({ KeyId: other.ref }));
  expect(text((await decrypt()).Plaintext)).toBe('0400 000 000');
});

test('an option that is not run is refused by name', async () => {
  const dryRun = client.send(new EncryptCommand({ KeyId: key.ref, Plaintext, DryRun: true }));
  await expect(dryRun).rejects.toMatchObject({ name: 'ValidationException', message: 'DryRun is not run here' });
});

test('a key of another kind stops the start', () => {
  expect(() => create('AWS::KMS::Key', 'SigningKey', { KeyUsage: 'SIGN_VERIFY' })).toThrow('SigningKey');
});

test('the AWS Encryption SDK encrypts and decrypts under a key, by the committing unsigned suite', async () => {
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  // Its types were written without exactOptionalPropertyTypes.
  const clientProvider = (() => new KMS(served.settings)) as unknown as ClientProvider;
  const keyring = new KmsKeyringNode({ clientProvider, generatorKeyId: keyArn });
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  const { result } = await encrypt(keyring, Plaintext, { encryptionContext: EncryptionContext, suiteId });
  const { plaintext, messageHeader } = await decrypt(keyring, result);
  expect(plaintext.toString()).toBe('0400 000 000');
  expect(messageHeader).toMatchObject({ suiteId, encryptionContext: EncryptionContext });
});
