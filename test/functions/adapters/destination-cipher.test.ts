import { AlgorithmSuiteIdentifier, buildClient, CommitmentPolicy, KMS, KmsKeyringNode } from '@aws-crypto/client-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { destinationSchema } from '../../../domain/destination.ts';
import { DestinationUnusableError } from '../../../domain/errors.ts';
import { createDestinationCipher } from '../../../functions/adapters/destination-cipher.ts';
import { resourceTypes } from '../../../local/aws/kms/resources.ts';
import { KmsService } from '../../../local/aws/kms/service.ts';
import { AwsError, type WireService } from '../../../local/aws/wire.ts';
import { ShiftableClock } from '../../../local/clock.ts';
import { type Served, serve } from '../../local/aws/serve.ts';

const clock = new ShiftableClock();
const service = new KmsService({ clock });
const PLACE = { accountId: '000000000000', region: 'ap-southeast-2', awsPort: 3001 };
const CONTEXT = { customer_id: 'cust-1', destination_id: 'dst-1' };
const DESTINATION = destinationSchema.parse({
  type: 'BankAccount',
  bsb: '802-985',
  accountNumber: '819877339',
  accountName: 'Jane Citizen',
});

/** The local KMS behind a door that a test can close. */
let refusal: AwsError | undefined;
let calls = 0;
const guarded: WireService = {
  signingNames: ['kms'],
  async handle(request) {
    calls += 1;
    if (refusal) throw refusal;
    return service.handle(request);
  },
};

let served: Served;
let kms: KMS;

function createKey(logicalId: string): string {
  const type = resourceTypes['AWS::KMS::Key'];
  if (!type) throw new Error('no keys');
  const identity = type.identity(logicalId, {}, PLACE);
  void type.create({ logicalId, type: 'AWS::KMS::Key', properties: {}, ...identity }, { kms: service });
  return identity.attributes['Arn'] ?? '';
}
const keyArn = createKey('DestinationsKey');
const otherKeyArn = createKey('OtherKey');

beforeAll(async () => {
  served = await serve([guarded], clock);
  kms = new KMS(served.settings);
});
beforeEach(() => {
  refusal = undefined;
  calls = 0;
});
afterAll(async () => {
  kms.destroy();
  await served.close();
});

const open = (arn = keyArn) => createDestinationCipher({ keyArn: arn, kms });

async function messageOf(plaintext: string, encryptionContext: Record<string, string> = CONTEXT, arn = keyArn) {
  const { encrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const clientProvider = (() => kms) as unknown as NonNullable<
    NonNullable<ConstructorParameters<typeof KmsKeyringNode>[0]>['clientProvider']
  >;
  const keyring = new KmsKeyringNode({ generatorKeyId: arn, clientProvider });
  const suiteId = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
  return (await encrypt(keyring, Buffer.from(plaintext), { suiteId, encryptionContext })).result.toString('base64');
}

/** The error, after making sure that it says ids and nothing else of the destination. */
async function refusalOf(decrypting: Promise<unknown>): Promise<string> {
  const error: unknown = await decrypting.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DestinationUnusableError);
  expect(error).not.toHaveProperty('cause');
  expect(String(error)).toMatch(/Destination dst-1 of customer cust-1: /);
  expect(String(error)).not.toMatch(/819877339|Jane/);
  return String(error);
}

describe('a destination', () => {
  it('comes back as it went in, by one call to KMS each way', async () => {
    const ciphertext = await open().encrypt(DESTINATION, CONTEXT);
    expect(Buffer.from(ciphertext, 'base64').toString('latin1')).not.toContain('819877339');
    expect(calls).toBe(1);
    expect(await open().decrypt(ciphertext, CONTEXT)).toEqual(DESTINATION);
    expect(calls).toBe(2);
  });

  it('is a committing, unsigned message', async () => {
    const message = Buffer.from(await open().encrypt(DESTINATION, CONTEXT), 'base64');
    expect(message.readUInt8(0)).toBe(2);
    expect(message.readUInt16BE(1)).toBe(AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY);
  });

  it.each([
    ['customer', { customer_id: 'cust-2', destination_id: 'dst-1' }],
    ['destination', { customer_id: 'cust-1', destination_id: 'dst-2' }],
    ['context at all', {}],
  ])('is refused where it was encrypted under another %s', async (_, context) => {
    const swapped = await messageOf(JSON.stringify(DESTINATION), context);
    expect(await refusalOf(open().decrypt(swapped, CONTEXT))).toContain('belongs to another destination');
  });

  it('may have more in its context than what is asked', async () => {
    const message = await messageOf(JSON.stringify(DESTINATION), { ...CONTEXT, tenant: 'x' });
    expect(await open().decrypt(message, CONTEXT)).toEqual(DESTINATION);
  });

  it.each(['{', '{}', '{"type":"PayId"}', '"Jane 819877339"'])('is none: %s', async (plaintext) => {
    expect(await refusalOf(open().decrypt(await messageOf(plaintext), CONTEXT))).toContain('holds no destination');
  });

  it('is refused where one bit was altered, anywhere', async () => {
    const message = Buffer.from(await open().encrypt(DESTINATION, CONTEXT), 'base64');
    for (let position = 0; position < message.length; position += 37) {
      const altered = Buffer.from(message);
      altered.writeUInt8(altered.readUInt8(position) ^ 1, position);
      await refusalOf(open().decrypt(altered.toString('base64'), CONTEXT));
    }
  });

  it.each(['', 'AAAA', '!!', 'A'.repeat(20_000)])('is refused where it is no message: %s', async (ciphertext) => {
    await refusalOf(open().decrypt(ciphertext, CONTEXT));
  });

  it('is refused under any key but the one of the stage, without asking KMS', async () => {
    const message = await messageOf(JSON.stringify(DESTINATION), CONTEXT, otherKeyArn);
    calls = 0;
    await refusalOf(open().decrypt(message, CONTEXT));
    expect(calls).toBe(0);
  });
});

describe('a KMS', () => {
  it.each([
    'ThrottlingException',
    'KMSInternalException',
    'AccessDeniedException',
    'DisabledException',
    'NotFoundException',
  ])('that fails is not taken for a message that is at fault: %s', async (code) => {
    const ciphertext = await open().encrypt(DESTINATION, CONTEXT);
    refusal = new AwsError(code, 'not now');
    const error: unknown = await open()
      .decrypt(ciphertext, CONTEXT)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: code });
    expect(error).not.toBeInstanceOf(DestinationUnusableError);
  });

  it.each(['InvalidCiphertextException', 'IncorrectKeyException'])(
    'that finds the message at fault is believed: %s',
    async (code) => {
      const ciphertext = await open().encrypt(DESTINATION, CONTEXT);
      refusal = new AwsError(code, 'no');
      await refusalOf(open().decrypt(ciphertext, CONTEXT));
    },
  );

  it('that fails lets nothing be encrypted', async () => {
    refusal = new AwsError('ThrottlingException', 'not now');
    await expect(open().encrypt(DESTINATION, CONTEXT)).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});
