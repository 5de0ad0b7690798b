import { AwsError, unknownAction } from '../../wire.ts';
import type { Need } from '../authority.ts';
import { arn, type ServiceRequests, textIn } from './need.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
export const logs: ServiceRequests = {
  needs(action, input) {
    if (action === 'DescribeLogGroups') return [{ action: 'logs:DescribeLogGroups', resource: '*' }];
    if (action !== 'FilterLogEvents') throw unknownAction('logs', action);
    const group = textIn(input, 'logGroupName') || textIn(input, 'logGroupIdentifier');
    const resource = group.startsWith('arn:') ? group : arn('logs', `log-group:${group}:*`);
    return [{ action: 'logs:FilterLogEvents', resource }];
  },
  refusal: (message) => new AwsError('AccessDeniedException', message),
};

/**
 * What a function's role needs for what the function prints: Lambda writes it with the execution role
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html). The log group's key is used by CloudWatch
 * Logs itself, whoever writes.
 */
export function logWritingNeeds(logGroupName: string, logStreamName: string): Need[] {
  const resource = arn('logs', `log-group:${logGroupName}:log-stream:${logStreamName}`);
  return [
    { action: 'logs:CreateLogStream', resource },
    { action: 'logs:PutLogEvents', resource },
  ];
}
