import type { AccessKeyId, AccountId, UserId, UserName } from './ids.ts';
import type { Instant } from './time.ts';

/** Where and when AWS last saw a key used (about 15 minutes grain). `unread`: nobody asked, so nothing may rest on it. */
export type LastUse = { readonly kind: 'unread' } | { readonly kind: 'never' } | ({ readonly kind: 'used' } & Use);

/** One use of a key: when, by which service's API and in which Region. */
export interface Use {
  readonly at: Instant;
  readonly service: string;
  readonly region: string;
}

/** Anything but Active is treated as not active. */
export type KeyStatus = 'Active' | 'Inactive' | 'Expired';

export interface KeyFacts {
  readonly keyId: AccessKeyId;
  readonly status: KeyStatus;
  readonly createdAt: Instant;
  readonly lastUse: LastUse;
  /**
   * What the credential report says of its last use, up to four hours old; absent when the report does not say which of
   * its rows is this key. It words notices and nothing else: no step rests on it.
   */
  readonly reportedUse?: Exclude<LastUse, { kind: 'unread' }>;
  /** Exists only in the pretended world of `observe`. */
  readonly pretended?: true;
}

/** One IAM user as just read. `keys` is complete: an unread list is an UnknownUser, never an empty one. */
export interface UserFacts {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly userId: UserId;
  /** IAM path, `/` or `/team/…/`. */
  readonly path: string;
  readonly arn: string;
  readonly keys: readonly KeyFacts[];
}

/** A user about whom something could not be read. Unknown never means absent: nothing is done to it. */
export interface UnknownUser {
  readonly account: AccountId;
  readonly userName: UserName;
  /** What could not be read and why, for operators; holds no secret. */
  readonly cause: string;
}
