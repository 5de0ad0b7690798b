import { createHash } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import type { CredentialStore } from '../credentials.ts';
import { type Identity, INERT_TAGS, type Placement, physicalName, type ResourceTypes } from '../resource-type.ts';
import { policyType } from './policy-type.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html */
export const resourceTypes: ResourceTypes<{ credentials: CredentialStore }> = {
  'AWS::IAM::Role': {
    identity: roleIdentity,
    create: (resource, { credentials }) => void credentials.forRole(resource.attributes['Arn'] ?? ''),
    // Its policies are read by policies.ts.
    known: ['RoleName', 'Path', 'AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Policies'],
    inert: {
      ...INERT_TAGS,
      MaxSessionDuration: 'a role keeps one key pair for as long as the run lasts',
      Description: 'nothing here reads it',
    },
  },
  'AWS::IAM::Policy': policyType(['PolicyName', 'PolicyDocument', 'Roles']),
  'AWS::IAM::ManagedPolicy': {
    ...policyType(['ManagedPolicyName', 'PolicyDocument', 'Roles', 'Path'], managedPolicyIdentity),
    inert: { Description: 'nothing here reads it' },
  },
};

function roleIdentity(logicalId: string, properties: JsonObject, place: Placement): Identity {
  const name = physicalName(logicalId, properties['RoleName']);
  const RoleId = `AROA${createHash('sha256').update(name).digest('hex').slice(0, 17).toUpperCase()}`;
  return { ref: name, attributes: { Arn: `arn:aws:iam::${place.accountId}:role${pathOf(properties)}${name}`, RoleId } };
}

function managedPolicyIdentity(logicalId: string, properties: JsonObject, place: Placement): Identity {
  const name = physicalName(logicalId, properties['ManagedPolicyName']);
  const PolicyArn = `arn:aws:iam::${place.accountId}:policy${pathOf(properties)}${name}`;
  return { ref: PolicyArn, attributes: { PolicyArn } };
}

function pathOf(properties: JsonObject): string {
  const { Path: path } = properties;
  return typeof path === 'string' ? path : '/';
}
