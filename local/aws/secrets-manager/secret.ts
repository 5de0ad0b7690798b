import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../json.ts';
import { AwsError } from '../wire.ts';

/** One of the two; AWS keeps a secret either as text or as bytes. */
export type SecretContent = { readonly text?: string | undefined; readonly binaryBase64?: string | undefined };

export type Version = {
  readonly versionId: string;
  readonly content: SecretContent;
  readonly createdAtMs: number;
  readonly stages: Set<string>;
};

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/** AWS deletes versions without a stage once there are more than 100; here the oldest goes. */
const VERSIONS_MAX = 100;

const KeptSecret = z.object({
  arn: z.string(),
  name: z.string(),
  description: z.string(),
  kmsKeyId: z.string().optional(),
  createdAtMs: z.number(),
  changedAtMs: z.number(),
  versions: z.array(
    z.object({
      versionId: z.string(),
      content: z.object({ text: z.string().optional(), binaryBase64: z.string().optional() }),
      createdAtMs: z.number(),
      stages: z.array(z.string()),
    }),
  ),
});

/** One secret and its versions. A stage is a label that at most one version wears. */
export class Secret {
  readonly arn: string;
  readonly name: string;
  readonly description: string;
  readonly kmsKeyId: string | undefined;
  readonly createdAtMs: number;
  changedAtMs: number;
  readonly versions = new Map<string, Version>();

  constructor(secret: { arn: string; name: string; description: string; kmsKeyId: string | undefined; nowMs: number }) {
    this.arn = secret.arn;
    this.name = secret.name;
    this.description = secret.description;
    this.kmsKeyId = secret.kmsKeyId;
    this.createdAtMs = secret.nowMs;
    this.changedAtMs = secret.nowMs;
  }

  /** As {@link toKept} gave it. */
  static fromKept(value: JsonValue): Secret {
    const { versions, kmsKeyId, createdAtMs: nowMs, changedAtMs, ...named } = KeptSecret.parse(value);
    const secret = new Secret({ ...named, kmsKeyId, nowMs });
    secret.changedAtMs = changedAtMs;
    for (const version of versions) {
      secret.versions.set(version.versionId, { ...version, stages: new Set(version.stages) });
    }
    return secret;
  }

  toKept(): JsonObject {
    const { arn, name, description, kmsKeyId, createdAtMs, changedAtMs } = this;
    const versions = [...this.versions.values()].map(({ stages, content, ...version }) => {
      return { ...version, content: { ...content } as JsonObject, stages: [...stages] };
    });
    const optional = kmsKeyId === undefined ? {} : { kmsKeyId };
    return { arn, name, description, ...optional, createdAtMs, changedAtMs, versions };
  }

  /**
   * Adds a version wearing `stages`. Safe to repeat with the same id and content, as in AWS.
   *
   * @throws {AwsError} ResourceExistsException for the same id with other content
   */
  put(version: { versionId: string; content: SecretContent; stages: readonly string[]; nowMs: number }): Version {
    const { versionId, content, stages, nowMs } = version;
    const known = this.versions.get(versionId);
    if (known) return repeated(known, content);
    const made = { versionId, content, createdAtMs: nowMs, stages: new Set<string>() };
    this.versions.set(versionId, made);
    for (const stage of stages) this.#move(stage, made);
    this.changedAtMs = nowMs;
    this.#forgetOldest();
    return made;
  }

  /** By id, by stage, or both, which must then agree. @throws {AwsError} ResourceNotFoundException */
  find(wanted: { versionId?: string | undefined; stage?: string | undefined }): Version {
    const stage = wanted.stage ?? (wanted.versionId === undefined ? CURRENT : undefined);
    for (const version of this.versions.values()) {
      if (wanted.versionId !== undefined && version.versionId !== wanted.versionId) continue;
      if (stage !== undefined && !version.stages.has(stage)) continue;
      return version;
    }
    const by = stage === undefined ? `VersionId: ${wanted.versionId}` : `staging label: ${stage}`;
    throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${by}`);
  }

  /** Whoever loses AWSCURRENT becomes AWSPREVIOUS. */
  #move(stage: string, target: Version): void {
    for (const version of this.versions.values()) {
      if (!version.stages.delete(stage)) continue;
      if (stage === CURRENT) this.#move(PREVIOUS, version);
    }
    target.stages.add(stage);
  }

  #forgetOldest(): void {
    if (this.versions.size <= VERSIONS_MAX) return;
    const oldest = [...this.versions.values()].find((version) => version.stages.size === 0);
    if (oldest) this.versions.delete(oldest.versionId);
  }
}

function repeated(known: Version, content: SecretContent): Version {
  const isSame = known.content.text === content.text && known.content.binaryBase64 === content.binaryBase64;
  if (isSame) return known;
  throw new AwsError('ResourceExistsException', `a version ${known.versionId} with another value exists`);
}
