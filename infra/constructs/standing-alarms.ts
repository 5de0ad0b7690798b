import { Duration } from 'aws-cdk-lib';
import type { Stage as ApiStage } from 'aws-cdk-lib/aws-apigateway';
import {
  type Alarm,
  AnomalyDetectionAlarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { FUNCTION_NAMES, type FunctionName, folderOf } from '../function-names.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import type { PayoutFunctions } from './payout-functions.ts';
import { PayoutMetrics } from './payout-metrics.ts';
import type { StateMachines } from './state-machines.ts';
import type { Tables } from './tables.ts';
import { type Watched, watch } from './watch.ts';

export type StandingAlarmsProps = {
  readonly stage: Stage;
  readonly names: Names;
  readonly topic: ITopic;
  readonly functions: PayoutFunctions;
  readonly machines: StateMachines;
  readonly tables: Tables;
  readonly apiStage: ApiStage;
};

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);
const HALF_AN_HOUR = Duration.minutes(30);
const HOUR = Duration.hours(1);
/** The longest that an alarm may look back in one period. */
const DAY = Duration.days(1);

/** The plan's figures: more than five errors in five minutes, twice in a row. */
const FUNCTION_ERRORS = { threshold: 6, periods: 2 };
/** The plan's target for the answer to a request: 95 of 100 within three seconds. */
const LATENCY_MAX_MS = 3_000;
/** The plan's target for payouts that are paid, and how many outcomes an hour must have before a share of them says anything. */
const SUCCESS_MIN_PERCENT = 98;
const OUTCOMES_LEAST = 20;
/** Strangers knock now and then. A steady stream is an attack, or a token that was changed at one end alone. */
const UNPROVEN_MAX = 5;
/** By then the guard has looked four times (timers.settlementWaitsSeconds), where most payouts end within a minute. */
const OLDEST_OPEN_MAX_SECONDS = 3_600;
/** Metric math takes ten metrics in one alarm (CloudWatch quotas). */
const METRICS_MAX = 10;

/** More metrics than one alarm can add up. */
export class TooManyMetricsError extends Error {
  override readonly name = 'TooManyMetricsError' as const;
}

/** Watches what the payouts run on, and how they go on the whole; alarms.ts watches the single payout. */
export class StandingAlarms extends Construct {
  /** What a deployment is undone for: a function that fails, or an API that does. */
  readonly ofDeployments: Readonly<Record<FunctionName, readonly Alarm[]>>;
  readonly #props: StandingAlarmsProps;
  readonly #metrics: PayoutMetrics;

  constructor(scope: Construct, id: string, props: StandingAlarmsProps) {
    super(scope, id);
    this.#props = props;
    this.#metrics = new PayoutMetrics(props.stage);
    const apiErrors = this.#api();
    this.ofDeployments = Object.fromEntries(
      FUNCTION_NAMES.map((name) => [name, [this.#functionErrors(name), apiErrors]]),
    ) as unknown as Record<FunctionName, readonly Alarm[]>;
    this.#throttles();
    this.#machines();
    this.#webhooks();
    this.#business();
  }

  #watch(watched: Watched): Alarm {
    return watch(this, this.#props, watched);
  }

  #functionErrors(name: FunctionName): Alarm {
    return this.#watch({
      name: `${name}Errors`,
      happened: `The function ${folderOf(name)} fails again and again.`,
      page: 'A function fails',
      metric: this.#props.functions.live(name).metricErrors({ period: FIVE_MINUTES, statistic: Stats.SUM }),
      ...FUNCTION_ERRORS,
    });
  }

