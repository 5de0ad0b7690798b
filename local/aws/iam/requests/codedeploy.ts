import { AwsError, unknownAction } from '../../wire.ts';
import { arn, type ServiceRequests, textIn } from './need.ts';

/**
 * What a hook says of a deployment is authorised on the deployment's group
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html).
 */
export function codeDeployRequests(groupOf: (deploymentId: string) => string | undefined): ServiceRequests {
  return {
    needs(action, input) {
      if (action !== 'PutLifecycleEventHookExecutionStatus') throw unknownAction('codedeploy', action);
      const group = groupOf(textIn(input, 'deploymentId'));
      // What is no deployment is refused by the service.
      if (group === undefined) return [];
      return [{ action: `codedeploy:${action}`, resource: arn('codedeploy', `deploymentgroup:${group}`) }];
    },
    refusal: (message) => new AwsError('AccessDeniedException', message),
  };
}
