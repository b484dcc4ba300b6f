import { metric } from '../contracts/metrics.ts';
import type { Counters } from './metrics.ts';

/** What a sweep reports, as far as it is counted. */
export interface SweptAccount {
  readonly steps: Readonly<Record<string, number>>;
  readonly failures: readonly unknown[];
  readonly rootKeys?: number;
}

/** Publishes what a sweep did. Zeros too: they prove that it ran and found nothing to do. */
export function countSweep(counters: Counters, { steps, failures, rootKeys }: SweptAccount): void {
  counters.add(metric.accountsSwept, 1);
  counters.add(metric.keysRotated, steps.rotate ?? 0);
  counters.add(metric.keysDisabled, steps.disable ?? 0);
  counters.add(metric.keysDeleted, steps.delete ?? 0);
  counters.add(metric.usersFailed, failures.length);
  counters.add(metric.rootKeysSeen, rootKeys ?? 0);
  counters.publish();
}
