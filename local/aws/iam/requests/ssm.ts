import type { JsonValue } from '../../../json.ts';
import { AwsError, unknownAction } from '../../wire.ts';
import { arn, type ServiceRequests, textIn } from './need.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssm: ServiceRequests = {
  needs(action, input) {
    const on = (name: string) => ({ action: `ssm:${action}`, resource: parameterArn(name) });
    switch (action) {
      case 'GetParameter':
      case 'GetParameterHistory':
      case 'PutParameter':
        return [on(textIn(input, 'Name'))];
      case 'GetParametersByPath':
        return [on(textIn(input, 'Path'))];
      case 'GetParameters':
        return namesIn(input['Names']).map(on);
      default:
        throw unknownAction('ssm', action);
    }
  },
  refusal: (message) => new AwsError('AccessDeniedException', message),
};

/** A name without a leading slash gets one in its ARN. */
function parameterArn(name: string): string {
  return name.startsWith('arn:') ? name : arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);
}

function namesIn(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
