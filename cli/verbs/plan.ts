import type { Mode } from '../../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, UserName } from '../../lambda/domain/ids.ts';
import type { UserPlan } from '../../lambda/domain/plan.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { Step, StepKind } from '../../lambda/domain/step.ts';
import { type Instant, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { planAccount } from '../../lambda/workflows/plan-account.ts';
import { accountStanding } from '../account-standing.ts';
import { accountToRead } from '../member-account.ts';
import type { Session } from '../session.ts';
import { refuseIfNoneRead, type UnreadUser } from '../unread.ts';
import { actionInWords, whyInWords } from '../wording.ts';

export interface PlanOptions {
  /** Default: the account whose IAM is read. */
  readonly account?: AccountId;
  /** Plan as if the sweep ran then; default now. */
  readonly at?: Instant;
  /** Show users with nothing to do as well. */
  readonly all?: boolean;
}

export interface PlannedStep {
  readonly kind: StepKind;
  readonly keyId?: AccessKeyId;
  /** The step's own reason code; absent where the kind says it all. */
  readonly reason?: string;
  /** In a word or two. */
  readonly action: string;
  /** In words. */
  readonly why: string;
}

export interface PlannedUser {
  readonly userName: UserName;
  readonly steps: readonly PlannedStep[];
}

/** What the next sweep would do in one account. */
export interface PlanReport {
  readonly account: AccountId;
  readonly mode: Mode;
  /** In words, when sweeps leave the account out, or when that is not known. */
  readonly note?: string;
  readonly at: IsoTime;
  /** Active access keys of the root user; absent: AWS had no credential report. */
  readonly rootKeys?: number;
  /** Why there is no credential report. */
  readonly reportMissing?: string;
  /** What is wrong with requests that could not be read; absent: none. */
  readonly unreadRequests?: readonly string[];
  readonly summary: {
    readonly users: number;
    /** Steps by kind, `none` left out. */
    readonly steps: Readonly<Partial<Record<StepKind, number>>>;
    readonly nothingToDo: number;
    readonly gone: number;
    readonly unread: number;
  };
  readonly users: readonly PlannedUser[];
  /** Users on record whom IAM no longer has: their records are closed. */
  readonly gone: readonly UserName[];
  /** Users that somebody asked something for and that IAM does not have: the requests are refused. */
  readonly stray: readonly UserName[];
  /** Users about whom a request is on the list that nobody is on record as having made: it is refused. */
  readonly unasked: readonly UserName[];
  /** Users about whom something could not be read: a sweep would leave them alone and report a failure. */
  readonly unread: readonly UnreadUser[];
}

/** Plans the next sweep with the caller's own rights; changes nothing. */
export async function plan(session: Session, options: PlanOptions): Promise<PlanReport> {
  const account = accountToRead(session, options.account);
  const { mode, note } = await accountStanding(session, account);
  const settings = { ...session.deployment.settings, mode };
  const now = options.at ?? session.clock.now();
  const found = await planAccount(session, { account, now, settings });
  const users = found.users.filter((user) => user.kind === 'known');
  const busy = users.filter(({ steps }) => steps.some(({ kind }) => kind !== 'none'));
  const gone = found.users.flatMap((user) => (user.kind === 'gone' ? [user.user.userName] : []));
  const unread = found.users.flatMap((user) => (user.kind === 'unknown' ? [user.user] : []));
  refuseIfNoneRead(users, unread);
  const shown = options.all ? users : busy;
  return {
    account: found.account,
    mode: found.mode,
    ...(note === undefined ? {} : { note }),
    at: toIso(found.now),
    ...(found.rootKeys === undefined ? {} : { rootKeys: found.rootKeys }),
    ...(found.reportMissing === undefined ? {} : { reportMissing: found.reportMissing }),
    ...(found.unreadRequests === undefined ? {} : { unreadRequests: found.unreadRequests }),
    summary: {
      users: users.length + unread.length,
      steps: countSteps(busy),
      nothingToDo: users.length - busy.length,
      gone: gone.length,
      unread: unread.length,
    },
    users: shown.toSorted(byUserName).map((user) => ({
      userName: user.user.userName,
      steps: user.steps.filter(({ kind }) => options.all || kind !== 'none').map(planned(settings.policy, now)),
    })),
    gone: gone.toSorted(),
    stray: (found.stray ?? []).map(({ userName }) => userName).toSorted(),
    unasked: [...new Set((found.unasked ?? []).map(({ userName }) => userName))].toSorted(),
    unread: unread.map(({ userName, cause }) => ({ userName, cause })),
  };
}

type Known = Extract<UserPlan, { kind: 'known' }>;

const byUserName = (a: Known, b: Known): number => (a.user.userName < b.user.userName ? -1 : 1);

function countSteps(users: readonly Known[]): Partial<Record<StepKind, number>> {
  const counts: Partial<Record<StepKind, number>> = {};
  for (const { kind } of users.flatMap(({ steps }) => steps)) {
    if (kind !== 'none') counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

const planned =
  (policy: Policy, now: Instant) =>
  (step: Step): PlannedStep => {
    const keyId = 'keyId' in step ? step.keyId : step.kind === 'recover' ? step.outgoingKeyId : undefined;
    return {
      kind: step.kind,
      ...(keyId === undefined ? {} : { keyId }),
      ...('reason' in step ? { reason: step.reason } : {}),
      action: actionInWords[step.kind],
      why: whyInWords(step, { policy, now }),
    };
  };
