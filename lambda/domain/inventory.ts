import type { KeyStatus, LastUse, UserFacts } from './facts.ts';
import type { AccessKeyId, AccountId, UserId, UserName } from './ids.ts';
import { daysAfter, type Instant } from './time.ts';

/** What the credential report says of one of a user's first two keys. It names no key ID. */
export interface ReportedKey {
  readonly active: boolean;
  /** When the key was created or its status last changed: it tells that something changed, never how old a key is. */
  readonly lastRotated?: Instant;
  /** Absent: the report does not say, or not so that it can be read. */
  readonly lastUse?: Exclude<LastUse, { kind: 'unread' }>;
}

export interface ReportedUser {
  readonly userName: UserName;
  readonly arn: string;
  readonly createdAt: Instant;
  readonly keys: readonly ReportedKey[];
}

/** An account's credential report; up to four hours old. */
export interface CredentialReport {
  /** Every user; absent when a row could not be read: then nothing is known of who is missing. */
  readonly users?: readonly ReportedUser[];
  /** Active access keys of the root user. */
  readonly rootKeys: number;
}

/** A user as it was read from IAM, kept under the fingerprint of its report row. */
export interface CachedUser {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly userId: UserId;
  readonly path: string;
  readonly arn: string;
  readonly keys: readonly { readonly keyId: AccessKeyId; readonly status: KeyStatus; readonly createdAt: Instant }[];
  /** Empty: there was no row to go by, so the next sweep reads the user again. */
  readonly fingerprint: string;
  /** When the user itself was created, by its report row: another user of the same name has another. */
  readonly userCreatedAt?: Instant;
  readonly readAt: Instant;
}

/**
 * Everything in a row that changes when a user or one of its keys does; not when a key was used. Whether a key is the
 * first or the second does not matter.
 */
export function fingerprintOf({ arn, createdAt, keys }: ReportedUser): string {
  const marks = keys.map(({ active, lastRotated }) => `${active ? 'A' : 'I'}${lastRotated ?? ''}`).sort();
  return [createdAt, ...marks, arn].join('|');
}

/** Whether both are the same user with the same keys in the same states. */
export function sameKeys(a: CachedUser, b: CachedUser): boolean {
  const marks = ({ userId, keys }: CachedUser) => [
    userId,
    ...keys.map(({ keyId, status }) => `${keyId}${status}`).sort(),
  ];
  return marks(a).join() === marks(b).join();
}

/** What a sweep has to do to know every user of an account. */
export interface Survey {
  /** Their row is as it was when they were read. */
  readonly unchanged: readonly CachedUser[];
  /** New, or changed in any way: to be read. */
  readonly changed: readonly { readonly row: ReportedUser; readonly cached?: CachedUser }[];
}

/** Compares the report with what is cached. Pure. */
export function survey(reportedUsers: readonly ReportedUser[], cache: ReadonlyMap<UserName, CachedUser>): Survey {
  const unchanged: CachedUser[] = [];
  const changed: { row: ReportedUser; cached?: CachedUser }[] = [];
  for (const row of reportedUsers) {
    const cached = cache.get(row.userName);
    if (cached !== undefined && cached.fingerprint === fingerprintOf(row)) unchanged.push(cached);
    else changed.push({ row, ...(cached && { cached }) });
  }
  return { unchanged, changed };
}

/** A full sweep reads every user afresh, whatever the report says. */
const FULL_SWEEP_EVERY_DAYS = 7;
/** A sweep begins after its run's time: by seconds, or by hours when accounts queue up. The next is not a day late for it. */
const LATE_START_DAYS = 0.5;

/** @param startedAt when the last one began, by the worker's clock; @param now the run's time. */
export const isFullSweepDue = (startedAt: Instant, now: Instant): boolean =>
  now >= daysAfter(startedAt, FULL_SWEEP_EVERY_DAYS - LATE_START_DAYS);

/** The facts that a cached user stands for. When its keys were last used is not remembered: the report says it anew. */
export const factsOf = ({ account, userName, userId, path, arn, keys }: CachedUser): UserFacts => ({
  account,
  userName,
  userId,
  path,
  arn,
  keys: keys.map((key) => ({ ...key, lastUse: { kind: 'unread' } })),
});
