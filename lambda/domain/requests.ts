import type { AccessKeyId, AccountId, RequestId, UserName } from './ids.ts';
import { DAY, type Instant } from './time.ts';

/** What somebody asked for with the command line; the next sweep of the account answers it, by carrying it out or refusing. */
export type Request = RequestHead & Wish;

export interface RequestHead {
  readonly id: RequestId;
  readonly account: AccountId;
  readonly userName: UserName;
  readonly reason: string;
  /** ARN of the caller. */
  readonly requestedBy: string;
  readonly requestedAt: Instant;
}

export type Wish =
  /** Replace the user's Active key now, out of turn; with `disableOldNow` (a leak) the old one stops at once. */
  | { readonly kind: 'rotate'; readonly keyId?: AccessKeyId; readonly disableOldNow: boolean }
  /** Make a disabled key that is not deleted yet work again for so long; then it is disabled again. */
  | { readonly kind: 'restore'; readonly keyId: AccessKeyId; readonly hours: number }
  /** Put the next step of a key that is on its way out off by so many days. */
  | { readonly kind: 'snooze'; readonly keyId: AccessKeyId; readonly days: number };

export type WishKind = Wish['kind'];

/** A request that could not be carried out for so long (there was no room for a new key) lapses. */
export const REQUEST_LIFE: number = 14 * DAY;

/** Those about this user, oldest first. Names compare without case, as in IAM, where they are unique so. */
export const requestsOf = (requests: readonly Request[], userName: string): readonly Request[] =>
  requests
    .filter((request) => request.userName.toLowerCase() === userName.toLowerCase())
    .toSorted((a, b) => a.requestedAt - b.requestedAt || (a.id < b.id ? -1 : 1));

/** Whether somebody asked that this key stop as soon as it is replaced. */
export const stopsAtOnce = (step: { readonly request?: { readonly disableOldNow: boolean } }): boolean =>
  step.request?.disableOldNow === true;
