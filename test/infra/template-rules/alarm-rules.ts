import { MEASURE_NAMES, METRIC_NAMES } from '../../../functions/shared/ports.ts';
import { at } from '../synthesis.ts';
import { isPresent, propertyRule } from './property-rule.ts';
import type { Rule } from './rule.ts';

const COUNTED: readonly string[] = [...METRIC_NAMES, ...MEASURE_NAMES];
/** What no function counts under these names would never go off. */
const isOurs = (metric: unknown) => at(metric, 'Namespace') !== 'Payouts' || isCounted(metric);

export const ALARM_RULES: readonly Rule[] = [
  propertyRule(
    'every alarm tells somebody what has happened, where to read on, and what no data means',
    'AWS::CloudWatch::Alarm',
    [
      {
        path: ['Properties', 'AlarmActions', 0],
        isKept: (action, _resource, { template }) =>
          template.Resources[String(at(action, 'Ref'))]?.Type === 'AWS::SNS::Topic',
        wrong: [{ Ref: 'Nobody' }],
      },
      {
        path: ['Properties', 'AlarmDescription'],
        isKept: (text) => typeof text === 'string' && /\. Next step: docs\/runbook\.md, ".+"\.$/.test(text),
        wrong: ['Something is wrong.'],
      },
      { path: ['Properties', 'TreatMissingData'], isKept: isPresent },
      { path: ['Properties', 'AlarmName'], isKept: isPresent },
      {
        path: ['Properties', 'MetricName'],
        isKept: (_name, { Properties }) => isOurs(Properties),
        wrong: ['PayoutImagined'],
        appliesTo: ({ Properties }) => Properties['Namespace'] === 'Payouts',
      },
      {
        path: ['Properties', 'Metrics'],
        isKept: (metrics) => (metrics as readonly unknown[]).every((one) => isOurs(at(one, 'MetricStat', 'Metric'))),
        isAbsent: true,
        wrong: [[{ MetricStat: { Metric: { Namespace: 'Payouts', MetricName: 'PayoutImagined' } } }]],
        appliesTo: ({ Properties }) => 'Metrics' in Properties,
      },
    ],
  ),
];

function isCounted(metric: unknown): boolean {
  const dimensions = (at(metric, 'Dimensions') ?? []) as readonly unknown[];
  const names = dimensions.map((dimension) => at(dimension, 'Name')).join();
  return COUNTED.includes(String(at(metric, 'MetricName'))) && names === 'service,stage';
}
