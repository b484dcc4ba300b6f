import { decide } from '../decide.ts';
import type { UserFacts } from '../facts.ts';
import { type AccessKeyId, type EventId, parseAccountId, parseUserId, parseUserName } from '../ids.ts';
import { capped } from '../plan.ts';
import type { Policy } from '../policy.ts';
import type { DisruptiveStep, Step } from '../step.ts';
import { DAY, type Instant } from '../time.ts';
import { exemptionFor } from '../user-match.ts';
import { afterSteps, type PretendedUser } from './pretended-user.ts';
import { toldBy } from './told.ts';

/** A user at one point of its future; equal users are the same one. */
export interface Life {
  readonly user: PretendedUser;
  /** What comes next, by the day from which on one looks. */
  readonly next: Map<number, Happening | undefined>;
  readonly happenings: Map<number, Happening>;
}

/** A run, counted from 0, on which something is to be done about a user. */
export interface Happening {
  readonly life: Life;
  readonly day: number;
  readonly steps: readonly Step[];
  readonly disruptive: readonly DisruptiveStep[];
  /** What comes of it, by how many of its steps the run's caps allow. */
  readonly outcomes: Map<string, Outcome>;
}

export interface Outcome {
  readonly life: Life;
  readonly steps: readonly Step[];
  readonly rotate: number;
  readonly disable: number;
  readonly delete: number;
  /** Notices to its owner. */
  readonly notices: number;
  /** 1 when Keyturn makes the user its first secret. */
  readonly secrets: number;
}

export type Allowed = Readonly<Record<DisruptiveStep['kind'], number>>;

/** A rule asked when a key was last used, and it was not read. */
export class LastUseUnknownError extends Error {
  override readonly name = 'LastUseUnknownError';
  readonly keyIds: readonly AccessKeyId[];

  constructor(keyIds: readonly AccessKeyId[]) {
    super(`the last use of ${keyIds.join(', ')} has to be known first`);
    this.keyIds = keyIds;
  }
}

/** Rules look at keys and times alone, so one user stands for all. */
const anybody: Omit<UserFacts, 'keys'> = {
  account: parseAccountId('000000000000'),
  userName: parseUserName('anybody'),
  userId: parseUserId('AIDAFORECAST0000'),
  path: '/',
  arn: 'arn:aws:iam::000000000000:user/anybody',
};

/** As if every notice had reached somebody. */
const allDelivered = new (class extends Map<EventId, boolean> {
  override get(): boolean {
    return true;
  }
})();

/**
 * The futures of users under one policy, with a run a day and nobody who interferes. What is done on a day is decided by
 * the rules of the sweep itself; each different user is decided about once, however many there are of it.
 */
export class Futures {
  readonly policy: Policy;
  /** Time of run 0. */
  readonly start: Instant;
  readonly days: number;
  readonly #lives = new Map<string, Life>();

  constructor(policy: Policy, start: Instant, days: number) {
    this.policy = policy;
    this.start = start;
    this.days = days;
  }

  /** How many different users it has met. */
  get size(): number {
    return this.#lives.size;
  }

  timeOf(day: number): Instant {
    return this.start + day * DAY;
  }

  life(user: PretendedUser): Life {
    const name = JSON.stringify(user);
    const known = this.#lives.get(name);
    if (known !== undefined) return known;
    const life: Life = { user, next: new Map(), happenings: new Map() };
    this.#lives.set(name, life);
    return life;
  }

  /** The first run from that day on that does something; undefined: none within the forecast. */
  next(life: Life, from: number): Happening | undefined {
    if (life.next.has(from)) return life.next.get(from);
    const found = this.#find(life, from);
    life.next.set(from, found);
    return found;
  }

  /** What comes of a happening when the caps allow so many of its steps of each kind, its oldest keys first; or all. */
  outcome(happening: Happening, allowed?: Allowed): Outcome {
    const name = allowed === undefined ? 'all' : `${allowed.rotate} ${allowed.disable} ${allowed.delete}`;
    const known = happening.outcomes.get(name);
    if (known !== undefined) return known;
    const outcome = this.#outcome(happening, allowed);
    happening.outcomes.set(name, outcome);
    return outcome;
  }

