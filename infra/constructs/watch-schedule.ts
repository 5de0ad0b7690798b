import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import { serviceRole } from './service-role.ts';

export type WatchScheduleProps = { readonly names: Names; readonly watch: IFunction };

/** Twice within the period of the alarms that need it. */
const EVERY_QUARTER_OF_AN_HOUR = 'rate(15 minutes)';

/** Has the open payouts and the balance looked at, again and again. A call that fails is not repeated: the next one comes. */
export class WatchSchedule extends Construct {
  constructor(scope: Construct, id: string, { names, watch }: WatchScheduleProps) {
    super(scope, id);
    const role = serviceRole(this, 'Role', {
      service: 'scheduler.amazonaws.com',
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [watch.functionArn] })],
    });
    new CfnSchedule(this, 'Schedule', {
      name: names.watchSchedule,
      description: 'Measures the oldest open payout and the balance of the mAccount.',
      scheduleExpression: EVERY_QUARTER_OF_AN_HOUR,
      flexibleTimeWindow: { mode: 'OFF' },
      state: 'ENABLED',
      target: {
        arn: watch.functionArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
      },
    }).node.addDependency(role);
  }
}
