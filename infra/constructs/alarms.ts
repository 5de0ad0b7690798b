import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE, SERVICE } from '../../functions/powertools/service.ts';
import type { MetricName } from '../../functions/shared/ports.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import type { WebhookQueue } from './webhook-queue.ts';

export type AlarmsProps = {
  readonly stage: Stage;
  readonly names: Names;
  readonly topic: ITopic;
  readonly webhooks: Pick<WebhookQueue, 'retry' | 'deadLetters'>;
};

/** One of these a minute is one too many: what has happened, and the page of docs/runbook.md that says what to do. */
const ALARMS = {
  PayoutConflict: { happened: 'Facts about a payout cannot all be true.', page: 'Facts contradict each other' },
  PayoutEscalated: { happened: 'The outcome of a payout is still unknown.', page: 'A payout was escalated' },
  BreakerOpened: { happened: 'Nothing is submitted: the line to Monoova fails.', page: 'The breaker is open' },
  MonoovaCredentialsRefused: { happened: 'Monoova refuses our key.', page: 'Monoova refuses our key' },
} as const satisfies Partial<Record<MetricName, { readonly happened: string; readonly page: string }>>;

type AlarmName = keyof typeof ALARMS;

type Watched = {
  readonly happened: string;
  readonly page: string;
  readonly metric: Metric;
  readonly threshold: number;
};

/** What passes by itself has passed by then; what has not waits up to 42 minutes before it is a dead letter (retry-webhook). */
const AGE_MAX_SECONDS = 900;

/**
 * Calls the people on call for what no machine may decide. A metric without a data point is quiet: the functions write one only
 * where there was something to count.
 */
export class Alarms extends Construct {
  readonly #names: Names;
  readonly #action: SnsAction;

  constructor(scope: Construct, id: string, { stage, names, topic, webhooks }: AlarmsProps) {
    super(scope, id);
    this.#names = names;
    this.#action = new SnsAction(topic);
    for (const name of Object.keys(ALARMS) as AlarmName[]) {
      this.#alarm(name, { ...ALARMS[name], metric: counted(name, stage), threshold: 1 });
    }
    const { deadLetters, retry } = webhooks;
    const period = Duration.minutes(1);
    this.#alarm('WebhookDeadLetters', {
      happened: 'A webhook could not be applied, or nobody can read it.',
      page: 'Webhooks wait or are dead letters',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
      threshold: 1,
    });
    this.#alarm('WebhookRetryAge', {
      happened: 'A webhook has waited for a quarter of an hour.',
      page: 'Webhooks wait or are dead letters',
      metric: retry.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM }),
      threshold: AGE_MAX_SECONDS,
    });
  }

  #alarm(name: string, { happened, page, metric, threshold }: Watched): void {
    const alarm = new Alarm(this, name, {
      alarmName: this.#names.alarm(name),
      alarmDescription: `${happened} Next step: docs/runbook.md, "${page}".`,
      metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(this.#action);
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