  #find(life: Life, from: number): Happening | undefined {
    let day = from;
    while (day < this.days) {
      const steps = this.#stepsOn(life, day);
      if (!isIdle(steps)) return this.#happening(life, day, steps);
      const named = Math.min(this.#namedBy(steps, day), this.days - 1);
      if (named <= day) return undefined;
      day = this.#firstBusyDay(life, day, named);
    }
    return undefined;
  }

  /**
   * The rules name a date, but not all that comes before it, such as warnings. Whatever is due stays due until it is
   * done, so the first busy day up to that date is found by halving. The date itself when there is none.
   */
  #firstBusyDay(life: Life, idle: number, named: number): number {
    if (isIdle(this.#stepsOn(life, named))) return named === this.days - 1 ? this.days : named;
    let [low, high] = [idle, named];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (isIdle(this.#stepsOn(life, middle))) low = middle;
      else high = middle;
    }
    return high;
  }

  /** The first run at or after the earliest date that idle steps name. A wait without a date is looked at daily. */
  #namedBy(steps: readonly Step[], day: number): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const step of steps) {
      const until = step.kind === 'none' || step.kind === 'wait' ? step.until : undefined;
      if (until !== undefined) earliest = Math.min(earliest, Math.ceil((until - this.start) / DAY));
      else if (step.kind === 'wait') earliest = day + 1;
    }
    return Math.max(earliest, day + 1);
  }

  #stepsOn({ user }: Life, day: number): readonly Step[] {
    const now = this.timeOf(day);
    const exemption = exemptionFor(user.exemptions, anybody, now);
    const situation = {
      user: { ...anybody, keys: user.keys },
      tracking: user.tracking,
      delivered: allDelivered,
      ...(exemption === undefined ? {} : { exemption }),
    };
    const decision = decide(situation, this.policy, now);
    if (decision.kind === 'look-up') throw new LastUseUnknownError(decision.lastUseOf);
    return decision.steps;
  }

  #happening(life: Life, day: number, steps: readonly Step[]): Happening {
    const known = life.happenings.get(day);
    if (known !== undefined) return known;
    const happening = { life, day, steps, disruptive: steps.filter(isDisruptive), outcomes: new Map() };
    life.happenings.set(day, happening);
    return happening;
  }

  #outcome({ life, day, steps }: Happening, allowed?: Allowed): Outcome {
    const { user } = life;
    const taken = allowed === undefined ? steps : withDeferrals(user, steps, allowed);
    const after = afterSteps(user, taken, this.timeOf(day), this.policy);
    const number = (kind: Step['kind']) => taken.reduce((sum, step) => sum + Number(step.kind === kind), 0);
    return {
      life: this.life(after),
      steps: taken,
      rotate: number('rotate'),
      disable: number('disable'),
      delete: number('delete'),
      notices: taken.filter(toldBy).length,
      secrets: Number(after.hasSecret && !user.hasSecret),
    };
  }
}

/** The steps as the sweep's caps leave them. */
function withDeferrals({ keys, tracking }: PretendedUser, steps: readonly Step[], allowed: Allowed): readonly Step[] {
  const facts = { ...anybody, keys };
  const reading = { ...anybody, keys, fingerprint: '', readAt: 0 };
  const [plan] = capped([{ kind: 'known', user: facts, tracking, steps, reading }], allowed);
  return plan?.kind === 'known' ? plan.steps : steps;
}

const isDisruptive = (step: Step): step is DisruptiveStep =>
  step.kind === 'rotate' || step.kind === 'disable' || step.kind === 'delete';

/** Nothing is to be done, or put on record. */
const isIdle = (steps: readonly Step[]): boolean =>
  steps.every((step) => step.kind === 'none' || ((step.kind === 'wait' || step.kind === 'block') && !step.isNew));
