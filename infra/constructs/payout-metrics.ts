import type { Duration } from 'aws-cdk-lib';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS_NAMESPACE, SERVICE } from '../../functions/powertools/service.ts';
import type { MeasureName, MetricName } from '../../functions/shared/ports.ts';
import type { Stage } from '../stages.ts';

type MetricOptions = { readonly period: Duration; readonly label?: string };

/** What the functions count and measure (functions/powertools/metrics.ts), as alarms and dashboards ask for it. */
export class PayoutMetrics {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  counted(name: MetricName, options: MetricOptions): Metric {
    return this.#metric(name, Stats.SUM, options);
  }

  /** `statistic` such as `Sum`, `SampleCount` or `p95`. */
  measured(name: MeasureName, statistic: string, options: MetricOptions): Metric {
    return this.#metric(name, statistic, options);
  }

  /**
   * Of the payouts whose outcome came within the period, how many percent were paid; 100 while there are fewer than `least`, since one of two
   * is half. Returned ones count as paid first and as failed when they come back.
   */
  successPercent(period: Duration, least: number): MathExpression {
    const of = (name: MetricName) => this.counted(name, { period });
    return new MathExpression({
      label: 'Paid, % of the outcomes',
      period,
      usingMetrics: {
        paid: of('PayoutCompleted'),
        rejected: of('PayoutRejected'),
        returned: of('PayoutReturned'),
        failed: of('PayoutFailed'),
      },
      expression: `IF(${TOTAL} >= ${least}, 100 * FILL(paid, 0) / ${TOTAL}, 100)`,
    });
  }

  #metric(metricName: string, statistic: string, { period, label }: MetricOptions): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: SERVICE, stage: this.#stage.name },
      statistic,
      period,
      ...(label === undefined ? {} : { label }),
    });
  }
}

const TOTAL = '(FILL(paid, 0) + FILL(rejected, 0) + FILL(returned, 0) + FILL(failed, 0))';
