import * as z from 'zod';
import type { JsonObject } from '../../json.ts';
import { policyType } from '../iam/policy-type.ts';
import {
  type Identity,
  INERT_TAGS,
  type Placement,
  physicalName,
  type ResourceTypes,
  type TemplateResource,
  UnsupportedResource,
} from '../resource-type.ts';
import { randomPassword } from './random-password.ts';
import type { SecretContent } from './secret.ts';
import { type SecretsManagerService, secretArn } from './service.ts';

/** CloudFormation takes booleans and numbers as text too. */
const Flag = z.union([z.boolean(), z.stringbool()]);
const Generate = z.strictObject({
  PasswordLength: z.coerce.number().int().min(1).max(4096).default(32),
  ExcludeCharacters: z.string().default(''),
  ExcludeUppercase: Flag.default(false),
  ExcludeLowercase: Flag.default(false),
  ExcludeNumbers: Flag.default(false),
  ExcludePunctuation: Flag.default(false),
  IncludeSpace: Flag.default(false),
  RequireEachIncludedType: Flag.default(true),
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html */
export const resourceTypes: ResourceTypes<{ secretsManager: SecretsManagerService }> = {
  'AWS::SecretsManager::Secret': {
    identity,
    create,
    known: ['Name', 'Description', 'KmsKeyId', 'SecretString', 'GenerateSecretString'],
    inert: { ...INERT_TAGS },
  },
  'AWS::SecretsManager::ResourcePolicy': {
    ...policyType(['SecretId', 'ResourcePolicy']),
    inert: { BlockPublicPolicy: 'there is no public here' },
  },
};

function identity(logicalId: string, properties: JsonObject, place: Placement): Identity {
  const arn = secretArn(physicalName(logicalId, properties['Name']), place);
  return { ref: arn, attributes: { Id: arn } };
}

function create(resource: TemplateResource, services: { secretsManager: SecretsManagerService }): void {
  const { logicalId, properties, ref: arn } = resource;
  const { Description, KmsKeyId } = properties;
  services.secretsManager.createSecret({
    arn,
    name: physicalName(logicalId, properties['Name']),
    description: typeof Description === 'string' ? Description : '',
    kmsKeyId: typeof KmsKeyId === 'string' ? KmsKeyId : undefined,
    content: contentOf(logicalId, properties),
  });
}

function contentOf(logicalId: string, properties: JsonObject): SecretContent | undefined {
  const { SecretString: text, GenerateSecretString: generate } = properties;
  if (text !== undefined && generate !== undefined) {
    throw new UnsupportedResource(`${logicalId}: SecretString and GenerateSecretString exclude each other`);
  }
  if (typeof text === 'string') return { text };
  return generate === undefined ? undefined : { text: generated(logicalId, generate) };
}

function generated(logicalId: string, value: unknown): string {
  const parsed = Generate.safeParse(value);
  if (!parsed.success) {
    const cause = parsed.error;
    throw new UnsupportedResource(`${logicalId}: GenerateSecretString: ${z.prettifyError(cause)}`, { cause });
  }
  const options = parsed.data;
  const password = randomPassword({
    length: options.PasswordLength,
    excludeCharacters: options.ExcludeCharacters,
    excludeUppercase: options.ExcludeUppercase,
    excludeLowercase: options.ExcludeLowercase,
    excludeNumbers: options.ExcludeNumbers,
    excludePunctuation: options.ExcludePunctuation,
    includeSpace: options.IncludeSpace,
    requireEachIncludedType: options.RequireEachIncludedType,
  });
  const { SecretStringTemplate: template, GenerateStringKey: key } = options;
  if (template === undefined && key === undefined) return password;
  if (template === undefined || key === undefined) {
    throw new UnsupportedResource(`${logicalId}: SecretStringTemplate and GenerateStringKey need each other`);
  }
  return JSON.stringify({ ...objectOf(logicalId, template), [key]: password });
}

function objectOf(logicalId: string, template: string): JsonObject {
  try {
    return z.record(z.string(), z.json()).parse(JSON.parse(template)) as JsonObject;
  } catch (cause) {
    throw new UnsupportedResource(`${logicalId}: SecretStringTemplate is not an object in JSON`, { cause });
  }
}
