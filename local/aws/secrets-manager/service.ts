import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { KeptMap } from '../../data/kept-map.ts';
import type { JsonObject } from '../../json.ts';
import { ACCOUNT_ID, REGION } from '../account.ts';
import { parseInput } from '../input.ts';
import { AwsError, unknownAction, type WireRequest, type WireService } from '../wire.ts';
import { Secret, type SecretContent } from './secret.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const SECRET_BYTES_MAX = 65_536;
const SECRETS_MAX = 10_000;
const LIST_MAX = 100;

const SecretId = z.string().min(1).max(2048);
const Token = z.string().min(32).max(64).optional();
const Text = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= SECRET_BYTES_MAX, `at most ${SECRET_BYTES_MAX} bytes`)
  .optional();
const Binary = z
  .base64()
  .max(Math.ceil(SECRET_BYTES_MAX / 3) * 4)
  .optional();

const GetInput = z.strictObject({ SecretId, VersionId: z.string().optional(), VersionStage: z.string().optional() });
const PutInput = z.strictObject({
  SecretId,
  ClientRequestToken: Token,
  SecretString: Text,
  SecretBinary: Binary,
  VersionStages: z.array(z.string()).min(1).max(20).default(['AWSCURRENT']),
});
const CreateInput = z.strictObject({
  Name: z.string().regex(/^[\w/+=.@-]{1,512}$/),
  ClientRequestToken: Token,
  Description: z.string().max(2048).default(''),
  KmsKeyId: z.string().optional(),
  SecretString: Text,
  SecretBinary: Binary,
});
const DescribeInput = z.strictObject({ SecretId });
const ListInput = z.strictObject({
  MaxResults: z.int().min(1).max(LIST_MAX).default(LIST_MAX),
  NextToken: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
});

/** AWS Secrets Manager: values by version and stage. Rotation, deletion and replication are not run. */
export class SecretsManagerService implements WireService {
  readonly signingNames = ['secretsmanager'];
  readonly #clock: Clock;
  readonly #kept: KeptMap | undefined;
  readonly #byName = new Map<string, Secret>();
  /** Kept by an earlier run, and not yet asked for by this run's template. */
  readonly #unclaimed = new Set<string>();

  readonly #actions: Readonly<Record<string, (input: JsonObject) => JsonObject>> = {
    GetSecretValue: (input) => this.#get(input),
    PutSecretValue: (input) => this.#put(input),
    CreateSecret: (input) => this.#create(input),
    DescribeSecret: (input) => describe(this.#find(parseInput(DescribeInput, input).SecretId)),
    ListSecrets: (input) => this.#list(input),
  };

  constructor(deps: { clock: Clock; kept?: KeptMap | undefined }) {
    this.#clock = deps.clock;
    this.#kept = deps.kept;
    for (const [name, value] of deps.kept?.entries() ?? []) {
      this.#byName.set(name, Secret.fromKept(value));
      this.#unclaimed.add(name);
    }
  }

  async handle({ action, input }: WireRequest): Promise<JsonObject> {
    const run = this.#actions[action];
    if (!run) throw unknownAction('secretsmanager', action);
    return run(input);
  }

