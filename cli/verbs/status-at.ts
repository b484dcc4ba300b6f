import type { Mode, NoticeChannel, PolicyInForce } from '../../lambda/domain/events.ts';
import type { KeyStatus } from '../../lambda/domain/facts.ts';
import type { AccessKeyId, AccountId, ExemptionId, OwnerId, UserName } from '../../lambda/domain/ids.ts';
import { type ExemptionPast, endOf } from '../../lambda/domain/past/exemption-past.ts';
import type { Delivery, KeyPast } from '../../lambda/domain/past/key-past.ts';
import type { Past } from '../../lambda/domain/past/past.ts';
import { type KeyStateAt, standingAt } from '../../lambda/domain/past/standing.ts';
import type { WaitReason } from '../../lambda/domain/reasons.ts';
import { type Instant, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { minuteOf } from '../dates.ts';
import { UsageError } from '../errors.ts';
import { accountAbout } from '../member-account.ts';
import { type PastOptions, pastOf } from '../rebuilt-past.ts';
import type { Session } from '../session.ts';

export interface PastKeyRow {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly keyId: AccessKeyId;
  readonly status: KeyStatus;
  readonly state: KeyStateAt;
  readonly ageDays?: number;
  readonly createdAt?: IsoTime;
  readonly next?: { readonly step: 'rotate' | 'disable' | 'delete'; readonly at: IsoTime; readonly waits?: WaitReason };
  /** The one that held. */
  readonly exemption?: {
    readonly id: ExemptionId;
    readonly until: IsoTime;
    readonly approver: string;
    readonly reason: string;
  };
  /** Who had been told what was to happen to it next, and when. */
  readonly told?: { readonly to: OwnerId | 'operators'; readonly channel: NoticeChannel; readonly at: IsoTime };
}

/** Every key of an account as it was, from history alone. */
export interface PastStatusReport {
  readonly account: AccountId;
  readonly at: IsoTime;
  /** Absent: nothing was known of the account by then. */
  readonly mode?: Mode;
  readonly policy?: PolicyInForce;
  /** Since when every key is known; absent: only those that something had happened to. */
  readonly inventoryOf?: IsoTime;
  readonly keys: readonly PastKeyRow[];
}

/** Throws UsageError for what has not come yet: history can only tell of the past. */
export function refuseFuture(at: Instant, now: Instant): void {
  if (at <= now) return;
  throw new UsageError(
    `--at ${minuteOf(toIso(at))} UTC has not come yet (it is ${minuteOf(toIso(now))} UTC): history tells of the past. ` +
      "Name today or an earlier day; 'keyturn plan --at' and 'keyturn forecast' look ahead.",
  );
}

/** Rebuilds where every key of an account stood at an instant; reads no IAM. */
export async function statusAt(
  session: Pick<Session, 'history' | 'deployment' | 'member'>,
  options: { readonly account?: AccountId; readonly at: Instant },
): Promise<PastStatusReport> {
  return pastStatus(session, accountAbout(session, options.account), options.at);
}

/** The same of any account. */
export async function pastStatus(
  session: Pick<Session, 'history' | 'deployment'>,
  account: AccountId,
  at: Instant,
  options: PastOptions = {},
): Promise<PastStatusReport> {
  const past = await pastOf(session, account, at, options);
  const known = past.accounts.get(account);
  const keys = [...past.keys.values()]
    .filter((key) => key.account === account && key.status !== 'gone')
    .map((key) => rowOf(past, key, at));
  return {
    account,
    at: toIso(at),
    ...(known && { mode: known.mode, policy: known.policy }),
    ...(known?.inventory && { inventoryOf: toIso(known.inventory.startedAt) }),
    keys: keys.toSorted((a, b) => (`${a.userName} ${a.keyId}` < `${b.userName} ${b.keyId}` ? -1 : 1)),
  };
}

function rowOf(past: Past, key: KeyPast, at: Instant): PastKeyRow {
  const { state, next, ageDays } = standingAt(past, key, at);
  const exemption = state === 'exempt' ? past.exemptions.of(key, at) : undefined;
  const told = whoWasTold(key);
  const waits = key.waiting?.step === next?.step ? key.waiting?.reason : undefined;
  return {
    account: key.account,
    userName: key.userName,
    keyId: key.keyId,
    status: key.status === 'gone' ? 'Inactive' : key.status,
    state,
    ...(ageDays === undefined ? {} : { ageDays }),
    ...(key.created && { createdAt: toIso(key.created.at) }),
    ...(next && { next: { step: next.step, at: toIso(next.at), ...(waits && { waits }) } }),
    ...(exemption && { exemption: inForce(exemption) }),
    ...(told && { told: { to: told.to, channel: told.channel, at: toIso(told.at) } }),
  };
}

const inForce = (one: ExemptionPast) => ({
  id: one.id,
  until: toIso(endOf(one)),
  approver: one.approver,
  reason: one.reason,
});

/** Of what happens to it next: its way out, or else its coming rotation. */
function whoWasTold({ retirement, warned }: KeyPast): Delivery | undefined {
  if (retirement !== undefined) return retirement.announcements.at(-1)?.deliveries[0];
  return warned?.deliveries.at(-1);
}
