import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { KeptMap } from '../../data/kept-map.ts';
import type { JsonObject } from '../../json.ts';
import { ACCOUNT_ID } from '../account.ts';
import { base64, parseInput } from '../input.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../wire.ts';
import { type EncryptionContext, keyIdOf, open, seal } from './cipher.ts';
import { type Key, KeyStore } from './key-store.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html (read for the limits below) */
const PLAINTEXT_BYTES_MAX = 4096;
const CIPHERTEXT_BYTES_MAX = 6144;
const DATA_KEY_BYTES_MAX = 1024;

const KeyId = z.string().min(1).max(2048);
const Context = z.record(z.string(), z.string()).default({});
const Algorithm = z.literal('SYMMETRIC_DEFAULT').default('SYMMETRIC_DEFAULT');
const Unused = z.array(z.string()).max(0).optional();

const EncryptInput = z.strictObject({
  KeyId,
  Plaintext: base64(PLAINTEXT_BYTES_MAX),
  EncryptionContext: Context,
  EncryptionAlgorithm: Algorithm,
  GrantTokens: Unused,
});
const DecryptInput = z.strictObject({
  KeyId: KeyId.optional(),
  CiphertextBlob: base64(CIPHERTEXT_BYTES_MAX),
  EncryptionContext: Context,
  EncryptionAlgorithm: Algorithm,
  GrantTokens: Unused,
});
const ReEncryptInput = z.strictObject({
  CiphertextBlob: base64(CIPHERTEXT_BYTES_MAX),
  SourceKeyId: KeyId.optional(),
  SourceEncryptionContext: Context,
  DestinationKeyId: KeyId,
  DestinationEncryptionContext: Context,
});
const DataKeyInput = z.strictObject({
  KeyId,
  EncryptionContext: Context,
  KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
  NumberOfBytes: z.int().min(1).max(DATA_KEY_BYTES_MAX).optional(),
  GrantTokens: Unused,
});
const KeyInput = z.strictObject({ KeyId, GrantTokens: Unused });
const ListAliasesInput = z.strictObject({ KeyId: KeyId.optional(), Limit: z.int().optional() });

/** AWS KMS with symmetric keys, as far as an envelope encryption needs it. Key policies are evaluated in front of it; there are no grants. */
export class KmsService implements WireService {
  readonly signingNames = ['kms'];
  readonly keys: KeyStore;
  readonly #clock: Clock;

