import type { UserPlan } from '../domain/plan.ts';
import type { UserResult } from './sweep-user.ts';
import type { Keeping } from './user-reader.ts';

/**
 * What was kept of users' last keys until their end was on record is not needed once it is. A sweep that dies before this
 * leaves it to the next one, which finds the end in history.
 */
export async function forgetEnds(
  keeping: Pick<Keeping, 'remember' | 'forget'>,
  plans: readonly UserPlan[],
  results: readonly (UserResult | undefined)[],
): Promise<void> {
  const recorded = new Set(results.flatMap((result) => (result && isRecorded(result) ? [result.userName] : [])));
  const emptied = plans.flatMap((plan) =>
    plan.kind === 'known' && plan.lost !== undefined && recorded.has(plan.user.userName) ? [plan.reading] : [],
  );
  const gone = plans.flatMap((plan) =>
    plan.kind === 'gone' && plan.lost !== undefined && recorded.has(plan.user.userName) ? [plan.user.userName] : [],
  );
  if (emptied.length > 0) await keeping.remember(emptied);
  if (gone.length > 0) await keeping.forget(gone);
}

const isRecorded = ({ outcomes }: UserResult): boolean =>
  outcomes.some(({ kind, step }) => kind === 'taken' && step === 'record-deleted') &&
  outcomes.every(({ kind }) => kind === 'taken' || kind === 'noted');
