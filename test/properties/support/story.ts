/** What happens in a simulated account: a plain value, so that fast-check can make one, shrink it, and print it. */
import type { Mode } from '../../../lambda/domain/events.ts';
import type { Policy } from '../../../lambda/domain/policy.ts';
import type { CallName } from '../../support/calls.ts';

/** How somebody can be told about a user's keys. */
export type Reach = 'mail' | 'mail and Slack' | 'nobody knows the owner' | 'unreachable';

export interface FirstKey {
  readonly ageDays: number;
  readonly status: 'Active' | 'Inactive';
  /** Absent: never used. */
  readonly usedDaysAgo?: number;
}

export interface FirstUser {
  readonly reach: Reach;
  readonly keys: readonly FirstKey[];
}

/** What people do; `user` and `which` pick one of those there are. */
export type Deed =
  | { readonly what: 'create' | 'create beside another'; readonly user: number }
  | { readonly what: 'use' | 'deactivate' | 'activate' | 'delete'; readonly user: number; readonly which: number }
  | { readonly what: 'delete the user' | 're-create the user'; readonly user: number }
  | { readonly what: 'exempt'; readonly user: number; readonly days: number }
  | { readonly what: 'revoke'; readonly user: number }
  | {
      /** With the command line: rotate, rotate and stop the old key at once, restore for hours, snooze for days. */
      readonly what: 'ask to rotate' | 'ask to stop' | 'ask to restore' | 'ask to snooze';
      readonly user: number;
      /** Which key is named; for a rotation 2 names none. */
      readonly which: number;
      readonly amount: number;
    }
  | { readonly what: 'mode'; readonly mode: Mode }
  | { readonly what: 'policy'; readonly policy: Policy };

/** A call of some process of Keyturn's: the first of that name on that day or later, after so many others. */
export interface Moment {
  readonly day: number;
  readonly call: SimulatedCall;
  readonly after: number;
}

export type SimulatedCall = CallName | 'account.open';

/** `fails`, `dies`: before the call took effect, or after it did and before its answer came. `is slow`: two minutes. */
export type Trouble = 'fails before' | 'fails after' | 'dies before' | 'dies after' | 'is refused' | 'is slow';

export type Happening =
  /** Some hours after that day's run. */
  | { readonly kind: 'deed'; readonly day: number; readonly hour: number; readonly deed: Deed }
  /** While Keyturn works, right before or right after a call of its. */
  | { readonly kind: 'deed during'; readonly at: Moment; readonly when: 'before' | 'after'; readonly deed: Deed }
  | { readonly kind: 'trouble'; readonly at: Moment; readonly trouble: Trouble; readonly times: number }
  | { readonly kind: 'no run'; readonly day: number }
  | { readonly kind: 'scheduled twice'; readonly day: number }
  /** The queue delivers the day's message so many times, at once or one after the other. */
  | { readonly kind: 'delivered again'; readonly day: number; readonly atOnce: boolean }
  | { readonly kind: 'delivered late'; readonly day: number; readonly hours: number }
  | { readonly kind: 'no report'; readonly day: number }
  /** The function's time is nearly up when it begins. */
  | { readonly kind: 'short of time'; readonly day: number; readonly seconds: number }
  /** What the stream brings that day: later, more than once, or in another order. */
  | { readonly kind: 'stream late'; readonly day: number; readonly days: number }
  | { readonly kind: 'stream again'; readonly day: number }
  | { readonly kind: 'stream reversed'; readonly day: number };

export interface Story {
  readonly policy: Policy;
  readonly mode: Mode;
  readonly users: readonly FirstUser[];
  readonly days: number;
  readonly happenings: readonly Happening[];
  /** UTC hour of the daily run; 6.5 is half past six: a message that comes again may find the window closed. */
  readonly runHour: number;
  /** How long IAM's answers lag behind what was done, seconds. */
  readonly lagSeconds: number;
  /** Whether the credential report is four hours old at each run. */
  readonly oldReports: boolean;
  /** Minutes until a message whose worker failed or died comes again. */
  readonly comesAgainAfter: number;
  /** False: the account's lease keeps nobody away, and all rests on the users' journal. */
  readonly leases: boolean;
}

/** Names of the users, in the order of the story. */
export const userNames = ['ada', 'bob', 'cyn'] as const;

export const dayOf = (happening: Happening): number => ('at' in happening ? happening.at.day : happening.day);