  #api(): Alarm {
    const { apiStage } = this.#props;
    this.#watch({
      name: 'ApiLatency',
      happened: 'One answer in twenty takes longer than three seconds.',
      page: 'The API is slow',
      metric: apiStage.metricLatency({ period: FIVE_MINUTES, statistic: Stats.percentile(95) }),
      threshold: LATENCY_MAX_MS,
      periods: 3,
    });
    return this.#watch({
      name: 'ApiErrors',
      happened: 'The API answers 5xx.',
      page: 'The API answers 5xx',
      metric: this.#serverErrors(),
      threshold: 5,
    });
  }

  /** Spelt out, as a deployment waits for this alarm, and the stage for the aliases that are deployed. */
  #serverErrors(): Metric {
    const { names, stage } = this.#props;
    return new Metric({
      namespace: 'AWS/ApiGateway',
      metricName: '5XXError',
      dimensionsMap: { ApiName: names.api, Stage: stage.name },
      period: FIVE_MINUTES,
      statistic: Stats.SUM,
    });
  }

  #throttles(): void {
    const { functions, tables } = this.#props;
    this.#watch({
      name: 'FunctionThrottles',
      happened: 'Lambda refuses to run our functions: too many run at once.',
      page: 'Something is throttled',
      metric: sumOf(
        FUNCTION_NAMES.map((name) => functions.live(name).metricThrottles({ statistic: Stats.SUM })),
        FIVE_MINUTES,
      ),
      threshold: 1,
    });
    const all = [tables.transactions, tables.customers, tables.controls, tables.idempotency];
    this.#watch({
      name: 'TableThrottles',
      happened: 'DynamoDB refuses our reads or writes: a table is at its limit.',
      page: 'Something is throttled',
      metric: sumOf(all.flatMap(throttleEvents), FIVE_MINUTES),
      threshold: 1,
    });
  }

  #machines(): void {
    const { settlement, submission, reconciliation } = this.#props.machines;
    this.#watch({
      name: 'SettlementFailed',
      happened: 'A guard has failed, timed out or been stopped, and its payout has none.',
      page: 'A machine failed',
      metric: endedBadly(settlement.machine),
      threshold: 1,
    });
    this.#watch({
      name: 'SubmissionFailed',
      happened: 'Submissions fail or run out of time; their callers heard that the outcome is unknown.',
      page: 'A machine failed',
      metric: endedBadly(submission.machine),
      threshold: 3,
    });
    this.#watch({
      name: 'ReconciliationFailed',
      happened: 'A reconciliation failed, ran out of time or was stopped: nobody has compared the books of that day.',
      page: 'A machine failed',
      metric: endedBadly(reconciliation.machine),
      threshold: 1,
    });
    this.#watch({
      name: 'ReconciliationMissing',
      happened:
        'No reconciliation has ended for a day: nobody compares the books, and nobody gives an open payout the guard that it lacks.',
      page: 'A machine failed',
      metric: this.#metrics.counted('ReconciliationEnded', { period: DAY }),
      threshold: 1,
      isBadBelow: true,
      missing: TreatMissingData.BREACHING,
    });
  }

  #webhooks(): void {
    this.#watch({
      name: 'WebhooksUnproven',
      happened: 'Webhooks come in without proof.',
      page: 'Webhooks are refused',
      metric: this.#metrics.counted('WebhookUnproven', { period: FIVE_MINUTES }),
      threshold: UNPROVEN_MAX,
    });
  }

  #business(): void {
    this.#watch({
      name: 'SuccessRate',
      happened: `Fewer than ${SUCCESS_MIN_PERCENT} % of the payouts of an hour were paid.`,
      page: 'Too few payouts are paid',
      metric: this.#metrics.successPercent(HOUR, OUTCOMES_LEAST),
      threshold: SUCCESS_MIN_PERCENT,
      isBadBelow: true,
    });
    this.#volume();
    this.#watched();
  }

  /** What watch-payouts measures each quarter of an hour. Silence of its first measure means that nobody watches; the second needs an mAccount's number. */
  #watched(): void {
    const { stage } = this.#props;
    this.#watch({
      name: 'OldestOpenPayout',
      happened: 'A payout has been open for an hour, or nobody looks any more.',
      page: 'A payout stays open',
      metric: this.#metrics.measured('OldestOpenSeconds', Stats.MAXIMUM, { period: HALF_AN_HOUR }),
      threshold: OLDEST_OPEN_MAX_SECONDS,
      missing: TreatMissingData.BREACHING,
    });
    this.#watch({
      name: 'LowBalance',
      happened: `The mAccount can pay less than ${stage.monoova.balanceMinCents / 100} AUD. Without data, nobody has said which mAccount pays.`,
      page: 'The mAccount runs low',
      metric: this.#metrics.measured('AvailableCents', Stats.MINIMUM, { period: HALF_AN_HOUR }),
      threshold: stage.monoova.balanceMinCents,
      isBadBelow: true,
      missing: TreatMissingData.MISSING,
    });
  }

  /** The plan's figures: by the hour, two standard deviations, two hours in a row. No data point is an hour without a payout, as at night. */
  #volume(): void {
    const { names, topic } = this.#props;
    const alarm = new AnomalyDetectionAlarm(this, 'PayoutVolume', {
      alarmName: names.alarm('PayoutVolume'),
      alarmDescription:
        'Far more or far fewer payouts than at this hour of other weeks. Next step: docs/runbook.md, "The volume is unusual".',
      metric: this.#metrics.counted('PayoutRequested', { period: HOUR }),
      stdDevs: 2,
      comparisonOperator: ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
      evaluationPeriods: 2,
      treatMissingData: TreatMissingData.IGNORE,
    });
    alarm.addAlarmAction(new SnsAction(topic));
  }
}

function endedBadly(machine: StateMachine): IMetric {
  const options = { statistic: Stats.SUM };
  return sumOf(
    [machine.metricFailed(options), machine.metricTimedOut(options), machine.metricAborted(options)],
    MINUTE,
  );
}

function throttleEvents(table: Table): IMetric[] {
  return ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => table.metric(name, { statistic: Stats.SUM }));
}

/** @throws {TooManyMetricsError} for more than an alarm can add up. */
function sumOf(metrics: readonly IMetric[], period: Duration): MathExpression {
  if (metrics.length > METRICS_MAX) {
    throw new TooManyMetricsError(`One alarm adds up ${METRICS_MAX} metrics at most, not ${metrics.length}`);
  }
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  const expression = Object.keys(usingMetrics)
    .map((name) => `FILL(${name}, 0)`)
    .join(' + ');
  return new MathExpression({ expression, usingMetrics, period });
}
