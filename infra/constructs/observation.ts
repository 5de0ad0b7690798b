import { Construct } from 'constructs';
import type { AlarmTopic } from './alarm-topic.ts';
import { Dashboards, type DashboardsProps } from './dashboards.ts';
import { FailedSettlements } from './failed-settlements.ts';
import type { PayoutsApi } from './payouts-api.ts';
import { SavedQueries } from './saved-queries.ts';
import { StandingAlarms } from './standing-alarms.ts';

export type ObservationProps = Omit<DashboardsProps, 'apiStage'> & {
  readonly alarmTopic: AlarmTopic;
  readonly api: PayoutsApi;
};

/** All that watches a stage as a whole: alarms, who failed, saved questions, two dashboards. The single payout is watched by alarms.ts. */
export class Observation extends Construct {
  readonly alarms: StandingAlarms;

  constructor(scope: Construct, id: string, { alarmTopic: { topic }, api, ...props }: ObservationProps) {
    super(scope, id);
    const { names, functions, machines } = props;
    const apiStage = api.api.deploymentStage;
    this.alarms = new StandingAlarms(this, 'Alarms', { ...props, topic, apiStage });
    new FailedSettlements(this, 'FailedSettlements', { settlement: machines.settlement.machine, topic });
    new SavedQueries(this, 'SavedQueries', {
      names,
      logGroups: {
        functions: functions.logGroups,
        apiAccess: api.accessLogs,
        submissions: machines.submissionLogs,
        settlements: machines.settlementLogs,
      },
    });
    new Dashboards(this, 'Dashboards', { ...props, apiStage });
  }
}
