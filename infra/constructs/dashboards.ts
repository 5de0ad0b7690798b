import { Duration, Stack } from 'aws-cdk-lib';
import type { Stage as ApiStage } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { MetricName } from '../../functions/shared/ports.ts';
import { FUNCTION_NAMES, folderOf } from '../function-names.ts';
import type { Names } from '../names.ts';
import type { Stage } from '../stages.ts';
import type { PayoutFunctions } from './payout-functions.ts';
import { PayoutMetrics } from './payout-metrics.ts';
import type { StateMachines } from './state-machines.ts';
import type { Tables } from './tables.ts';

export type DashboardsProps = {
  readonly stage: Stage;
  readonly names: Names;
  readonly functions: PayoutFunctions;
  readonly machines: StateMachines;
  readonly tables: Tables;
  readonly apiStage: ApiStage;
  readonly queues: Readonly<Record<string, IQueue>>;
};

const WIDTH = 24;
const HEIGHT = 6;
const FIVE_MINUTES = Duration.minutes(5);
const HOUR = Duration.hours(1);

/** Two pages, made after every alarm: one for whoever keeps it running, one for whoever asks how the business goes. */
export class Dashboards extends Construct {
  readonly #props: DashboardsProps;
  readonly #metrics: PayoutMetrics;

