/** The physical names of the baseline. Key policies name what they serve before it exists. */
export const BASELINE_NAMES = {
  key: 'alias/payouts-baseline',
  alarmTopic: 'payouts-baseline-alarms',
  budget: 'payouts-monthly',
  trail: 'payouts-baseline-trail',
  trailLogGroup: '/aws/cloudtrail/payouts-baseline-trail',
} as const;
