import type { UserName } from '../domain/ids.ts';
import type { CachedUser } from '../domain/inventory.ts';
import {
  type AccountPlan,
  byPlace,
  capped,
  type KnownUserPlan,
  type Place,
  requestedKinds,
  type UserPlan,
} from '../domain/plan.ts';
import type { Step } from '../domain/step.ts';
import type { UserRecord } from '../domain/tracking.ts';
import { type Allowance, isDisruptive } from './allowance.ts';
import { tellsOnly } from './decide-user.ts';
import { inParallel } from './in-parallel.ts';

/** A user about whom something is to be done, or to be looked up. */
export interface Due {
  readonly reading: CachedUser;
  /** It was read in this part. */
  readonly isFresh: boolean;
  readonly record?: UserRecord;
  /** What is foreseen for it. */
  readonly foreseen: KnownUserPlan;
  /** Somebody asked for something, or a rotation was interrupted. */
  readonly isUrgent: boolean;
}

/** How a sweep makes do with the time of one part. */
export interface Pace {
  /** Earlier parts have seen to the users up to this place, */
  readonly after?: Place;
  /** but for these, which they could not read. */
  readonly again?: readonly UserName[];
  /** Whether this part should look at no more users, and begin to carry out. */
  readonly isEnough: () => boolean;
}

interface Looking {
  readonly look: (due: Due) => Promise<UserPlan | undefined>;
  readonly allowance: () => Promise<Allowance>;
  /** Absent: there is time for everybody. */
  readonly pace?: Pace;
}

export interface DuePlans extends Pick<AccountPlan, 'isPartial' | 'upTo' | 'unread'> {
  readonly plans: readonly UserPlan[];
}

/**
 * Plans for the users that are due, the urgent ones and then the oldest keys first. Where time is short, whoever comes
 * after the cap is reached is deferred by what is foreseen, and not looked at: however old an estate is, a run looks at
 * not many more users than it has steps for. Who waits for something else is looked at by one part of the sweep alone, and
 * who could not be read by one other part, at its end.
 */
export async function planDue(due: readonly Due[], { look, allowance, pace }: Looking): Promise<DuePlans> {
  // Asked now, lest those that wait for it begin after those that come later.
  const most = pace && due.some(({ foreseen }) => isForTheCapAlone(foreseen)) ? await allowance() : undefined;
  const planned: UserPlan[] = [];
  const again = new Set(pace?.again);
  const part: { looked: number; isStopped: boolean; upTo?: Place } = { looked: 0, isStopped: false };
  const unread: UserName[] = [];
  const { isUrgent = [], isNext = [], isPast = [] } = Object.groupBy(due, turnOf);
  const inOrder = [isUrgent, isNext.toSorted(byAge), isPast.toSorted(byAge)].flat();
  const plans = await inParallel(inOrder, planOne);
  return {
    plans: plans.filter((plan) => plan !== undefined),
    ...(part.isStopped && { isPartial: true }),
    ...(part.upTo && { upTo: part.upTo }),
    ...(unread.length > 0 && { unread }),
  };

  function turnOf(one: Due): 'isUrgent' | 'isNext' | 'isPast' {
    if (one.isUrgent || pace === undefined) return 'isUrgent';
    return pace.after !== undefined && byPlace(placeOf(one), pace.after) <= 0 ? 'isPast' : 'isNext';
  }

  async function planOne(one: Due): Promise<UserPlan | undefined> {
    const turn = turnOf(one);
    if (turn === 'isUrgent' || pace === undefined) return lookAt(one);
    const { userName } = one.reading;
    if (turn === 'isPast' && !again.has(userName)) return elsewhere(one);
    const deferred = part.isStopped ? undefined : deferral(one.foreseen);
    // They begin in their order: nobody before this one is left out.
    if (deferred === undefined && part.looked > 0 && pace.isEnough()) part.isStopped = true;
    if (part.isStopped) {
      if (turn === 'isPast') unread.push(userName);
      return elsewhere(one);
    }
    if (turn === 'isPast') return deferred ?? lookAt(one);
    const place = placeOf(one);
    part.upTo = place;
    const plan = deferred ?? (await lookAt(one));
    return plan?.kind === 'known' ? { ...plan, place } : plan;
  }

  async function lookAt(one: Due): Promise<UserPlan | undefined> {
    part.looked += 1;
    const plan = await look(one);
    if (plan?.kind === 'known' && plan.steps.some(isDisruptive)) planned.push(plan);
    return plan;
  }

  /** The user's plan when older keys take all that it would be looked at for. */
  function deferral(foreseen: KnownUserPlan): KnownUserPlan | undefined {
    if (most === undefined || !isForTheCapAlone(foreseen)) return undefined;
    const plan = capped([...planned, foreseen], most).at(-1);
    return plan?.kind === 'known' && !plan.steps.some(isDisruptive) ? plan : undefined;
  }
}

