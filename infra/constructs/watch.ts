import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Names } from '../names.ts';

export type Watched = {
  /** Ends the alarm's name. */
  readonly name: string;
  /** A sentence: what is true when it goes off. */
  readonly happened: string;
  /** The page of docs/runbook.md that says what to do. */
  readonly page: string;
  readonly metric: IMetric;
  /** Bad from here on, or with `isBadBelow` under it. */
  readonly threshold: number;
  readonly isBadBelow?: boolean;
  /** How many periods in a row must be bad. Default: 1. */
  readonly periods?: number;
  /** What no data point means. Default: nothing happened, so nothing is wrong. A metric that is always written says `BREACHING`. */
  readonly missing?: TreatMissingData;
};

/** One alarm that tells the people on call what has happened and where it says what to do. */
export function watch(scope: Construct, { names, topic }: { names: Names; topic: ITopic }, watched: Watched): Alarm {
  const { name, happened, page, metric, threshold, isBadBelow = false, periods = 1 } = watched;
  const alarm = new Alarm(scope, name, {
    alarmName: names.alarm(name),
    alarmDescription: `${happened} Next step: docs/runbook.md, "${page}".`,
    metric,
    comparisonOperator: isBadBelow
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold,
    evaluationPeriods: periods,
    treatMissingData: watched.missing ?? TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  return alarm;
}
