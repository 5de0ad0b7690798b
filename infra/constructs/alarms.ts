import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE, SERVICE } from '../../functions/powertools/service.ts';
import type { MetricName } from '../../functions/shared/ports.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';

export type AlarmsProps = { readonly stage: Stage; readonly names: Names; readonly topic: ITopic };

/** One of these a minute is one too many: what has happened, and the page of docs/runbook.md that says what to do. */
const ALARMS = {
  PayoutConflict: { happened: 'Facts about a payout cannot all be true.', page: 'Facts contradict each other' },
  PayoutEscalated: { happened: 'The outcome of a payout is still unknown.', page: 'A payout was escalated' },
  BreakerOpened: { happened: 'Nothing is submitted: the line to Monoova fails.', page: 'The breaker is open' },
  MonoovaCredentialsRefused: { happened: 'Monoova refuses our key.', page: 'Monoova refuses our key' },
} as const satisfies Partial<Record<MetricName, { readonly happened: string; readonly page: string }>>;

type AlarmName = keyof typeof ALARMS;

/**
 * Calls the people on call for what no machine may decide. A metric without a data point is quiet: the functions write one only
 * where there was something to count.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { stage, names, topic }: AlarmsProps) {
    super(scope, id);
    const action = new SnsAction(topic);
    for (const name of Object.keys(ALARMS) as AlarmName[]) {
      const { happened, page } = ALARMS[name];
      const alarm = new Alarm(this, name, {
        alarmName: names.alarm(name),
        alarmDescription: `${happened} Next step: docs/runbook.md, "${page}".`,
        metric: counted(name, stage),
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
    }
  }
}

/** What the functions count (functions/powertools/metrics.ts), by the minute. */
function counted(metricName: MetricName, stage: Stage): Metric {
  return new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service: SERVICE, stage: stage.name },
    statistic: Stats.SUM,
    period: Duration.minutes(1),
  });
}
