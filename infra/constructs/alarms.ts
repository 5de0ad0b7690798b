import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { MetricName } from '../../functions/shared/ports.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import { PayoutMetrics } from './payout-metrics.ts';
import { watch } from './watch.ts';
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

/** What passes by itself has passed by then; what has not waits up to 42 minutes before it is a dead letter (retry-webhook). */
const RETRY_AGE_MAX_SECONDS = 900;
/** The first alarm has been there for a day, and somebody has looked away. */
const DEAD_LETTER_AGE_MAX_SECONDS = 86_400;
const MINUTE = Duration.minutes(1);

/**
 * Calls the people on call for what no machine may decide. A metric without a data point is quiet: the functions write one only
 * where there was something to count.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const metrics = new PayoutMetrics(props.stage);
    for (const name of Object.keys(ALARMS) as AlarmName[]) {
      watch(this, props, { name, ...ALARMS[name], metric: metrics.counted(name, { period: MINUTE }), threshold: 1 });
    }
    this.#queues(props);
  }

  #queues(props: AlarmsProps): void {
    const { deadLetters, retry } = props.webhooks;
    const options = { period: MINUTE, statistic: Stats.MAXIMUM };
    const page = 'Webhooks wait or are dead letters';
    watch(this, props, {
      name: 'WebhookDeadLetters',
      happened: 'A webhook could not be applied, or nobody can read it.',
      page,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible(options),
      threshold: 1,
    });
    watch(this, props, {
      name: 'WebhookDeadLettersAge',
      happened: 'A webhook that could not be applied has lain for a day.',
      page,
      metric: deadLetters.metricApproximateAgeOfOldestMessage(options),
      threshold: DEAD_LETTER_AGE_MAX_SECONDS,
    });
    watch(this, props, {
      name: 'WebhookRetryAge',
      happened: 'A webhook has waited for a quarter of an hour.',
      page,
      metric: retry.metricApproximateAgeOfOldestMessage(options),
      threshold: RETRY_AGE_MAX_SECONDS,
    });
  }
}
