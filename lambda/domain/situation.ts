import type { UserFacts } from './facts.ts';
import type { AccessKeyId, EventId, UserId } from './ids.ts';
import type { Exemption } from './owners.ts';
import type { Policy } from './policy.ts';
import type { Request } from './requests.ts';
import type { Step } from './step.ts';
import type { Instant } from './time.ts';
import type { Tracking } from './tracking.ts';

/** Everything the decision about one user rests on. */
export interface Situation {
  readonly user: UserFacts;
  readonly tracking: Tracking;
  /** Set when what is tracked belongs to an earlier user of the same name. */
  readonly formerUserId?: UserId;
  /** The exemption that holds now. */
  readonly exemption?: Exemption;
  /** What somebody asked for and nobody answered yet, oldest first. */
  readonly requests?: readonly Request[];
  /** Keys that were known of a user that has none now, and whose end is not on record. */
  readonly lost?: readonly AccessKeyId[];
  /** In `observe`: nothing will be changed, and its keys may be pretended. */
  readonly observing?: boolean;
  /** Whether the notice about an announcement reached somebody; absent: nobody looked. */
  readonly delivered: ReadonlyMap<EventId, boolean>;
}

/** Either the steps, or what has to be looked up before they can be known: nothing is read that decides nothing. */
export type Decision =
  | { readonly kind: 'steps'; readonly steps: readonly Step[] }
  | { readonly kind: 'look-up'; readonly lastUseOf: readonly AccessKeyId[]; readonly deliveryOf: readonly EventId[] };

/** Collects what a rule found missing; a rule that asked for something returns steps that nobody will see. */
export class LookUps {
  readonly lastUseOf: Set<AccessKeyId> = new Set();
  readonly deliveryOf: Set<EventId> = new Set();

  get any(): boolean {
    return this.lastUseOf.size + this.deliveryOf.size > 0;
  }
}

/** What every rule is handed. */
export interface Rules {
  readonly user: UserFacts;
  readonly tracking: Tracking;
  readonly delivered: ReadonlyMap<EventId, boolean>;
  readonly policy: Policy;
  readonly now: Instant;
  /** The worker's clock, never before `now`: what is done is done then, so the change window goes by it. */
  readonly clock: Instant;
  readonly observing: boolean;
  readonly lookUps: LookUps;
}
