import type { Resource } from '../resource.ts';

/** Optimised integrations that are run here, each with its own error names and result (see optimised.ts). */
const OPTIMISED: Readonly<Record<string, readonly string[]>> = {
  lambda: ['invoke'],
  dynamodb: ['getItem', 'putItem', 'updateItem', 'deleteItem'],
  states: ['startExecution'],
  sns: ['publish'],
  sqs: ['sendMessage'],
};

/** Optimised integrations that AWS offers with a callback. */
const CALLBACK: readonly string[] = ['lambda', 'states', 'sns', 'sqs'];

/** Services behind `aws-sdk:` that are run here, any action of theirs. */
const SDK_SERVICES: readonly string[] = ['dynamodb', 'kms', 'secretsmanager', 'sfn', 'sns', 'sqs', 'ssm'];

/** Whether a task runner made by createTaskRunner runs the resource. */
export function isRunnable(resource: Resource): boolean {
  if (resource.kind === 'activity') return false;
  if (resource.kind === 'lambda-function') return true;
  const { resourceType, action, pattern } = resource;
  if (pattern === 'sync') return false;
  if (resourceType.startsWith('aws-sdk:')) return SDK_SERVICES.includes(resourceType.slice('aws-sdk:'.length));
  if (!OPTIMISED[resourceType]?.includes(action)) return false;
  return pattern === 'request-response' || CALLBACK.includes(resourceType);
}
