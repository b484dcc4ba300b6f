import type { Mode } from '../../lambda/domain/events.ts';
import type { KeyStatus } from '../../lambda/domain/facts.ts';
import type { AccessKeyId, AccountId, OwnerId, UserName } from '../../lambda/domain/ids.ts';
import type { KnownUserPlan } from '../../lambda/domain/plan.ts';
import type { WaitReason } from '../../lambda/domain/reasons.ts';
import { type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { ownerFor } from '../../lambda/domain/user-match.ts';
import { planAccount } from '../../lambda/workflows/plan-account.ts';
import { accountStanding } from '../account-standing.ts';
import { daysBetween } from '../dates.ts';
import { type Handover, handoversIn } from '../handover.ts';
import { type AdvisedKey, adviceOn, type KeyAdvice } from '../key-advice.ts';
import { type KeyState, standingOf } from '../key-state.ts';
import { accountToRead } from '../member-account.ts';
import type { ReadOnlyIam, Session } from '../session.ts';
import { refuseIfNoneRead, type UnreadUser } from '../unread.ts';

export interface StatusOptions {
  /** Default: the account whose IAM is read. */
  readonly account?: AccountId;
  /** Say of each Active key what may take its place. */
  readonly advice?: true;
}

export interface KeyStatusRow {
  readonly account: AccountId;
  readonly userName: UserName;
  /** Absent: nobody is assigned, so the operators are told. */
  readonly owner?: OwnerId;
  readonly keyId: AccessKeyId;
  readonly status: KeyStatus;
  readonly createdAt: IsoTime;
  readonly ageDays: number;
  readonly state: KeyState;
  readonly exemptUntil?: IsoTime;
  /** Of a key that has a successor. */
  readonly handover?: Handover;
  readonly next?: { readonly step: 'rotate' | 'disable' | 'delete'; readonly at: IsoTime; readonly waits?: WaitReason };
}

/** Every key of one account, and where it stands. */
export interface StatusReport {
  readonly account: AccountId;
  readonly mode: Mode;
  /** In words, when sweeps leave the account out, or when that is not known. */
  readonly note?: string;
  readonly at: IsoTime;
  readonly keys: readonly KeyStatusRow[];
  /** Users about whom something could not be read: their keys are missing above. */
  readonly unread: readonly UnreadUser[];
  /** Of each Active key, where it was asked for. */
  readonly advice?: readonly KeyAdvice[];
}

/** Reads keys with the caller's own rights; changes nothing. */
export async function status(session: Session, options: StatusOptions): Promise<StatusReport> {
  const account = accountToRead(session, options.account);
  const { mode, note } = await accountStanding(session, account);
  const settings = { ...session.deployment.settings, mode };
  const now = session.clock.now();
  const [found, assignments] = await Promise.all([
    planAccount({ ...session, member: { iam: withoutReport(session.member.iam) } }, { account, now, settings }),
    session.owners.assignments(account),
  ]);
  const known = found.users.filter((user) => user.kind === 'known');
  const unread = found.users.flatMap((user) => (user.kind === 'unknown' ? [user.user] : []));
  refuseIfNoneRead(known, unread);
  const handovers = await handoversIn(session.member.iam, known, found.mode);
  const rows = known.flatMap((plan) =>
    plan.user.keys.map((key): KeyStatusRow => {
      const { state, next } = standingOf(plan, key, found.mode, settings.policy);
      const owner = ownerFor(assignments, plan.user);
      const handover = handovers.get(key.keyId);
      return {
        account,
        userName: plan.user.userName,
        ...(owner === undefined ? {} : { owner }),
        keyId: key.keyId,
        status: key.status,
        createdAt: toIso(key.createdAt),
        ageDays: daysBetween(key.createdAt, now),
        state,
        ...(state === 'exempt' && plan.exemption ? { exemptUntil: toIso(plan.exemption.expiresAt) } : {}),
        ...(handover && { handover }),
        ...(next === undefined ? {} : { next: { ...next, at: toIso(next.at) } }),
      };
    }),
  );
  const keys = rows.toSorted(byUserThenAge);
  return {
    account,
    mode: found.mode,
    ...(note === undefined ? {} : { note }),
    at: toIso(now),
    keys,
    unread: unread.map(({ userName, cause }) => ({ userName, cause })),
    ...(options.advice && { advice: await adviceOn(session.member.iam, activeKeys(known), now) }),
  };
}

/** By user, then age, as the keys are told. */
const activeKeys = (plans: readonly KnownUserPlan[]): readonly AdvisedKey[] =>
  plans
    .flatMap(({ user, tracking }) => user.keys.map((key) => ({ userName: user.userName, key, tracking })))
    .filter(({ key }) => key.status === 'Active')
    .toSorted((a, b) =>
      a.userName < b.userName ? -1 : a.userName > b.userName ? 1 : a.key.createdAt - b.key.createdAt,
    );

/** Nobody asks here for the root user's keys, and AWS may take many seconds to make the report that tells them. */
function withoutReport(iam: ReadOnlyIam): ReadOnlyIam {
  return {
    users: () => iam.users(),
    user: (userName) => iam.user(userName),
    keys: (userName) => iam.keys(userName),
    lastUse: (keyId) => iam.lastUse(keyId),
    credentialReport: () => Promise.resolve(undefined),
  };
}

function byUserThenAge(a: KeyStatusRow, b: KeyStatusRow): number {
  if (a.userName !== b.userName) return a.userName < b.userName ? -1 : 1;
  return a.createdAt < b.createdAt ? -1 : 1;
}
