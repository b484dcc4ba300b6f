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
import type { UserRecord } from '../domain/tracking.ts';
import { type Allowance, isDisruptive, spareOf } from './allowance.ts';
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
  /** Earlier parts have seen to the users up to this place. */
  readonly after?: Place;
  /** Whether this part should look at no more users, and begin to carry out. */
  readonly isEnough: () => boolean;
}

interface Looking {
  readonly look: (due: Due) => Promise<UserPlan | undefined>;
  readonly allowance: () => Promise<Allowance>;
  /** Absent: there is time for everybody. */
  readonly pace?: Pace;
}

export interface DuePlans {
  readonly plans: readonly UserPlan[];
  /** There was no time for those after this place. */
  readonly upTo?: Place;
}

/**
 * Plans for the users that are due, the urgent ones and then the oldest keys first. Where time is short, whoever comes
 * after the cap is reached is deferred by what is foreseen, and not looked at: however old an estate is, a run looks at
 * not many more users than it has steps for. Who waits for something else is looked at by one part of the sweep alone.
 */
export async function planDue(due: readonly Due[], { look, allowance, pace }: Looking): Promise<DuePlans> {
  // Asked now, lest those that wait for it begin after those that come later.
  let left = pace && due.some(({ foreseen }) => isForTheCapAlone(foreseen)) ? await allowance() : undefined;
  const part: { looked: number; isStopped: boolean; upTo?: Place } = { looked: 0, isStopped: false };
  const plans = await inParallel(inOrder(due), planOne);
  return {
    plans: plans.filter((plan) => plan !== undefined),
    ...(part.isStopped && part.upTo && { upTo: part.upTo }),
  };

  async function planOne(one: Due): Promise<UserPlan | undefined> {
    if (pace === undefined || one.isUrgent) return lookAt(one);
    const place = placeOf(one);
    if (pace.after !== undefined && byPlace(place, pace.after) <= 0) return elsewhere(one);
    const deferred = part.isStopped ? undefined : deferral(one.foreseen);
    // They begin in their order: nobody before this one is left out.
    if (deferred === undefined && part.looked > 0 && pace.isEnough()) part.isStopped = true;
    if (part.isStopped) return elsewhere(one);
    part.upTo = place;
    const plan = deferred ?? (await lookAt(one));
    return plan?.kind === 'known' ? { ...plan, place } : plan;
  }

  async function lookAt(one: Due): Promise<UserPlan | undefined> {
    part.looked += 1;
    const plan = await look(one);
    if (plan?.kind === 'known' && plan.steps.some(isDisruptive)) left = spareOf(left ?? (await allowance()), [plan]);
    return plan;
  }

  /** The user's plan when all that it would be looked at for is beyond the cap. */
  function deferral(foreseen: KnownUserPlan): KnownUserPlan | undefined {
    if (left === undefined || !isForTheCapAlone(foreseen)) return undefined;
    const [plan] = capped([foreseen], left);
    return plan?.kind === 'known' && !plan.steps.some(isDisruptive) ? plan : undefined;
  }
}

const elsewhere = ({ foreseen }: Due): KnownUserPlan => ({ ...foreseen, elsewhere: true });

/** Nothing is foreseen but steps that the cap may defer. */
const isForTheCapAlone = ({ steps }: KnownUserPlan): boolean =>
  steps.some(isDisruptive) &&
  steps.every((step) => requestedKinds(step).length === 0) &&
  tellsOnly(steps.filter((step) => !isDisruptive(step)));

const inOrder = (due: readonly Due[]): readonly Due[] =>
  [...due].sort((a, b) => Number(b.isUrgent) - Number(a.isUrgent) || byPlace(placeOf(a), placeOf(b)));

/** By the key that a step is foreseen for, as the cap goes, or else by the user's oldest. */
function placeOf({ reading: { userName, keys }, foreseen: { steps } }: Due): Place {
  const concerned = steps.filter(isDisruptive);
  const dates = (concerned.length > 0 ? concerned : keys).map(({ createdAt }) => createdAt);
  return { createdAt: Math.min(...dates, Number.MAX_SAFE_INTEGER), userName };
}

/** The place up to which everybody due has been seen to, in this part or before. */
export function reached(
  { users, upTo }: AccountPlan,
  undone: readonly UserPlan[],
  before: Place | undefined,
): Place | undefined {
  const [firstUndone] = undone.flatMap(placesOf).sort(byPlace);
  const places = users.flatMap(placesOf).sort(byPlace);
  const seenTo = firstUndone === undefined ? places : places.filter((place) => byPlace(place, firstUndone) < 0);
  return (firstUndone === undefined ? upTo : undefined) ?? seenTo.at(-1) ?? before;
}

const placesOf = (plan: UserPlan): readonly Place[] =>
  plan.kind === 'known' && plan.place !== undefined ? [plan.place] : [];
