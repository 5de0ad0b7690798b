import { AwsError, unknownAction } from '../../wire.ts';
import type { Need } from '../authority.ts';
import { arn, type ServiceRequests, textIn } from './need.ts';

/**
 * The function as it was asked for: what names a version or alias is authorised on the qualified ARN
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html).
 */
export function invocationNeed(target: string): Need {
  const resource = target.startsWith('arn:') ? target : arn('lambda', `function:${target}`);
  return { action: 'lambda:InvokeFunction', resource };
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html */
export const lambda: ServiceRequests = {
  needs(action, input) {
    const name = textIn(input, 'FunctionName');
    const qualifier = textIn(input, 'Qualifier');
    if (action === 'Invoke') return [invocationNeed(qualifier === '' ? name : `${name}:${qualifier}`)];
    if (action !== 'GetAlias' && action !== 'UpdateAlias') throw unknownAction('lambda', action);
    return [
      { action: `lambda:${action}`, resource: name.startsWith('arn:') ? name : arn('lambda', `function:${name}`) },
    ];
  },
  refusal: invocationRefusal,
};

export function invocationRefusal(message: string): AwsError {
  return new AwsError('AccessDeniedException', message, { statusCode: 403 });
}
