import type { JsonObject, JsonValue } from '../../json.ts';
import { REGION } from '../account.ts';
import { sessionArn } from '../credentials.ts';
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
 * are given, CloudWatch Logs to use the key of a log group
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html), and a function that is fed from a queue to read it
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 *
 * @throws {UnsupportedResource} naming the resource and what is missing
 */
export function checkDeployment(resources: readonly TemplateResource[], authority: Authority): void {
  for (const { type, logicalId, properties, ref } of resources) {
    const taker = ROLE_TAKERS[type];
    if (taker) checkRole(authority, logicalId, taker.service, at(properties, taker.path));
    if (type === 'AWS::Lambda::EventSourceMapping') checkFeed(authority, { logicalId, properties }, resources);
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

function checkFeed(
  authority: Authority,
  { logicalId, properties }: Pick<TemplateResource, 'logicalId' | 'properties'>,
  resources: readonly TemplateResource[],
): void {
  const named = String(properties['FunctionName']);
  // By its name or its ARN, with or without a version or alias.
  const name = named.split(':')[named.startsWith('arn:') ? 6 : 0];
  const fed = resources.find(({ type, ref }) => type === 'AWS::Lambda::Function' && ref === name);
  const caller = sessionArn(String(fed?.properties['Role']));
  for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
    const need = { action: `sqs:${action}`, resource: String(properties['EventSourceArn']) };
    if (!authority.refusal(caller, need)) continue;
    // In Lambda's words.
    const words = `The provided execution role does not have permissions to call ${action} on SQS`;
    throw new UnsupportedResource(`${logicalId}: ${words}`);
  }
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
