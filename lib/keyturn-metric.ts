import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE } from '../lambda/contracts/environment.ts';
import { type MetricName, metric } from '../lambda/contracts/metrics.ts';
import type { KeyturnFunctionProps } from './function.ts';

type Handler = KeyturnFunctionProps['handler'];

const publishers: Partial<Record<MetricName, Handler>> = {
  [metric.accountsExpected]: 'dispatch',
  [metric.noticesDelivered]: 'deliver',
  [metric.noticesFailed]: 'deliver',
  [metric.eventsUntold]: 'deliver',
  [metric.noticesHeldUpHours]: 'deliver',
};

/** A metric that the functions publish about what they do. Counts are summed up; how an account stands is not. */
export const keyturnMetric = (metricName: MetricName, { publisher, ...options }: MetricOptions): Metric =>
  new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    // As Powertools names the function.
    dimensionsMap: { service: publisher ?? publishers[metricName] ?? 'rotate-account' },
    statistic: 'Sum',
    ...options,
  });

interface MetricOptions {
  readonly period: Duration;
  readonly statistic?: 'Sum' | 'Maximum';
  readonly label?: string;
  /** For a metric that several functions publish. */
  readonly publisher?: Handler;
}
