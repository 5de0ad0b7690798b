import { type CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } from '@aws-sdk/client-codedeploy';
import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type FunctionVersions, type LifecycleHook, NotAllowedYetError } from '../smoke-test/ports.ts';

/** Calls versions of functions and waits for their answers. */
export function createFunctionVersions(client: LambdaClient): FunctionVersions {
  return {
    async invoke(versionArn, event) {
      try {
        const { Payload, FunctionError } = await client.send(
          new InvokeCommand({ FunctionName: versionArn, Payload: JSON.stringify(event) }),
        );
        return { payload: JSON.parse(Payload?.transformToString() ?? 'null'), isError: FunctionError !== undefined };
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'AccessDeniedException') throw error;
        throw new NotAllowedYetError(error.message, { cause: error });
      }
    },
  };
}

/** Says to CodeDeploy how a hook has ended. Safe to repeat. */
export function createLifecycleHook(client: CodeDeployClient): LifecycleHook {
  return {
    async report({ deploymentId, executionId }, status) {
      await client.send(
        new PutLifecycleEventHookExecutionStatusCommand({
          deploymentId,
          lifecycleEventHookExecutionId: executionId,
          status,
        }),
      );
    },
  };
}
