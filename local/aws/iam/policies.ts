import type { JsonObject, JsonValue } from '../../json.ts';
import { type TemplateResource, UnsupportedResource } from '../resource-type.ts';
import { AWS_MANAGED_POLICIES } from './managed-policies.ts';
import { objectIn, textsIn } from './policy-values.ts';
import { compilePolicy, type Statement } from './statement.ts';

export type Role = {
  readonly name: string;
  readonly arn: string;
  readonly trust: readonly Statement[];
  readonly statements: readonly Statement[];
};

/** Everything that the template says about who may do what. */
export type Policies = {
  readonly roleByName: ReadonlyMap<string, Role>;
  /** Of keys, queues, topics, secrets and functions, by the ARN that the policy hangs on. */
  readonly byResource: ReadonlyMap<string, readonly Statement[]>;
  /** The customer-managed key under which a table, queue, topic or secret is kept, as the template names it. */
  readonly keyByResource: ReadonlyMap<string, string>;
};

/**
 * Reads the policies out of a template's resources, whose intrinsics are resolved. Pure.
 *
 * @throws {UnsupportedResource} naming what in a policy is not evaluated here
 */
export function readPolicies(resources: readonly TemplateResource[]): Policies {
  const attached = attachedPolicies(resources);
  const roles = resources
    .filter(({ type }) => type === 'AWS::IAM::Role')
    .map((role) => readRole(role, attached.get(role.ref) ?? [], resources));
  return {
    roleByName: new Map(roles.map((role) => [role.name, role])),
    byResource: resourcePolicies(resources),
    keyByResource: new Map(resources.flatMap(keyOf)),
  };
}

function readRole(
  role: TemplateResource,
  attached: readonly Statement[],
  resources: readonly TemplateResource[],
): Role {
  const { logicalId, properties, attributes } = role;
  const inline = items(properties['Policies']).flatMap((policy) => {
    const { PolicyName, PolicyDocument } = objectIn(policy, logicalId);
    return compilePolicy(PolicyDocument, `${logicalId}.${String(PolicyName)}`, 'identity');
  });
  const managed = textsIn(properties['ManagedPolicyArns'], logicalId).flatMap((arn) =>
    managedPolicy(arn, logicalId, resources),
  );
  return {
    name: role.ref,
    arn: attributes['Arn'] ?? '',
    trust: compilePolicy(properties['AssumeRolePolicyDocument'], `${logicalId}.AssumeRolePolicyDocument`, 'trust'),
    statements: [...inline, ...managed, ...attached],
  };
}

function managedPolicy(arn: string, logicalId: string, resources: readonly TemplateResource[]): Statement[] {
  const own = resources.find(({ type, ref }) => type === 'AWS::IAM::ManagedPolicy' && ref === arn);
  const document = own ? own.properties['PolicyDocument'] : AWS_MANAGED_POLICIES[arn];
  if (document === undefined)
    throw new UnsupportedResource(`${logicalId}: the managed policy ${arn} is not known here`);
  return compilePolicy(document, own?.logicalId ?? `${logicalId}.${arn.slice(arn.lastIndexOf('/') + 1)}`, 'identity');
}

/** Policies that name their roles, by role. */
function attachedPolicies(resources: readonly TemplateResource[]): Map<string, Statement[]> {
  const byRole = new Map<string, Statement[]>();
  for (const { type, logicalId, properties } of resources) {
    if (type !== 'AWS::IAM::Policy' && type !== 'AWS::IAM::ManagedPolicy') continue;
    const statements = compilePolicy(properties['PolicyDocument'], logicalId, 'identity');
    for (const role of textsIn(properties['Roles'], logicalId)) append(byRole, role, statements);
  }
  return byRole;
}

function resourcePolicies(resources: readonly TemplateResource[]): Map<string, Statement[]> {
  const byArn = new Map<string, Statement[]>();
  for (const resource of resources) {
    for (const [arn, statements] of policiesOf(resource, resources)) append(byArn, arn, statements);
  }
  return byArn;
}

function policiesOf(resource: TemplateResource, resources: readonly TemplateResource[]): [string, Statement[]][] {
  const { type, logicalId, properties, attributes } = resource;
  switch (type) {
    case 'AWS::KMS::Key':
      return [[attributes['Arn'] ?? '', compilePolicy(properties['KeyPolicy'], logicalId, 'resource')]];
    case 'AWS::SQS::QueuePolicy': {
      const statements = compilePolicy(properties['PolicyDocument'], logicalId, 'resource');
      const urls = textsIn(properties['Queues'], logicalId);
      const queues = resources.filter((other) => other.type === 'AWS::SQS::Queue' && urls.includes(other.ref));
      return queues.map((queue) => [queue.attributes['Arn'] ?? '', statements]);
    }
    case 'AWS::SNS::TopicPolicy': {
      const statements = compilePolicy(properties['PolicyDocument'], logicalId, 'resource');
      return textsIn(properties['Topics'], logicalId).map((topicArn) => [topicArn, statements]);
    }
    case 'AWS::SecretsManager::ResourcePolicy':
      return [[String(properties['SecretId']), compilePolicy(properties['ResourcePolicy'], logicalId, 'resource')]];
    case 'AWS::Lambda::Permission':
      return [[String(properties['FunctionName']), compilePolicy(permission(properties), logicalId, 'resource')]];
    default:
      return [];
  }
}

/** The statement that Lambda writes into a function's policy for a permission. */
function permission({ Action, FunctionName, Principal, SourceArn, SourceAccount }: JsonObject): JsonObject {
  const Condition: JsonObject = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
  };
  const kind = String(Principal).endsWith('.amazonaws.com') ? 'Service' : 'AWS';
  const grant = { Effect: 'Allow', Action: Action ?? null, Resource: FunctionName ?? null, Condition };
  return { Statement: [{ ...grant, Principal: { [kind]: Principal ?? null } }] };
}

/** Where each type keeps the name of its key. */
const KEY_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::SNS::Topic': 'KmsMasterKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
};

function keyOf({ type, properties, ref, attributes }: TemplateResource): [string, string][] {
  const arn = attributes['Arn'] ?? ref;
  const property = KEY_PROPERTIES[type];
  if (property) return pair(arn, properties[property]);
  if (type === 'AWS::DynamoDB::Table') return pair(arn, member(properties['SSESpecification'], 'KMSMasterKeyId'));
  if (type !== 'AWS::DynamoDB::GlobalTable') return [];
  // Each replica of a global table has its own key; here there is one replica.
  return pair(arn, member(member(items(properties['Replicas'])[0], 'SSESpecification'), 'KMSMasterKeyId'));
}

function pair(arn: string, key: JsonValue | undefined): [string, string][] {
  return typeof key === 'string' ? [[arn, key]] : [];
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
}

function items(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function append(into: Map<string, Statement[]>, key: string, statements: readonly Statement[]): void {
  into.set(key, [...(into.get(key) ?? []), ...statements]);
}