  /**
   * A secret without content has no version, and GetSecretValue finds none. A secret of the template that an earlier run kept
   * is that one, with the values that it was given since. @throws {AwsError} ResourceExistsException
   */
  createSecret(secret: {
    arn: string;
    name: string;
    description: string;
    kmsKeyId?: string | undefined;
    content?: SecretContent | undefined;
    versionId?: string | undefined;
  }): Secret {
    const { arn, name, description, kmsKeyId, content, versionId = randomUUID() } = secret;
    const known = this.#byName.get(name);
    if (known && this.#unclaimed.delete(name)) return known;
    if (known) {
      throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
    }
    if (this.#byName.size >= SECRETS_MAX) throw new AwsError('LimitExceededException', 'there are too many secrets');
    const nowMs = this.#clock.nowMs();
    const made = new Secret({ arn, name, description, kmsKeyId, nowMs });
    if (content) made.put({ versionId, content, stages: ['AWSCURRENT'], nowMs });
    this.#keep(made);
    this.#byName.set(name, made);
    return made;
  }

  #keep(secret: Secret): void {
    this.#kept?.write([[secret.name, secret.toKept()]]);
  }

  #get(input: JsonObject): JsonObject {
    const { SecretId: id, VersionId, VersionStage } = parseInput(GetInput, input);
    const secret = this.#find(id);
    const version = secret.find({ versionId: VersionId, stage: VersionStage });
    const { text, binaryBase64 } = version.content;
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.versionId,
      VersionStages: [...version.stages],
      CreatedDate: version.createdAtMs / 1000,
      ...(text === undefined ? {} : { SecretString: text }),
      ...(binaryBase64 === undefined ? {} : { SecretBinary: binaryBase64 }),
    };
  }

  #put(input: JsonObject): JsonObject {
    const request = parseInput(PutInput, input);
    const secret = this.#find(request.SecretId);
    const content = contentOf(request.SecretString, request.SecretBinary);
    if (!content)
      throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
    const versionId = request.ClientRequestToken ?? randomUUID();
    const version = secret.put({ versionId, content, stages: request.VersionStages, nowMs: this.#clock.nowMs() });
    this.#keep(secret);
    return { ARN: secret.arn, Name: secret.name, VersionId: versionId, VersionStages: [...version.stages] };
  }

  #create(input: JsonObject): JsonObject {
    const request = parseInput(CreateInput, input);
    this.#unclaimed.delete(request.Name);
    const versionId = request.ClientRequestToken ?? randomUUID();
    const content = contentOf(request.SecretString, request.SecretBinary);
    const secret = this.createSecret({
      arn: secretArn(request.Name, { accountId: ACCOUNT_ID, region: REGION }),
      name: request.Name,
      description: request.Description,
      kmsKeyId: request.KmsKeyId,
      content,
      versionId,
    });
    return { ARN: secret.arn, Name: secret.name, ...(content ? { VersionId: versionId } : {}) };
  }

  #list(input: JsonObject): JsonObject {
    const { MaxResults, NextToken } = parseInput(ListInput, input);
    const from = Number(NextToken ?? 0);
    const secrets = [...this.#byName.values()];
    const to = from + MaxResults;
    const SecretList = secrets.slice(from, to).map(listed);
    return { SecretList, ...(to < secrets.length ? { NextToken: String(to) } : {}) };
  }

  /** By name, by ARN, or by ARN without its random tail. */
  #find(id: string): Secret {
    const secret = id.startsWith('arn:') ? this.#findByArn(id) : this.#byName.get(id);
    if (secret) return secret;
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }

  #findByArn(arn: string): Secret | undefined {
    for (const secret of this.#byName.values()) {
      if (secret.arn === arn || secret.arn.slice(0, -7) === arn) return secret;
    }
    return undefined;
  }
}

/** AWS ends the ARN in six random characters; here they come of the name, so that two runs agree. */
export function secretArn(name: string, place: { accountId: string; region: string }): string {
  const tail = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `arn:aws:secretsmanager:${place.region}:${place.accountId}:secret:${name}-${tail}`;
}

function contentOf(text: string | undefined, binaryBase64: string | undefined): SecretContent | undefined {
  if (text !== undefined && binaryBase64 !== undefined) {
    throw new AwsError('InvalidParameterException', 'You cannot specify both SecretString and SecretBinary.');
  }
  return text === undefined && binaryBase64 === undefined ? undefined : { text, binaryBase64 };
}

function describe(secret: Secret): JsonObject {
  return { ...common(secret), VersionIdsToStages: versionsOf(secret) };
}

function listed(secret: Secret): JsonObject {
  return { ...common(secret), SecretVersionsToStages: versionsOf(secret) };
}

function common(secret: Secret): JsonObject {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    CreatedDate: secret.createdAtMs / 1000,
    LastChangedDate: secret.changedAtMs / 1000,
  };
}

function versionsOf(secret: Secret): JsonObject {
  return Object.fromEntries(
    [...secret.versions.values()]
      .filter((version) => version.stages.size > 0)
      .map((version) => [version.versionId, [...version.stages]]),
  );
}
