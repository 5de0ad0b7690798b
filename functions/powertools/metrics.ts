import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { MeasureName, Metrics } from '../shared/ports.ts';
import { METRICS_NAMESPACE, SERVICE } from './service.ts';

export type InvocationMetrics = Metrics & {
  /** Writes what was counted since the last time; nothing where nothing was. Never throws. */
  flush(): void;
};

/** Counts in CloudWatch's embedded metric format, with two dimensions and no more: `service` and `stage`. */
export function createMetrics(options: { readonly stage: string }): InvocationMetrics {
  const metrics = new PowertoolsMetrics({
    namespace: METRICS_NAMESPACE,
    serviceName: SERVICE,
    defaultDimensions: { stage: options.stage },
  });
  return {
    count(name, value = 1) {
      metrics.addMetric(name, MetricUnit.Count, value);
    },
    measure(name, value) {
      metrics.addMetric(name, unitOf(name), value);
    },
    flush() {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}

/** Told by the end of the name. */
function unitOf(name: MeasureName) {
  if (name.endsWith('Ms')) return MetricUnit.Milliseconds;
  return name.endsWith('Seconds') ? MetricUnit.Seconds : MetricUnit.Count;
}
