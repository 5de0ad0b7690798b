/** The physical names of the baseline. Key policies name what they serve before it exists. */
export const BASELINE_NAMES = {
  key: 'alias/payouts-baseline',
  alarmTopic: 'payouts-baseline-alarms',
  budget: 'payouts-monthly',
  trail: 'payouts-baseline-trail',
  trailLogGroup: '/aws/cloudtrail/payouts-baseline-trail',
  /** In the workflow by the same names (.github/workflows/stage.yml). */
  deployRole: (stageName: string) => `payouts-deploy-${stageName}`,
  diffRole: (stageName: string) => `payouts-diff-${stageName}`,
} as const;
