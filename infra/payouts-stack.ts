import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { alarmEmailOf } from './constructs/alarm-email.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { Alarms } from './constructs/alarms.ts';
import { Deployments } from './constructs/deployments.ts';
import { Keys } from './constructs/keys.ts';
import { LiveVersions } from './constructs/live-versions.ts';
import { Observation } from './constructs/observation.ts';
import { PayoutFunctions } from './constructs/payout-functions.ts';
import { PayoutsApi } from './constructs/payouts-api.ts';
import { alarmsAsPublisher, eventRulesAsPublisher } from './constructs/publisher.ts';
import { ReconciliationSchedule } from './constructs/reconciliation-schedule.ts';
import { ResourcesParameter } from './constructs/resources-parameter.ts';
import { Secrets } from './constructs/secrets.ts';
import { StateMachines } from './constructs/state-machines.ts';
import { Tables } from './constructs/tables.ts';
import { WatchSchedule } from './constructs/watch-schedule.ts';
import { WebhookQueue } from './constructs/webhook-queue.ts';
import { type AnyFunctionName, SMOKE_TEST } from './function-names.ts';
import { namesOf } from './names.ts';
import type { Stage } from './stages.ts';

export type PayoutsStackProps = StackProps & {
  readonly stage: Stage;
  readonly codeOf: (name: AnyFunctionName) => Code;
};

/** One stage of the payouts, whole. */
export class PayoutsStack extends Stack {
  constructor(scope: Construct, id: string, { stage, codeOf, ...props }: PayoutsStackProps) {
    super(scope, id, { ...props, terminationProtection: stage.removal === 'retain' });
    const names = namesOf(stage.name);
    const common = { stage, names };

    const keys = new Keys(this, 'Keys', common);
    const tables = new Tables(this, 'Tables', { ...common, key: keys.data });
    const secrets = new Secrets(this, 'Secrets', { ...common, key: keys.data });
    const webhooks = new WebhookQueue(this, 'WebhookQueue', { ...common, key: keys.data });
    const alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      topicName: names.alarmTopic,
      key: keys.telemetry,
      publishers: [alarmsAsPublisher(this, names.alarm('*')), eventRulesAsPublisher()],
      email: alarmEmailOf(this),
    });
    new Alarms(this, 'Alarms', { ...common, topic: alarmTopic.topic, webhooks });
    const functions = new PayoutFunctions(this, 'Functions', {
      ...common,
      keys,
      tables,
      secrets,
      webhooks,
      codeOf,
    });
    webhooks.feed(functions.live('RetryWebhook'));
    const machines = new StateMachines(this, 'StateMachines', {
      ...common,
      logKey: keys.telemetry,
      functions,
      tables,
      alarmTopic,
    });
    new LiveVersions(this, 'LiveVersions', { names, functions, machines });
    new ReconciliationSchedule(this, 'ReconciliationSchedule', { ...common, machine: machines.reconciliation });
    new WatchSchedule(this, 'WatchSchedule', { names, watch: functions.live('WatchPayouts') });
    const api = new PayoutsApi(this, 'PayoutsApi', {
      ...common,
      logKey: keys.telemetry,
      submission: machines.submission,
      readPayouts: functions.live('ReadPayouts'),
      receiveWebhook: functions.live('ReceiveWebhook'),
    });

    const observation = new Observation(this, 'Observation', {
      ...common,
      alarmTopic,
      functions,
      machines,
      tables,
      api,
      queues: { 'webhooks that wait': webhooks.retry, 'dead letters': webhooks.deadLetters },
    });

    new Deployments(this, 'Deployments', {
      ...common,
      logKey: keys.telemetry,
      functions,
      code: codeOf(SMOKE_TEST),
      alarms: observation.alarms.ofDeployments,
    });

    const resources = new ResourcesParameter(this, 'Resources', {
      ...common,
      api,
      tables,
      keys,
      machines,
      webhooks,
      alarmTopic,
    });
    new CfnOutput(this, 'ApiUrl', { value: api.url, description: 'Base URL of the API.' });
    new CfnOutput(this, 'ResourcesParameter', {
      value: resources.parameter.parameterName,
      description: 'SSM parameter that names everything else.',
    });
  }
}
