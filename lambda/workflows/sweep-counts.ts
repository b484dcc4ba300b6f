import type { SweepTally } from '../domain/events.ts';
import type { UserName } from '../domain/ids.ts';
import type { StepKind } from '../domain/step.ts';
import type { StepsTaken } from '../domain/sweep-figures.ts';
import type { Outcome } from './outcome.ts';
import type { UserResult } from './sweep-user.ts';

/** What was being done when it failed; `record` is everything that changes only Keyturn's own tables. */
export type FailureCounts = Readonly<Record<'read' | 'rotate' | 'disable' | 'delete' | 'record', number>>;

/** Failures of a part of a sweep by what was being done. A request that cannot be read counts like a user. */
export function failureCounts(results: readonly UserResult[], unreadRequests = 0): FailureCounts {
  const counts = { read: unreadRequests, rotate: 0, disable: 0, delete: 0, record: 0 };
  for (const outcome of results.flatMap(({ outcomes }) => outcomes)) {
    if (outcome.kind === 'failed') counts[workOf(outcome.step)] += 1;
  }
  return counts;
}

function workOf(step: StepKind): keyof FailureCounts {
  switch (step) {
    // Nothing was decided about the user, because something about it is unknown.
    case 'none':
      return 'read';
    case 'rotate':
    case 'recover':
      return 'rotate';
    case 'disable':
    case 'delete':
      return step;
    case 'restore':
      return 'disable';
    default:
      return 'record';
  }
}

/** How many keys a part of a sweep retired for good. */
export const retiredForGood = (results: readonly UserResult[]): number =>
  results.flatMap(({ outcomes }) => outcomes).filter((outcome) => outcome.kind === 'taken' && outcome.forGood).length;

/** Which kinds of step were taken of the user, and which failed. */
export function takenBy({ userName, outcomes }: UserResult): StepsTaken {
  const thatWere = (which: Outcome['kind']) =>
    new Set(outcomes.filter(({ kind }) => kind === which).map(({ step }) => step));
  return { userName, taken: thatWere('taken'), failed: thatWere('failed') };
}

/** More are counted, and not told one by one. */
const MOST_FAILURES = 100;

/** What a part of a sweep took and failed at, for its tally. */
export function outcomesOf(results: readonly UserResult[]): Pick<SweepTally, 'steps' | 'failed' | 'failures'> {
  const steps: Record<string, number> = {};
  const failures: { userName: UserResult['userName']; error: string }[] = [];
  for (const { userName, outcomes } of results) {
    for (const outcome of outcomes) {
      if (outcome.kind === 'taken') steps[outcome.step] = (steps[outcome.step] ?? 0) + 1;
      if (outcome.kind === 'failed') failures.push({ userName, error: outcome.error });
    }
  }
  return { steps, failed: failures.length, failures: failures.slice(0, MOST_FAILURES) };
}

/** Users of whom nothing was done, because something about them could not be read. */
export const failedEarly = (results: readonly UserResult[]): readonly UserName[] =>
  results
    .filter(({ outcomes }) => outcomes.some((outcome) => outcome.kind === 'failed' && outcome.step === 'none'))
    .map(({ userName }) => userName);
