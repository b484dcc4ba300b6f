import { type MetricName, metric } from '../contracts/metrics.ts';
import type { SweepTally } from '../domain/events.ts';
import type { SweepFigures } from '../domain/sweep-figures.ts';
import type { Counters } from './metrics.ts';

/** What became of a sweep, as far as it is counted. */
export type SweptAccount =
  | {
      readonly kind: 'finished' | 'continued';
      readonly tally: SweepTally;
      readonly failedAt: Readonly<Record<'read' | 'rotate' | 'disable' | 'delete' | 'record', number>>;
      readonly retiredForGood: number;
      readonly figures?: SweepFigures;
    }
  | { readonly kind: 'no-access' | 'failed' };

const nothingFailed = { read: 0, rotate: 0, disable: 0, delete: 0, record: 0 };

/** Publishes what a sweep did. Zeros too: they prove that it ran and found nothing to do. */
export function countSweep(counters: Counters, swept: SweptAccount): void {
  const { steps = {}, failed = 0, rootKeys, reportMissing }: Partial<SweepTally> = 'tally' in swept ? swept.tally : {};
  const failedAt = 'tally' in swept ? swept.failedAt : nothingFailed;
  counters.add(metric.accountsSwept, swept.kind === 'finished' ? 1 : 0);
  counters.add(metric.accountsWithoutAccess, swept.kind === 'no-access' ? 1 : 0);
  counters.add(metric.sweepsFailed, swept.kind === 'failed' ? 1 : 0);
  counters.add(metric.keysRotated, steps.rotate ?? 0);
  counters.add(metric.keysDisabled, steps.disable ?? 0);
  counters.add(metric.keysDeleted, steps.delete ?? 0);
  counters.add(metric.keysRetiredForGood, 'tally' in swept ? swept.retiredForGood : 0);
  counters.add(metric.usersFailed, failed);
  counters.add(metric.readsFailed, failedAt.read);
  counters.add(metric.rotationsFailed, failedAt.rotate);
  counters.add(metric.disablesFailed, failedAt.disable);
  counters.add(metric.deletesFailed, failedAt.delete);
  counters.add(metric.recordsFailed, failedAt.record);
  // Unknown is not zero: without a credential report nobody looked, and before its end nobody knows how an account stands.
  addKnown(counters, metric.rootKeysSeen, rootKeys);
  if (swept.kind === 'finished') counters.add(metric.reportsMissing, reportMissing === undefined ? 0 : 1);
  const figures = 'figures' in swept ? swept.figures : undefined;
  addKnown(counters, metric.keysOverdue, figures?.overdueKeys);
  addKnown(counters, metric.usersBlocked, figures?.blockedUsers);
  addKnown(counters, metric.stepsDeferred, figures?.deferredSteps);
  addKnown(counters, metric.oldestActiveKeyDays, figures?.oldestActiveKeyDays);
  counters.publish();
}

function addKnown(counters: Counters, name: MetricName, figure: number | undefined): void {
  if (figure !== undefined) counters.add(name, figure);
}
