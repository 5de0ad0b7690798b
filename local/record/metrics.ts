import type { JsonObject } from '../json.ts';

type Directive = { Namespace?: string; Dimensions?: string[][]; Metrics?: { Name: string; Unit?: string }[] };

/**
 * The metrics that CloudWatch would take from a log line in the embedded metric format, one object each; none for any other line
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function metricsOf(message: string): JsonObject[] {
  if (!message.includes('"_aws"')) return [];
  const line = parse(message);
  const { CloudWatchMetrics } = (line?.['_aws'] ?? {}) as { CloudWatchMetrics?: Directive[] };
  if (!line || !Array.isArray(CloudWatchMetrics)) return [];
  return CloudWatchMetrics.flatMap(({ Namespace = '', Dimensions = [], Metrics = [] }) =>
    Metrics.map(({ Name, Unit = 'None' }) => {
      const dimensions = Object.fromEntries(Dimensions.flat().map((name) => [name, line[name] ?? null]));
      return { namespace: Namespace, name: Name, unit: Unit, value: line[Name] ?? null, dimensions };
    }),
  );
}

function parse(message: string): JsonObject | undefined {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
