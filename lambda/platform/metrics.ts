import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC_NAMESPACE } from '../contracts/environment.ts';

/** Counts what a run did. Every count is published, zeros too: a zero proves that it ran and there was nothing to do. */
export interface Counters {
  add(name: string, count: number): void;
  /** Writes what was added since the last time; CloudWatch reads it from the log. */
  publish(): void;
}

/** The function's metrics. `service` is the function's name and becomes a dimension. */
export function createCounters(
  service: string,
  metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: service }),
): Counters {
  return {
    add: (name, count) => {
      metrics.addMetric(name, MetricUnit.Count, count);
    },
    publish: () => metrics.publishStoredMetrics(),
  };
}