  constructor(scope: Construct, id: string, props: DashboardsProps) {
    super(scope, id);
    this.#props = props;
    this.#metrics = new PayoutMetrics(props.stage);
    new Dashboard(this, 'Operations', {
      dashboardName: `${props.names.prefix}-operations`,
      widgets: this.#operations(),
    });
    new Dashboard(this, 'Business', { dashboardName: `${props.names.prefix}-business`, widgets: this.#business() });
  }

  #operations(): IWidget[][] {
    const { apiStage, functions, machines, tables, queues } = this.#props;
    const alarms = Stack.of(this)
      .node.findAll()
      .filter((construct) => construct instanceof Alarm);
    const each = (metricOf: (live: ReturnType<PayoutFunctions['live']>, label: string) => IMetric) =>
      FUNCTION_NAMES.map((name) => metricOf(functions.live(name), folderOf(name)));
    const sum = { period: FIVE_MINUTES, statistic: Stats.SUM };
    const p95 = { period: FIVE_MINUTES, statistic: Stats.percentile(95) };
    return [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: WIDTH, height: HEIGHT })],
      row(
        graph('Requests', [
          apiStage.metricCount(sum),
          apiStage.metricClientError(sum),
          apiStage.metricServerError(sum),
        ]),
        graph('Latency of the API, ms', [
          apiStage.metricLatency({ ...p95, statistic: Stats.percentile(50), label: 'p50' }),
          apiStage.metricLatency({ ...p95, label: 'p95' }),
          apiStage.metricLatency({ ...p95, statistic: Stats.percentile(99), label: 'p99' }),
        ]),
      ),
      row(
        graph(
          'Functions: errors',
          each((live, label) => live.metricErrors({ ...sum, label })),
        ),
        graph(
          'Functions: p95, ms',
          each((live, label) => live.metricDuration({ ...p95, label })),
        ),
        graph(
          'Functions: invocations',
          each((live, label) => live.metricInvocations({ ...sum, label })),
        ),
      ),
      row(
        executions('Submissions', machines.submission.machine),
        executions('Guards', machines.settlement.machine),
        executions('Reconciliations', machines.reconciliation.machine),
      ),
      row(
        graph(
          'Line to Monoova',
          this.#counts('MonoovaUnreachable', 'MonoovaThrottled', 'SubmissionUnanswered', 'SubmissionHeld'),
        ),
        graph('Webhooks', this.#counts('WebhookAccepted', 'WebhookReplayed', 'WebhookUnproven', 'WebhookFailed')),
        graph('Messages in queues', queueDepths(queues)),
      ),
      row(
        graph('Tables: units read', tableUnits(tables, 'ConsumedReadCapacityUnits')),
        graph('Tables: units written', tableUnits(tables, 'ConsumedWriteCapacityUnits')),
      ),
    ];
  }

  #business(): IWidget[][] {
    const dollars = (name: 'PayIdCompletedCents' | 'BankAccountCompletedCents', label: string) =>
      new MathExpression({
        // A graph takes each id once.
        expression: `cents${name} / 100`,
        usingMetrics: { [`cents${name}`]: this.#metrics.measured(name, Stats.SUM, { period: HOUR }) },
        period: HOUR,
        label,
      });
    const number = (name: 'PayIdCompletedCents' | 'BankAccountCompletedCents', label: string) =>
      this.#metrics.measured(name, Stats.SAMPLE_COUNT, { period: HOUR, label });
    const after = (percentile: number) =>
      this.#metrics.measured('CompletedAfterMs', Stats.percentile(percentile), {
        period: HOUR,
        label: `p${percentile}`,
      });
    return [
      [
        new SingleValueWidget({
          title: 'Today',
          metrics: (['PayoutRequested', 'PayoutCompleted', 'PayoutDeclined'] as const).map((name) =>
            this.#metrics.counted(name, { period: Duration.days(1), label: name }),
          ),
          width: WIDTH,
          height: HEIGHT / 2,
        }),
      ],
      row(graph('Paid, % of the outcomes of an hour', [this.#metrics.successPercent(HOUR, 1)])),
      row(
        graph('Volume by the hour', this.#counts('PayoutRequested', 'PayoutSubmitted', 'PayoutCompleted')),
        graph(
          'Not paid',
          this.#counts('PayoutRefused', 'PayoutDeclined', 'PayoutFailed', 'PayoutRejected', 'PayoutReturned'),
        ),
      ),
      row(
        graph('Value paid, AUD', [
          dollars('PayIdCompletedCents', 'PayID'),
          dollars('BankAccountCompletedCents', 'Bank account'),
        ]),
        graph('Paid by method', [
          number('PayIdCompletedCents', 'PayID'),
          number('BankAccountCompletedCents', 'Bank account'),
        ]),
        graph('From request to paid, ms', [after(50), after(95)]),
      ),
      row(
        graph('For a person', this.#counts('PayoutEscalated', 'PayoutConflict', 'BreakerOpened')),
        graph('Oldest open payout, s', [
          this.#metrics.measured('OldestOpenSeconds', Stats.MAXIMUM, { period: HOUR, label: 'open since' }),
        ]),
        graph('Left in the mAccount, cents', [
          this.#metrics.measured('AvailableCents', Stats.MINIMUM, { period: HOUR, label: 'available' }),
        ]),
      ),
    ];
  }

  #counts(...names: readonly MetricName[]): IMetric[] {
    return names.map((name) => this.#metrics.counted(name, { period: HOUR, label: name }));
  }
}

type Graph = { readonly title: string; readonly left: IMetric[] };

function graph(title: string, left: IMetric[]): Graph {
  return { title, left };
}

/** Shares the width of the page. */
function row(...graphs: readonly Graph[]): IWidget[] {
  return graphs.map((one) => new GraphWidget({ ...one, width: WIDTH / graphs.length, height: HEIGHT }));
}

function executions(title: string, machine: StateMachine): Graph {
  const options = { period: FIVE_MINUTES, statistic: Stats.SUM };
  return graph(title, [
    machine.metricStarted(options),
    machine.metricSucceeded(options),
    machine.metricFailed(options),
    machine.metricTimedOut(options),
  ]);
}

function queueDepths(queues: Readonly<Record<string, IQueue>>): IMetric[] {
  return Object.entries(queues).map(([label, queue]) =>
    queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM, label }),
  );
}

function tableUnits({ transactions, customers, controls, idempotency }: Tables, metricName: string): IMetric[] {
  const all = { transactions, customers, controls, idempotency };
  return Object.entries(all).map(([label, table]) =>
    table.metric(metricName, { period: FIVE_MINUTES, statistic: Stats.SUM, label }),
  );
}
