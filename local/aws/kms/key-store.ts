import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { KeptMap } from '../../data/kept-map.ts';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { AwsError } from '../wire.ts';

export type Key = {
  readonly keyId: string;
  readonly arn: string;
  readonly description: string;
  readonly createdAtMs: number;
  /** 32 random bytes. They never leave the service. */
  readonly material: Buffer;
  isEnabled: boolean;
};

const ARN_PREFIX = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:`;

const KeptKey = z.object({ materialBase64: z.base64(), isEnabled: z.boolean(), createdAtMs: z.number() });

/**
 * The keys and aliases of the local account. A key that was kept has its material again; else each run makes new material, and
 * what an earlier run sealed stays sealed.
 */
export class KeyStore {
  readonly #keys = new Map<string, Key>();
  readonly #keyIdByAlias = new Map<string, string>();
  readonly #kept: KeptMap | undefined;
  readonly #keptKeys: ReadonlyMap<string, z.output<typeof KeptKey>>;

  constructor(kept?: KeptMap) {
    this.#kept = kept;
    this.#keptKeys = new Map([...(kept?.entries() ?? [])].map(([keyId, value]) => [keyId, KeptKey.parse(value)]));
  }

  /** @throws {AwsError} AlreadyExistsException */
  create(key: { keyId: string; description: string; isEnabled: boolean; nowMs: number }): Key {
    const { keyId, description, isEnabled, nowMs } = key;
    if (this.#keys.has(keyId)) throw new AwsError('AlreadyExistsException', `the key ${keyId} exists`);
    const arn = `${ARN_PREFIX}key/${keyId}`;
    const known = this.#keptKeys.get(keyId);
    const material = known ? Buffer.from(known.materialBase64, 'base64') : randomBytes(32);
    const createdAtMs = known?.createdAtMs ?? nowMs;
    const made = { keyId, arn, description, createdAtMs, material, isEnabled: known?.isEnabled ?? isEnabled };
    this.#keep(made);
    this.#keys.set(keyId, made);
    return made;
  }

  /** Safe to repeat. @throws {AwsError} NotFoundException */
  setEnabled(reference: string, isEnabled: boolean): void {
    const key = this.find(reference);
    key.isEnabled = isEnabled;
    this.#keep(key);
  }

  #keep({ keyId, material, isEnabled, createdAtMs }: Key): void {
    this.#kept?.write([[keyId, { materialBase64: material.toString('base64'), isEnabled, createdAtMs }]]);
  }

  /** @throws {AwsError} AlreadyExistsException, or NotFoundException for the key */
  createAlias(alias: string, target: string): void {
    if (this.#keyIdByAlias.has(alias)) throw new AwsError('AlreadyExistsException', `the alias ${alias} exists`);
    this.#keyIdByAlias.set(alias, this.find(target).keyId);
  }

  aliases(): { alias: string; arn: string; keyId: string }[] {
    return [...this.#keyIdByAlias].map(([alias, keyId]) => ({ alias, arn: `${ARN_PREFIX}${alias}`, keyId }));
  }

  has(keyId: string): boolean {
    return this.#keys.has(keyId);
  }

  /** By key id, key ARN, alias name or alias ARN. @throws {AwsError} NotFoundException, as AWS words it */
  find(reference: string): Key {
    const name = reference.startsWith(ARN_PREFIX) ? reference.slice(ARN_PREFIX.length) : reference;
    const keyId = name.startsWith('alias/') ? this.#keyIdByAlias.get(name) : name.replace(/^key\//, '');
    const key = keyId === undefined ? undefined : this.#keys.get(keyId);
    if (key) return key;
    if (name.startsWith('alias/')) throw notFound(`Alias ${ARN_PREFIX}${name} is not found.`);
    throw notFound(
      `Key '${reference.startsWith('arn:') ? reference : `${ARN_PREFIX}key/${reference}`}' does not exist`,
    );
  }

  /** @throws {AwsError} NotFoundException or DisabledException */
  findEnabled(reference: string): Key {
    const key = this.find(reference);
    if (!key.isEnabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
    return key;
  }
}

function notFound(message: string): AwsError {
  return new AwsError('NotFoundException', message);
}