/** What was deferred by an earlier part, or on another day, is so still. */
function elsewhere({ foreseen }: Due): KnownUserPlan {
  const { waiting } = foreseen.tracking;
  const steps = foreseen.steps.map((step): Step => {
    if (!isDisruptive(step) || waiting[step.keyId]?.reason !== 'cap') return step;
    return { kind: 'wait', keyId: step.keyId, step: step.kind, reason: 'cap', isNew: false };
  });
  return { ...foreseen, steps, elsewhere: true };
}

/** Nothing is foreseen but steps that the cap may defer. */
const isForTheCapAlone = ({ steps }: KnownUserPlan): boolean =>
  steps.some(isDisruptive) &&
  steps.every((step) => requestedKinds(step).length === 0) &&
  tellsOnly(steps.filter((step) => !isDisruptive(step)));

const byAge = (a: Due, b: Due): number => byPlace(placeOf(a), placeOf(b));

/** By the key that a step is foreseen for, as the cap goes, or else by the user's oldest. */
function placeOf({ reading: { userName, keys }, foreseen: { steps } }: Due): Place {
  const concerned = steps.filter(isDisruptive);
  const dates = (concerned.length > 0 ? concerned : keys).map(({ createdAt }) => createdAt);
  // Who has no key comes first: there is little to look at.
  return { createdAt: dates.length === 0 ? 0 : Math.min(...dates), userName };
}

/** What became of a part. */
interface Carried {
  readonly plan: AccountPlan;
  /** There was no time to carry out these. */
  readonly undone: readonly UserPlan[];
  /** They failed before anything was done. */
  readonly failed: readonly UserName[];
}

/**
 * How far the sweep has come with this part: up to which place everybody due has been seen to, and who of them could not be
 * read and is to be looked at once more.
 */
export function progressOf(
  { plan: { users, isPartial, upTo, unread = [] }, undone, failed }: Carried,
  before: Pick<Pace, 'after' | 'again'>,
): Pick<Pace, 'after' | 'again'> {
  const [firstUndone] = undone.flatMap(placesOf).sort(byPlace);
  const places = users.flatMap(placesOf).sort(byPlace);
  const seenTo = firstUndone === undefined ? places : places.filter((place) => byPlace(place, firstUndone) < 0);
  const after = (isPartial && firstUndone === undefined ? upTo : seenTo.at(-1)) ?? before.after;
  const tried = new Set(before.again);
  const left = undone.filter((plan) => plan.kind === 'unknown' || tried.has(nameOf(plan))).map(nameOf);
  const again = new Set([...unread, ...failed.filter((userName) => !tried.has(userName)), ...left]);
  return { ...(after && { after }), ...(again.size > 0 && { again: [...again].slice(0, MOST_AGAIN) }) };
}

/** A message of the queue takes 256 KB. */
const MOST_AGAIN = 1_000;

const placesOf = (plan: UserPlan): readonly Place[] =>
  plan.kind === 'known' && plan.place !== undefined ? [plan.place] : [];

const nameOf = ({ user }: UserPlan): UserName => user.userName;
