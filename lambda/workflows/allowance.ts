import type { SweepMessage } from '../contracts/messages.ts';
import type { EventType, HistoryEvent } from '../domain/events.ts';
import type { UserName } from '../domain/ids.ts';
import { type KnownUserPlan, requestedKinds, type UserPlan } from '../domain/plan.ts';
import type { DisruptiveStep, Step } from '../domain/step.ts';
import { fromIso, MINUTE } from '../domain/time.ts';
import type { History } from '../ports.ts';

/** How many steps of each disruptive kind may still be taken. */
export type Allowance = Record<DisruptiveStep['kind'], number>;

/** What tells of a step that was begun; in `observe` nothing is intended, only pretended. */
const begun: Readonly<Record<SweepMessage['mode'], Readonly<Partial<Record<EventType, DisruptiveStep['kind']>>>>> = {
  enforce: { 'rotation-intended': 'rotate', 'disable-intended': 'disable', 'delete-intended': 'delete' },
  observe: { 'key-replaced': 'rotate', 'key-disabled': 'disable', 'key-deleted': 'delete' },
};

/** Workers' clocks differ. */
const CLOCK_SKEW = 5 * MINUTE;

/** How far a run has come in an account. */
export interface SoFar {
  readonly left: Allowance;
  /** Users whose rotation failed in an earlier part of this sweep. */
  readonly failed: ReadonlySet<UserName>;
}

/**
 * What the run has left of its caps in the account, and who has failed in it. History tells, since a message may come again after a sweep that took
 * steps; the message too, since what its earlier parts wrote a moment ago may not be in the index yet.
 */
export async function readSoFar(
  history: Pick<History, 'query'>,
  { account, runId, now, mode, part, taken }: SweepMessage,
  most: number,
): Promise<SoFar> {
  const kinds = begun[mode];
  const types = [...(Object.keys(kinds) as EventType[]), 'rotation-failed' as const];
  const failed = new Set<UserName>();
  const before = { rotate: 0, disable: 0, delete: 0 };
  const since = fromIso(now) - CLOCK_SKEW;
  for await (const event of history.query({ by: { kind: 'account', account }, since, types })) {
    if (event.runId !== runId || event.mode !== mode || !isOurs(event)) continue;
    const kind = kinds[event.type];
    if (kind !== undefined) before[kind] += 1;
    // The first part is tried again as a whole.
    if (part > 1 && event.type === 'rotation-failed' && event.userName !== undefined) failed.add(event.userName);
  }
  const left = (kind: DisruptiveStep['kind']) => Math.max(0, most - Math.max(before[kind], taken[kind]));
  return { left: { rotate: left('rotate'), disable: left('disable'), delete: left('delete') }, failed };
}

const isOurs = (event: HistoryEvent): boolean => !('by' in event.details) || event.details.by === 'keyturn';

/** What is left of an allowance when everything in the plans is taken. */
export function spareOf(allowance: Allowance, plans: readonly UserPlan[]): Allowance {
  const spare = { ...allowance };
  for (const plan of plans) {
    if (plan.kind !== 'known' || plan.elsewhere) continue;
    for (const step of plan.steps) for (const kind of kindsOf(step)) spare[kind] -= 1;
  }
  return spare;
}

const kindsOf = (step: Step): readonly DisruptiveStep['kind'][] =>
  isDisruptive(step) && requestedKinds(step).length === 0 ? [step.kind] : requestedKinds(step);

/** Whether the step changes a user's keys, and so counts against the caps. */
export const isDisruptive = (step: Step): step is DisruptiveStep =>
  step.kind === 'rotate' || step.kind === 'disable' || step.kind === 'delete';

/** Whether the user's keys may be changed. */
export const touchesKeys = (plan: UserPlan): plan is KnownUserPlan =>
  plan.kind === 'known' &&
  !plan.elsewhere &&
  plan.steps.some((step) => isDisruptive(step) || step.kind === 'recover' || step.kind === 'restore');
