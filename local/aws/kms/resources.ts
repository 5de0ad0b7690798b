import { createHash } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import {
  type Identity,
  INERT_TAGS,
  type Placement,
  physicalName,
  type ResourceTypes,
  type TemplateResource,
  UnsupportedResource,
} from '../resource-type.ts';
import type { KmsService } from './service.ts';

const NOT_ROTATED = 'the material of a key lives as long as the run or its --data';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html */
export const resourceTypes: ResourceTypes<{ kms: KmsService }> = {
  'AWS::KMS::Key': {
    identity: keyIdentity,
    create: createKey,
    known: ['Description', 'Enabled', 'KeyPolicy', 'KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
    inert: {
      ...INERT_TAGS,
      BypassPolicyLockoutSafetyCheck: 'nothing here changes a key policy',
      EnableKeyRotation: NOT_ROTATED,
      RotationPeriodInDays: NOT_ROTATED,
      PendingWindowInDays: 'nothing here deletes a key of the template',
    },
  },
  'AWS::KMS::Alias': {
    identity: (logicalId, properties) => ({ ref: physicalName(logicalId, properties['AliasName']), attributes: {} }),
    create: createAlias,
    known: ['AliasName', 'TargetKeyId'],
    inert: {},
  },
};

function keyIdentity(logicalId: string, _properties: JsonObject, place: Placement): Identity {
  const keyId = uuidOf(logicalId);
  const Arn = `arn:aws:kms:${place.region}:${place.accountId}:key/${keyId}`;
  return { ref: keyId, attributes: { Arn, KeyId: keyId } };
}

/** A key's id is a UUID on AWS; here it is made of the logical id, so that two runs name a key alike. */
function uuidOf(logicalId: string): string {
  const hex = createHash('sha256').update(logicalId).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The only values that are run, of the properties that could ask for another kind of key. */
const ONLY: Readonly<Record<string, string | boolean>> = {
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  MultiRegion: false,
  Origin: 'AWS_KMS',
};

function createKey(resource: TemplateResource, { kms }: { kms: KmsService }): void {
  const { logicalId, properties, ref: keyId } = resource;
  for (const [name, only] of Object.entries(ONLY)) {
    const value = properties[name];
    if (value !== undefined && value !== only) {
      throw new UnsupportedResource(`${logicalId}: a KMS key whose ${name} is not ${only} is not run here`);
    }
  }
  const { Description, Enabled } = properties;
  kms.createKey({
    keyId,
    description: typeof Description === 'string' ? Description : '',
    isEnabled: Enabled !== false && Enabled !== 'false',
  });
}

function createAlias(resource: TemplateResource, { kms }: { kms: KmsService }): void {
  const { TargetKeyId } = resource.properties;
  if (typeof TargetKeyId !== 'string')
    throw new UnsupportedResource(`${resource.logicalId}: its TargetKeyId is no text`);
  kms.keys.createAlias(resource.ref, TargetKeyId);
}
