import { describe, expect, it } from 'vitest';
import { MEASURE_NAMES, METRIC_NAMES } from '../../functions/shared/ports.ts';
import { ACCESS_LOG_FORMAT } from '../../infra/constructs/access-log-format.ts';
import { FUNCTION_NAMES } from '../../infra/function-names.ts';
import { STAGES } from '../../infra/stages.ts';
import { at, resourceAt, resourcesOf, synthesised } from './synthesis.ts';

const template = synthesised(STAGES.dev);
const alarm = (name: string) => resourceAt(template, 'AWS::CloudWatch::Alarm', `ObservationAlarms${name}`).Properties;

describe('the alarms of the whole', () => {
  it.each(FUNCTION_NAMES)('%s: more than five errors of its alias in five minutes, twice (the plan)', (name) => {
    expect(alarm(`${name}Errors`)).toMatchObject({
      MetricName: 'Errors',
      Period: 300,
      EvaluationPeriods: 2,
      Threshold: 6,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
    expect(JSON.stringify(alarm(`${name}Errors`)['Dimensions'])).toContain('":live"');
  });

  it('goes off above three seconds at the 95th percentile (the plan)', () => {
    expect(alarm('ApiLatency')).toMatchObject({ ExtendedStatistic: 'p95', Threshold: 3_000, MetricName: 'Latency' });
  });

  it('goes off below 98 % paid, once there are enough outcomes (the plan)', () => {
    const { Metrics, ...others } = alarm('SuccessRate');
    expect(others).toMatchObject({ ComparisonOperator: 'LessThanThreshold', Threshold: 98 });
    expect(successPercent(Metrics, { paid: 97, rejected: 3 })).toBe(97);
    expect(successPercent(Metrics, { paid: 98, returned: 2 })).toBe(98);
    expect(successPercent(Metrics, { paid: 1, failed: 1 })).toBe(100);
    expect(successPercent(Metrics, {})).toBe(100);
  });

  it('compares the volume of an hour with a band of two standard deviations, twice (the plan)', () => {
    expect(alarm('PayoutVolume')).toMatchObject({
      ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold',
      EvaluationPeriods: 2,
      TreatMissingData: 'ignore',
    });
    const metrics = alarm('PayoutVolume')['Metrics'] as readonly unknown[];
    expect(metrics.map((metric) => at(metric, 'Expression'))).toContain('ANOMALY_DETECTION_BAND(m0, 2)');
    expect(metrics.map((metric) => at(metric, 'MetricStat', 'Period'))).toContain(3600);
  });

  it.each(['Settlement', 'Submission', 'Reconciliation'])(
    'counts failures, time-outs and stops of the %s machine',
    (machine) => {
      const metrics = alarm(`${machine}Failed`)['Metrics'] as readonly unknown[];
      const names = metrics.map((metric) => at(metric, 'MetricStat', 'Metric', 'MetricName'));
      expect(names.filter(Boolean)).toEqual(['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted']);
    },
  );

  it('miss a reconciliation that was never started, as no failure does', () => {
    expect(alarm('ReconciliationMissing')).toMatchObject({
      MetricName: 'ReconciliationEnded',
      Statistic: 'Sum',
      Period: 86_400,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
    });
  });

  it('goes off for a payout that is open for an hour, and where nobody looks', () => {
    expect(alarm('OldestOpenPayout')).toMatchObject({
      MetricName: 'OldestOpenSeconds',
      Threshold: 3_600,
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('goes off where the mAccount can pay less than the stage says', () => {
    expect(alarm('LowBalance')).toMatchObject({
      MetricName: 'AvailableCents',
      Threshold: STAGES.dev.monoova.balanceMinCents,
      Statistic: 'Minimum',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'missing',
    });
  });

  it('tells which guard has failed', () => {
    const { Properties } = resourceAt(template, 'AWS::Events::Rule', 'Observation');
    const machine = resourceAt(template, 'AWS::StepFunctions::StateMachine', 'StateMachinesPayoutSettlement');
    expect(at(Properties, 'EventPattern', 'detail')).toEqual({
      stateMachineArn: [{ Ref: machine.logicalId }],
      status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
    });
  });
});

describe('the dashboards', () => {
  const dashboards = resourcesOf(template, 'AWS::CloudWatch::Dashboard').map(({ Properties }) => ({
    name: String(Properties['DashboardName']),
    widgets: JSON.parse(plainText(Properties['DashboardBody'])).widgets as readonly Widget[],
  }));

  it('are one for operations and one for the business', () => {
    expect(dashboards.map(({ name }) => name)).toEqual(['payouts-dev-operations', 'payouts-dev-business']);
  });

  it.each(dashboards)('$name shows only metrics that somebody writes', ({ widgets }) => {
    const ours = widgets
      .flatMap(({ properties }) => properties.metrics ?? [])
      .filter(([namespace]) => namespace === 'Payouts')
      .map(([, name]) => String(name));
    expect(ours.length).toBeGreaterThan(5);
    expect(ours.filter((name) => !([...METRIC_NAMES, ...MEASURE_NAMES] as string[]).includes(name))).toEqual([]);
  });

  it('show every alarm', () => {
    const [widget] = dashboards.flatMap(({ widgets }) => widgets).filter(({ type }) => type === 'alarm');
    expect(widget?.properties.alarms).toHaveLength(resourcesOf(template, 'AWS::CloudWatch::Alarm').length);
  });

  it('show volume, value, method and time to completion', () => {
    const titles = dashboards[1]?.widgets.map(({ properties }) => properties.title);
    expect(titles).toEqual(
      expect.arrayContaining(['Volume by the hour', 'Value paid, AUD', 'Paid by method', 'From request to paid, ms']),
    );
  });
});

describe('the saved queries', () => {
  const queries = resourcesOf(template, 'AWS::Logs::QueryDefinition').map(({ Properties }) => ({
    name: String(Properties['Name']),
    text: String(Properties['QueryString']),
  }));

  it.each(queries.filter(({ text }) => /route|caller/.test(text)))(
    '$name asks for fields of the access log',
    ({ text }) => {
      const logged = Object.keys(JSON.parse(String(ACCESS_LOG_FORMAT.toString())));
      const asked = (/ by (.*)$/m.exec(text)?.[1] ?? '').split(', ');
      expect(asked.filter((field) => !logged.includes(field))).toEqual([]);
    },
  );
});

type Widget = {
  readonly type: string;
  readonly properties: {
    readonly title?: string;
    readonly alarms?: readonly unknown[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
};

function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  const parts = at(value, 'Fn::Join', 1);
  return Array.isArray(parts) ? parts.map(plainText).join('') : 'x';
}

/** CloudWatch's expression, for the few words that it is written in. */
function successPercent(metrics: unknown, outcomes: Readonly<Record<string, number>>): number {
  const expressions = (metrics as readonly unknown[]).map((metric) => at(metric, 'Expression'));
  const [, condition = '', then = '', otherwise = ''] =
    /^IF\((.*) >= 20, (.*), (\d+)\)$/.exec(String(expressions.find(Boolean))) ?? [];
  const value = (text: string): number =>
    text.split(' + ').reduce((sum, term) => sum + (outcomes[/FILL\((\w+), 0\)/.exec(term)?.[1] ?? ''] ?? 0), 0);
  const total = value(condition);
  return total >= 20 ? (100 * value(then.split(' / ')[0] ?? '')) / total : Number(otherwise);
}
