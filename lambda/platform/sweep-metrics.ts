import { metric } from '../contracts/metrics.ts';
import type { SweepTally } from '../domain/events.ts';
import type { Counters } from './metrics.ts';

/** What became of a sweep, as far as it is counted. */
export type SweptAccount =
  | { readonly kind: 'finished' | 'continued'; readonly tally: SweepTally }
  | { readonly kind: 'no-access' };

/** Publishes what a sweep did. Zeros too: they prove that it ran and found nothing to do. */
export function countSweep(counters: Counters, swept: SweptAccount): void {
  const { steps = {}, failed = 0, rootKeys = 0 }: Partial<SweepTally> = swept.kind === 'no-access' ? {} : swept.tally;
  counters.add(metric.accountsSwept, swept.kind === 'finished' ? 1 : 0);
  counters.add(metric.accountsWithoutAccess, swept.kind === 'no-access' ? 1 : 0);
  counters.add(metric.keysRotated, steps.rotate ?? 0);
  counters.add(metric.keysDisabled, steps.disable ?? 0);
  counters.add(metric.keysDeleted, steps.delete ?? 0);
  counters.add(metric.usersFailed, failed);
  counters.add(metric.rootKeysSeen, rootKeys);
  counters.publish();
}
