import type { JsonObject } from '../../json.ts';

/**
 * Policies that AWS keeps itself, as the AWS Managed Policy Reference prints them
 * (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html). Any other stops the start by its name.
 */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, JsonObject>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': allow([
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]),
  'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess': allow([
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ]),
};

function allow(actions: string[]): JsonObject {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
}
