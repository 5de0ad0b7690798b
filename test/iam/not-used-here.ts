import type { Grant } from '../../local/aws/iam/grants.ts';
import { conditionsOf } from './template-without.ts';

/** A grant that AWS needs and nothing of the local run can use. `holder`, `condition` and `resource` are parts of the grant's. */
type NotUsedHere = {
  readonly holder?: string;
  readonly action: string;
  readonly resource?: string;
  readonly condition?: string;
  readonly reason: string;
};

const TABLE_KEY =
  'the least that DynamoDB asks of whoever uses a table under a customer-managed key ' +
  '(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html); of these only kms:Decrypt is ' +
  'documented as called for each user of the table, the others when DynamoDB sets up or changes the key of the table';
const LOG_DELIVERY =
  'Step Functions sets up the delivery of its logs with it when a machine is made ' +
  '(https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html); here logs are written without a delivery';
const TRACES =
  'X-Ray is not run here (https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html)';

const DEPLOYMENTS =
  'CodeDeploy turns an alias with it (AWS managed policy AWSCodeDeployRoleForLambdaLimited); here the template is deployed once, and no ' +
  'alias is turned by anybody but `payouts rollback`';

export const NOT_USED_HERE: readonly NotUsedHere[] = [
  { holder: 'DeploymentsRole', action: 'sts:AssumeRole', reason: DEPLOYMENTS },
  { action: 'cloudwatch:DescribeAlarms', reason: DEPLOYMENTS },
  { action: 'lambda:GetAlias', reason: DEPLOYMENTS },
  { action: 'lambda:GetProvisionedConcurrencyConfig', reason: DEPLOYMENTS },
  { action: 'lambda:UpdateAlias', reason: DEPLOYMENTS },
  { action: 'lambda:InvokeFunction', resource: 'function:payouts-dev-smoke-test', reason: DEPLOYMENTS },
  ...['kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'].map(
    (action) => ({
      action,
      condition: 'kms:ViaService dynamodb.',
      reason: TABLE_KEY,
    }),
  ),
  { action: 'logs:CreateLogDelivery', reason: LOG_DELIVERY },
  { action: 'logs:DeleteLogDelivery', reason: LOG_DELIVERY },
  { action: 'logs:DescribeLogGroups', reason: LOG_DELIVERY },
  { action: 'logs:DescribeResourcePolicies', reason: LOG_DELIVERY },
  { action: 'logs:GetLogDelivery', reason: LOG_DELIVERY },
  { action: 'logs:ListLogDeliveries', reason: LOG_DELIVERY },
  { action: 'logs:PutResourcePolicy', reason: LOG_DELIVERY },
  { action: 'logs:UpdateLogDelivery', reason: LOG_DELIVERY },
  { action: 'xray:GetSamplingRules', reason: TRACES },
  { action: 'xray:GetSamplingTargets', reason: TRACES },
  { action: 'xray:PutTelemetryRecords', reason: TRACES },
  { action: 'xray:PutTraceSegments', reason: TRACES },
];

export function notUsedHere(grant: Grant): NotUsedHere | undefined {
  return NOT_USED_HERE.find(
    ({ holder = '', action, resource = '', condition = '' }) =>
      grant.action === action &&
      grant.holder.includes(holder) &&
      grant.resource.includes(resource) &&
      conditionsOf(grant).includes(condition),
  );
}
