/** The `service` of every log line and metric: one for all functions, so that an alarm looks at one series. */
export const SERVICE = 'payouts';
export const METRICS_NAMESPACE = 'Payouts';
