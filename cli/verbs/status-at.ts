import type { Mode, NoticeChannel, PolicyInForce } from '../../lambda/domain/events.ts';
import type { KeyStatus } from '../../lambda/domain/facts.ts';
import type { AccessKeyId, AccountId, OwnerId, UserName } from '../../lambda/domain/ids.ts';
import { keyEventTypes } from '../../lambda/domain/past/fold-key.ts';
import type { KeyPast } from '../../lambda/domain/past/key-past.ts';
import { Past } from '../../lambda/domain/past/past.ts';
import { type KeyStateAt, standingAt } from '../../lambda/domain/past/standing.ts';
import { type Instant, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { accountAbout } from '../member-account.ts';
import type { Session } from '../session.ts';

export interface PastKeyRow {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly keyId: AccessKeyId;
  readonly status: KeyStatus;
  readonly state: KeyStateAt;
  readonly ageDays?: number;
  readonly createdAt?: IsoTime;
  readonly next?: { readonly step: 'rotate' | 'disable' | 'delete'; readonly at: IsoTime };
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

/** Rebuilds where every key of an account stood at an instant; reads no IAM. */
export async function statusAt(
  session: Pick<Session, 'history' | 'deployment' | 'member'>,
  options: { readonly account?: AccountId; readonly at: Instant },
): Promise<PastStatusReport> {
  const account = accountAbout(session, options.account);
  const past = await pastOf(session, account, options.at);
  const known = past.accounts.get(account);
  const keys = [...past.keys.values()]
    .filter((key) => key.account === account && key.status !== 'gone')
    .map((key) => rowOf(past, key, options.at));
  return {
    account,
    at: toIso(options.at),
    ...(known && { mode: known.mode, policy: known.policy }),
    ...(known?.inventory && { inventoryOf: toIso(known.inventory.startedAt) }),
    keys: keys.toSorted((a, b) => (`${a.userName} ${a.keyId}` < `${b.userName} ${b.keyId}` ? -1 : 1)),
  };
}

/** What history knew of an account at an instant, that instant included. */
export async function pastOf(
  { history, deployment }: Pick<Session, 'history' | 'deployment'>,
  account: AccountId,
  at: Instant,
): Promise<Past> {
  const past = new Past(at);
  const until = at + 1;
  const { hub } = deployment.settings;
  // An exemption for all accounts is on record in the hub.
  const exemptions = ['exemption-granted', 'exemption-revoked'] as const;
  if (account !== hub) {
    for await (const event of history.query({ by: { kind: 'account', account: hub }, until, types: exemptions }))
      past.add(event);
  }
  for await (const event of history.query({ by: { kind: 'account', account }, until, types: keyEventTypes }))
    past.add(event);
  return past;
}

function rowOf(past: Past, key: KeyPast, at: Instant): PastKeyRow {
  const { state, next, ageDays } = standingAt(past, key, at);
  const told = key.retirement?.announcements.at(-1)?.deliveries[0];
  return {
    account: key.account,
    userName: key.userName,
    keyId: key.keyId,
    status: key.status === 'gone' ? 'Inactive' : key.status,
    state,
    ...(ageDays === undefined ? {} : { ageDays }),
    ...(key.created && { createdAt: toIso(key.created.at) }),
    ...(next && { next: { step: next.step, at: toIso(next.at) } }),
    ...(told && { told: { to: told.to, channel: told.channel, at: toIso(told.at) } }),
  };
}
