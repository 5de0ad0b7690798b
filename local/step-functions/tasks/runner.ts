import { randomUUID } from 'node:crypto';
import { TaskError } from '../errors.ts';
import { parseResource } from '../resource.ts';
import type { TaskRunner } from '../task-runner.ts';
import { type InvokeLambda, runFunction, runLambdaInvoke } from './lambda.ts';
import { isRunnable } from './runnable.ts';
import { type CallAws, runService } from './service.ts';

export type TaskRunnerDeps = {
  readonly invokeLambda: InvokeLambda;
  readonly aws: CallAws;
  /** Request ids, which are seen in results and causes. Random by default. */
  readonly newId?: () => string;
};

/** A task runner over the local AWS: functions, `lambda:invoke`, and services by their optimised or SDK integration. */
export function createTaskRunner({ invokeLambda, aws, newId = randomUUID }: TaskRunnerDeps): TaskRunner {
  return async (call) => {
    const resource = parseResource(call.resource);
    if (!resource || resource.kind === 'activity' || !isRunnable(resource)) {
      throw new TaskError('States.Runtime', `${call.resource} is not run by the local Step Functions`);
    }
    if (resource.kind === 'lambda-function') return runFunction(call, invokeLambda, newId());
    if (resource.resourceType === 'lambda') return runLambdaInvoke(call, invokeLambda, newId());
    return runService(resource, call, aws, newId());
  };
}
