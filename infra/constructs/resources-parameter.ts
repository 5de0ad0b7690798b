import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import type { AlarmTopic } from './alarm-topic.ts';
import type { Keys } from './keys.ts';
import { CLIENT_METHODS, type PayoutsApi } from './payouts-api.ts';
import type { StateMachines } from './state-machines.ts';
import type { Tables } from './tables.ts';
import type { WebhookQueue } from './webhook-queue.ts';

export type ResourcesParameterProps = {
  readonly stage: Stage;
  readonly names: Names;
  readonly api: PayoutsApi;
  readonly tables: Tables;
  readonly keys: Keys;
  readonly machines: StateMachines;
  readonly webhooks: WebhookQueue;
  readonly alarmTopic: AlarmTopic;
};

/** What the command line needs to find a deployed stage. Names and ARNs only; secrets are read from where they are. */
export class ResourcesParameter extends Construct {
  readonly parameter: StringParameter;

  constructor(scope: Construct, id: string, props: ResourcesParameterProps) {
    super(scope, id);
    const { stage, names, api, tables, keys, machines, webhooks, alarmTopic } = props;
    const stack = Stack.of(this);
    this.parameter = new StringParameter(this, 'Parameter', {
      parameterName: names.resourcesParameter,
      description: 'Where the payouts of this stage live, for the command line.',
      stringValue: stack.toJsonString({
        api_url: api.url,
        api_id: api.api.restApiId,
        client_methods: CLIENT_METHODS.join(','),
        requests_per_second: stage.throttling.requestsPerSecond,
        requests_burst: stage.throttling.burst,
        region: stack.region,
        transactions_table: tables.transactions.tableName,
        customers_table: tables.customers.tableName,
        controls_table: tables.controls.tableName,
        destinations_key_arn: keys.destinations.keyArn,
        submission_state_machine_arn: machines.submission.machine.stateMachineArn,
        settlement_state_machine_arn: machines.settlement.machine.stateMachineArn,
        reconciliation_state_machine_arn: machines.reconciliation.liveArn,
        submission_log_group: machines.submissionLogs.logGroupName,
        webhook_retry_queue_url: webhooks.retry.queueUrl,
        webhook_dead_letter_queue_url: webhooks.deadLetters.queueUrl,
        alarm_topic_arn: alarmTopic.topic.topicArn,
        daily_stage_limit_cents: stage.dailyLimits.stageCents,
        daily_customer_limit_cents: stage.dailyLimits.customerCents,
        api_key_secret: names.apiKeySecret,
        webhook_secret: names.webhookSecret,
        monoova_environment: stage.monoova.environment,
        monoova_hosts: stage.monoova.hosts.join(','),
      }),
    });
  }
}