  readonly #actions: Readonly<Record<string, (input: JsonObject) => JsonObject>> = {
    DescribeKey: (input) => this.#describeKey(input),
    ListAliases: (input) => this.#listAliases(input),
    EnableKey: (input) => this.#setEnabled(input, true),
    DisableKey: (input) => this.#setEnabled(input, false),
    Encrypt: (input) => this.#encrypt(input),
    Decrypt: (input) => this.#decrypt(input),
    ReEncrypt: (input) => this.#reEncrypt(input),
    GenerateDataKey: (input) => this.#generateDataKey(input),
    GenerateDataKeyWithoutPlaintext: (input) => {
      const { Plaintext: _plaintext, ...rest } = this.#generateDataKey(input);
      return rest;
    },
  };

  constructor(deps: { clock: Clock; kept?: KeptMap | undefined }) {
    this.#clock = deps.clock;
    this.keys = new KeyStore(deps.kept);
  }

  async handle({ action, input }: WireRequest): Promise<JsonObject> {
    const run = this.#actions[action];
    if (!run) throw unknownAction('kms', action);
    return run(input);
  }

  createKey(key: { keyId: string; description: string; isEnabled: boolean }): Key {
    return this.keys.create({ ...key, nowMs: this.#clock.nowMs() });
  }

  #describeKey(input: JsonObject): JsonObject {
    const key = this.keys.find(parseInput(KeyInput, input).KeyId);
    return {
      KeyMetadata: {
        AWSAccountId: ACCOUNT_ID,
        KeyId: key.keyId,
        Arn: key.arn,
        CreationDate: key.createdAtMs / 1000,
        Enabled: key.isEnabled,
        Description: key.description,
        KeyUsage: 'ENCRYPT_DECRYPT',
        KeyState: key.isEnabled ? 'Enabled' : 'Disabled',
        Origin: 'AWS_KMS',
        KeyManager: 'CUSTOMER',
        CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
        KeySpec: 'SYMMETRIC_DEFAULT',
        EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
        MultiRegion: false,
      },
    };
  }

  #listAliases(input: JsonObject): JsonObject {
    const { KeyId: reference } = parseInput(ListAliasesInput, input);
    const keyId = reference === undefined ? undefined : this.keys.find(reference).keyId;
    const wanted = this.keys.aliases().filter((alias) => keyId === undefined || alias.keyId === keyId);
    const Aliases = wanted.map(({ alias, arn, keyId: TargetKeyId }) => ({
      AliasName: alias,
      AliasArn: arn,
      TargetKeyId,
    }));
    return { Aliases, Truncated: false };
  }

  #setEnabled(input: JsonObject, isEnabled: boolean): JsonObject {
    this.keys.setEnabled(parseInput(KeyInput, input).KeyId, isEnabled);
    return {};
  }

  #encrypt(input: JsonObject): JsonObject {
    const { KeyId: reference, Plaintext, EncryptionContext, EncryptionAlgorithm } = parseInput(EncryptInput, input);
    const key = this.keys.findEnabled(reference);
    return { CiphertextBlob: sealed(key, Plaintext, EncryptionContext), KeyId: key.arn, EncryptionAlgorithm };
  }

  #decrypt(input: JsonObject): JsonObject {
    const {
      CiphertextBlob,
      KeyId: reference,
      EncryptionContext,
      EncryptionAlgorithm,
    } = parseInput(DecryptInput, input);
    const { key, plaintext } = this.#opened(CiphertextBlob, EncryptionContext, reference);
    return { KeyId: key.arn, Plaintext: plaintext.toString('base64'), EncryptionAlgorithm };
  }

  #reEncrypt(input: JsonObject): JsonObject {
    const request = parseInput(ReEncryptInput, input);
    const { key: source, plaintext } = this.#opened(
      request.CiphertextBlob,
      request.SourceEncryptionContext,
      request.SourceKeyId,
    );
    const target = this.keys.findEnabled(request.DestinationKeyId);
    return {
      CiphertextBlob: sealed(target, plaintext, request.DestinationEncryptionContext),
      SourceKeyId: source.arn,
      KeyId: target.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    };
  }

  #generateDataKey(input: JsonObject): { CiphertextBlob: string; Plaintext: string; KeyId: string } {
    const { KeyId: reference, EncryptionContext, KeySpec, NumberOfBytes } = parseInput(DataKeyInput, input);
    if ((KeySpec === undefined) === (NumberOfBytes === undefined)) {
      throw new AwsError('ValidationException', 'Please specify either number of bytes or key spec.');
    }
    const key = this.keys.findEnabled(reference);
    const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === 'AES_128' ? 16 : 32));
    return {
      CiphertextBlob: sealed(key, plaintext, EncryptionContext),
      Plaintext: plaintext.toString('base64'),
      KeyId: key.arn,
    };
  }

  /** @throws {AwsError} InvalidCiphertextException, IncorrectKeyException, DisabledException or NotFoundException */
  #opened(blob: Buffer, context: EncryptionContext, expected?: string): { key: Key; plaintext: Buffer } {
    const keyId = keyIdOf(blob);
    if (keyId === undefined || !this.keys.has(keyId)) throw new AwsError('InvalidCiphertextException', '');
    if (expected !== undefined && this.keys.find(expected).keyId !== keyId) {
      const message = 'The key ID in the request does not identify a CMK that can perform this operation.';
      throw new AwsError('IncorrectKeyException', message);
    }
    const key = this.keys.findEnabled(keyId);
    const plaintext = open(blob, key.material, context);
    if (!plaintext) throw new AwsError('InvalidCiphertextException', '');
    return { key, plaintext };
  }
}

function sealed(key: Key, plaintext: Uint8Array, context: EncryptionContext): string {
  return seal(key.keyId, key.material, plaintext, context).toString('base64');
}
