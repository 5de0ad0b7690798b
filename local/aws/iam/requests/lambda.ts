import { AwsError } from '../../wire.ts';
import type { Need } from '../authority.ts';
import { arn } from './need.ts';

/**
 * The function as it was asked for: what names a version or alias is authorised on the qualified ARN
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html).
 */
export function invocationNeed(target: string): Need {
  const resource = target.startsWith('arn:') ? target : arn('lambda', `function:${target}`);
  return { action: 'lambda:InvokeFunction', resource };
}

export function invocationRefusal(message: string): AwsError {
  return new AwsError('AccessDeniedException', message, { statusCode: 403 });
}
