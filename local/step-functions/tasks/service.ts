import { AwsError } from '../../aws/wire.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import { isObject } from '../data.ts';
import { TaskError } from '../errors.ts';
import type { Resource } from '../resource.ts';
import type { TaskCall } from '../task-runner.ts';
import { OPTIMISED_ERRORS, SDK_ERRORS, toTaskError } from './error-names.ts';
import { sdkMetadata } from './metadata.ts';

/** Calls an AWS API as a role: `aws('dynamodb', 'PutItem', {...}, roleArn)`. Rejects with AwsError. */
export type CallAws = (service: string, action: string, input: JsonObject, roleArn: string) => Promise<JsonObject>;

type ServiceResource = Extract<Resource, { kind: 'service' }>;

/** Members that hold text in the API, and any JSON in a task's Arguments: what is no string is written as JSON. */
const JSON_TEXT: Readonly<Record<string, readonly string[]>> = {
  sns: ['Message'],
  sqs: ['MessageBody'],
  states: ['Input', 'Output'],
};

/**
 * A task that is one call of an AWS API.
 * @throws {TaskError} named as AWS names it: see error-names.ts
 */
export async function runService(
  resource: ServiceResource,
  call: TaskCall,
  aws: CallAws,
  requestId: string,
): Promise<JsonValue> {
  const isSdk = resource.resourceType.startsWith('aws-sdk:');
  const name = isSdk ? resource.resourceType.slice('aws-sdk:'.length) : resource.resourceType;
  const naming = (isSdk ? SDK_ERRORS : OPTIMISED_ERRORS)[name];
  if (!naming) throw new TaskError('States.Runtime', `${resource.text} is not run by the local Step Functions`);
  const service = name === 'sfn' ? 'states' : name;
  const action = upperFirst(resource.action);
  const input = toApi(service, call.arguments);
  const answer = await aws(service, action, input, call.roleArn).catch((error: unknown) => {
    throw error instanceof AwsError ? toTaskError(error, naming, requestId) : error;
  });
  const result = fromApi(service, answer);
  return isSdk ? result : { ...result, ...sdkMetadata(requestId, 'application/x-amz-json-1.0') };
}

function toApi(service: string, taskArguments: JsonValue): JsonObject {
  if (!isObject(taskArguments)) throw new TaskError('States.Runtime', 'The Arguments of a task must be an object');
  const jsonText = JSON_TEXT[service] ?? [];
  const input: JsonObject = {};
  for (const [key, value] of Object.entries(taskArguments)) {
    const text = jsonText.includes(key) && typeof value !== 'string' ? JSON.stringify(value) : value;
    input[service === 'states' ? lowerFirst(key) : key] = text;
  }
  return input;
}

/** Step Functions' own API speaks camelCase; tasks show every API in PascalCase. */
function fromApi(service: string, answer: JsonObject): JsonObject {
  if (service !== 'states') return answer;
  return Object.fromEntries(Object.entries(answer).map(([key, value]) => [upperFirst(key), value]));
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function upperFirst(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
