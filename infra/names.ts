import { type AnyFunctionName, folderOf } from './function-names.ts';

/**
 * The physical names that people and the command line look for; everything else is named by CloudFormation. A name known before its
 * resource exists also lets a role point at what in turn needs that role, without a cycle.
 */
export function namesOf(stageName: string) {
  const prefix = `payouts-${stageName}`;
  return {
    prefix,
    submissionMachine: `${prefix}-submission`,
    settlementMachine: `${prefix}-settlement`,
    reconciliationMachine: `${prefix}-reconciliation`,
    reconciliationSchedule: `${prefix}-reconciliation`,
    watchSchedule: `${prefix}-watch`,
    functionOf: (name: AnyFunctionName) => `${prefix}-${folderOf(name)}`,
    table: (name: 'transactions' | 'customers' | 'controls' | 'idempotency') => `${prefix}-${name}`,
    keyAlias: (name: 'destinations' | 'data' | 'telemetry') => `alias/${prefix}-${name}`,
    apiKeySecret: `monoova/${stageName}/api-key`,
    webhookSecret: `monoova/${stageName}/webhook`,
    api: prefix,
    /** Of CodeDeploy; its groups are named as the functions that they deploy. */
    deployments: prefix,
    webAcl: prefix,
    alarmTopic: `${prefix}-alarms`,
    /** By the metric that it watches. */
    alarm: (metricName: string) => `${prefix}-${metricName}`,
    webhookRetryQueue: `${prefix}-webhook-retry`,
    webhookDeadLetterQueue: `${prefix}-webhook-dead-letters`,
    resourcesParameter: `/payouts/${stageName}/resources`,
    liveVersionsParameter: `/payouts/${stageName}/live-versions`,
    logGroups: {
      functionOf: (name: AnyFunctionName) => `/aws/lambda/${prefix}-${folderOf(name)}`,
      /** The prefix keeps the resource policy of Logs, which all vended logs share, from outgrowing its 5,120 characters. */
      machine: (machineName: string) => `/aws/vendedlogs/states/${machineName}`,
      apiAccess: `/aws/apigateway/${prefix}-access`,
      /** WAF writes only to names that begin so. */
      webAcl: `aws-waf-logs-${prefix}`,
      /** API Gateway writes there and nowhere else. */
      apiExecution: (apiId: string) => `API-Gateway-Execution-Logs_${apiId}/${stageName}`,
    },
  } as const;
}

export type Names = ReturnType<typeof namesOf>;
