import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  KMS,
  KmsKeyringNode,
  type KmsKeyringNodeInput,
} from '@aws-crypto/client-node';
import { type Destination, destinationSchema } from '../../domain/destination.ts';
import { DestinationUnusableError } from '../../domain/errors.ts';
import type { DestinationCipher, DestinationContext } from '../shared/ports.ts';
import { awsClientConfig } from './aws-clients.ts';

/** What the keyring needs of KMS. Its types know the answers of two SDKs, and spell optional fields otherwise than version 3. */
type KeyringClient = Exclude<ReturnType<NonNullable<KmsKeyringNodeInput['clientProvider']>>, false>;
type Decrypted = Awaited<Extract<ReturnType<KeyringClient['decrypt']>, Promise<unknown>>>;

/**
 * Commits to its key, and is not signed: the same readers also write, so a signature would prove nothing, and costs nine times
 * the time.
 */
const SUITE = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
/** A destination of the largest allowed size makes a message of about 1.5 kB. */
const CIPHERTEXT_MAX_CHARACTERS = 16_384;
/** What KMS says of a message that is not as it was made, or was made under another context or key. */
const FAULTS_OF_THE_MESSAGE: ReadonlySet<string> = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

const sdk = buildClient({
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  maxEncryptedDataKeys: 1,
});

/**
 * Destinations as AWS Encryption SDK messages under one KMS key (no discovery: a message under any other key is refused).
 * Anything that is wrong with KMS and not with the message (throttling, outage, permission) is thrown as it is.
 */
export function createDestinationCipher(options: { readonly keyArn: string; readonly kms?: KMS }): DestinationCipher {
  const { keyArn, kms = new KMS(awsClientConfig) } = options;
  return {
    async encrypt(destination, context) {
      const keyring = new KmsKeyringNode({ generatorKeyId: keyArn, clientProvider: () => kms as KeyringClient });
      const plaintext = Buffer.from(JSON.stringify(destination), 'utf8');
      const { result } = await sdk.encrypt(keyring, plaintext, { suiteId: SUITE, encryptionContext: { ...context } });
      return result.toString('base64');
    },
    async decrypt(ciphertext, context) {
      const opened = await open(ciphertext, context, { keyArn, kms });
      if (!isUnder(opened.encryptionContext, context)) throw unusable(context, 'it belongs to another destination');
      return destinationOf(opened.plaintext, context);
    },
  };
}

type Opened = { readonly plaintext: Buffer; readonly encryptionContext: Readonly<Record<string, string>> };

/**
 * The keyring folds every error of KMS into the text of one of its own, so the client is watched: only then can an outage be told
 * from a message that is at fault.
 */
async function open(
  ciphertext: string,
  context: DestinationContext,
  { keyArn, kms }: { readonly keyArn: string; readonly kms: KMS },
): Promise<Opened> {
  if (ciphertext.length > CIPHERTEXT_MAX_CHARACTERS) throw unusable(context, 'it is too long');
  const watched = watch(kms);
  const keyring = new KmsKeyringNode({ keyIds: [keyArn], clientProvider: () => watched.client });
  try {
    const { plaintext, messageHeader } = await sdk.decrypt(keyring, Buffer.from(ciphertext, 'base64'));
    return { plaintext, encryptionContext: messageHeader.encryptionContext };
  } catch {
    const kmsError = watched.error();
    if (kmsError !== undefined && !isFaultOfMessage(kmsError)) throw kmsError;
    throw unusable(context, 'it does not decrypt');
  }
}

function watch(kms: KMS): { readonly client: KeyringClient; readonly error: () => unknown } {
  let error: unknown;
  const keyringClient = kms as KeyringClient;
  const client: KeyringClient = {
    encrypt: (input) => keyringClient.encrypt(input),
    generateDataKey: (input) => keyringClient.generateDataKey(input),
    async decrypt(input) {
      try {
        return (await kms.decrypt(input)) as Decrypted;
      } catch (thrown) {
        error = thrown;
        throw thrown;
      }
    },
  };
  return { client, error: () => error };
}

function isFaultOfMessage(error: unknown): boolean {
  return error instanceof Error && FAULTS_OF_THE_MESSAGE.has(error.name);
}

/** The SDK for JavaScript hands the message's own context out and compares nothing: a swapped ciphertext decrypts happily. */
function isUnder(actual: Readonly<Record<string, string>>, expected: DestinationContext): boolean {
  return Object.entries(expected).every(([name, value]) => actual[name] === value);
}

function destinationOf(plaintext: Buffer, context: DestinationContext): Destination {
  const parsed = destinationSchema.safeParse(jsonOf(plaintext));
  if (!parsed.success) throw unusable(context, 'it holds no destination');
  return parsed.data;
}

function jsonOf(plaintext: Buffer): unknown {
  try {
    return JSON.parse(plaintext.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** No cause: the texts beneath quote what they were given. */
function unusable({ customer_id, destination_id }: DestinationContext, why: string): DestinationUnusableError {
  return new DestinationUnusableError(`Destination ${destination_id} of customer ${customer_id}: ${why}.`);
}
