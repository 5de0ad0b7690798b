import type { JsonObject, JsonValue } from '../../json.ts';
import { REGION } from '../account.ts';
import { type TemplateResource, UnsupportedResource } from '../resource-type.ts';
import type { Authority } from './authority.ts';
import { encryptionContext } from './requests/need.ts';

/** Services that take a role when the resource is made, and refuse one that they may not assume. */
const ROLE_TAKERS: Readonly<Record<string, { readonly path: readonly string[]; readonly service: string }>> = {
  'AWS::Lambda::Function': { path: ['Role'], service: 'lambda.amazonaws.com' },
  'AWS::Scheduler::Schedule': { path: ['Target', 'RoleArn'], service: 'scheduler.amazonaws.com' },
  'AWS::StepFunctions::StateMachine': { path: ['RoleArn'], service: 'states.amazonaws.com' },
};

/**
 * What AWS asks of policies when a stack is deployed: Lambda, Step Functions and Scheduler must be able to assume the roles they
 * are given, and CloudWatch Logs to use the key of a log group
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html).
 *
 * @throws {UnsupportedResource} naming the resource and what is missing
 */
export function checkDeployment(resources: readonly TemplateResource[], authority: Authority): void {
  for (const { type, logicalId, properties, ref } of resources) {
    const taker = ROLE_TAKERS[type];
    if (taker) checkRole(authority, logicalId, taker.service, at(properties, taker.path));
    if (type === 'AWS::Logs::LogGroup') checkLogKey(authority, logicalId, ref, properties['KmsKeyId']);
  }
}

function checkRole(authority: Authority, logicalId: string, service: string, role: JsonValue | undefined): void {
  const refusal = authority.assumeRefusal(service, String(role));
  if (refusal) throw new UnsupportedResource(`${logicalId}: ${service} may not assume ${String(role)}`);
}

function at(properties: JsonObject, path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, key) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? value[key] : undefined;
  }, properties);
}

const LOGS = `logs.${REGION}.amazonaws.com`;

function checkLogKey(authority: Authority, logicalId: string, name: string, key: JsonValue | undefined): void {
  if (typeof key !== 'string') return;
  const accountId = key.split(':')[4] ?? '';
  const group = `arn:aws:logs:${REGION}:${accountId}:log-group:${name}`;
  const context = encryptionContext({ 'aws:logs:arn': group });
  for (const action of ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey']) {
    const refusal = authority.refusal(LOGS, { action, resource: key, context });
    if (refusal) throw new UnsupportedResource(`${logicalId}: ${LOGS} may not ${action} with ${key} for ${group}`);
  }
}
