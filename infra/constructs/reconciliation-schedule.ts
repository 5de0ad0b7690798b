import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { Names } from '../names.ts';
import type { PayoutMachine } from './payout-machine.ts';
import { serviceRole } from './service-role.ts';

export type ReconciliationScheduleProps = { readonly names: Names; readonly machine: PayoutMachine };

/**
 * Early enough that people find the report in the morning, late enough that the day before has ended everywhere, also for a payout that
 * was sent at midnight and whose webhook was repeated. Not between two and three, which is twice or never on two days of a year.
 */
const EVERY_DAY_AT_HALF_PAST_FIVE = 'cron(30 5 * * ? *)';
/** Monoova's books are kept by the day in Sydney. */
const TIME_ZONE = 'Australia/Sydney';
/** A start that fails for an hour is made up for by the next day's overlap, or by the command. */
const TRY_FOR_SECONDS = 3_600;
const TRIES_MAX = 10;

/** Starts the reconciliation of yesterday once a day. Two starts of one day do no harm: every step of it may be repeated. */
export class ReconciliationSchedule extends Construct {
  constructor(scope: Construct, id: string, { names, machine }: ReconciliationScheduleProps) {
    super(scope, id);
    const role = serviceRole(this, 'Role', {
      service: 'scheduler.amazonaws.com',
      statements: [machine.starting('states:StartExecution')],
    });
    new CfnSchedule(this, 'Schedule', {
      name: names.reconciliationSchedule,
      description: 'Reconciles yesterday with the books of Monoova.',
      scheduleExpression: EVERY_DAY_AT_HALF_PAST_FIVE,
      scheduleExpressionTimezone: TIME_ZONE,
      flexibleTimeWindow: { mode: 'OFF' },
      state: 'ENABLED',
      target: {
        arn: machine.liveArn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumEventAgeInSeconds: TRY_FOR_SECONDS, maximumRetryAttempts: TRIES_MAX },
      },
    }).node.addDependency(role);
  }
}
