import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { KeyStatus } from '../../lambda/domain/facts.ts';
import type { AccessKeyId, AccountId, EventId, UserName } from '../../lambda/domain/ids.ts';
import type { KeyPast } from '../../lambda/domain/past/key-past.ts';
import { DAY, fromIso, type Instant, type IsoTime, MINUTE, toIso } from '../../lambda/domain/time.ts';
import { AccessDeniedError, UserGoneError } from '../../lambda/ports.ts';
import { accountToRead } from '../member-account.ts';
import type { Session } from '../session.ts';
import type { TrailChange, TrailEvent } from '../trail.ts';
import { pastOf } from './status-at.ts';

export interface ReconcileOptions {
  readonly account?: AccountId;
  readonly days?: number;
}

/** Something that history and AWS do not agree on. */
export type Difference =
  /** By history the key should be so, and in IAM it is not. */
  | {
      readonly kind: 'status';
      readonly keyId: AccessKeyId;
      readonly userName: UserName;
      readonly inHistory: KeyStatus | 'gone';
      readonly inIam: KeyStatus | 'gone';
      /** Who did it, by CloudTrail; the next sweep will find it. */
      readonly explainedBy?: TrailEvent;
    }
  /** Keyturn changed it, and history does not say so. */
  | { readonly kind: 'unrecorded'; readonly change: TrailEvent }
  /** History says that Keyturn changed it, and CloudTrail does not. */
  | {
      readonly kind: 'not-in-trail';
      readonly eventId: EventId;
      readonly at: IsoTime;
      readonly type: HistoryEvent['type'];
      readonly keyId: AccessKeyId;
    };

export interface ReconcileReport {
  readonly account: AccountId;
  readonly since: IsoTime;
  readonly keys: number;
  /** Changes by Keyturn that both know of. */
  readonly agreed: number;
  readonly differences: readonly Difference[];
  /** Changes by anybody else, oldest first. */
  readonly byOthers: readonly TrailEvent[];
  /** Why CloudTrail was left out. */
  readonly trailMissing?: string;
}

/** CloudTrail tells of a call after about a quarter of an hour. */
const TRAIL_DELAY = 30 * MINUTE;
/** An act and its record are a moment apart, or as long as a sweep that was cut short took to be taken up again. */
const RECORDED_WITHIN = 3 * DAY;

/** What CloudTrail must say of each type of event that tells of an act of Keyturn's. */
const acts: Readonly<Partial<Record<HistoryEvent['type'], TrailChange>>> = {
  'key-published': 'created',
  'key-disabled': 'disabled',
  'key-restored': 'enabled',
  'key-deleted': 'deleted',
  'orphan-removed': 'deleted',
};

/** Compares history with the keys that are there, and with what CloudTrail says of who changed them; changes nothing. */
export async function reconcile(session: Session, options: ReconcileOptions): Promise<ReconcileReport> {
  const account = accountToRead(session, options.account);
  const now = session.clock.now();
  const since = now - (options.days ?? 90) * DAY;
  const trail = await trailSince(session, since);
  const events = await actsSince(session, account, since - RECORDED_WITHIN);
  const statuses = await statusDifferences(session, account, now, trail.events);
  const compared =
    trail.missing === undefined ? compare(session, account, { since, now }, events, trail.events) : nothing;
  return {
    account,
    since: toIso(since),
    keys: statuses.keys,
    agreed: compared.agreed,
    differences: [...statuses.differences, ...compared.differences],
    byOthers: compared.byOthers,
    ...(trail.missing !== undefined && { trailMissing: trail.missing }),
  };
}

const nothing = { agreed: 0, differences: [], byOthers: [] } as const;

async function trailSince(
  { trail }: Session,
  since: Instant,
): Promise<{ readonly events: readonly TrailEvent[]; readonly missing?: string }> {
  const events: TrailEvent[] = [];
  try {
    for await (const event of (await trail()).changes(since)) events.push(event);
  } catch (error) {
    // Without this right the rest of the comparison is still worth having.
    if (error instanceof AccessDeniedError) return { events: [], missing: error.message };
    throw error;
  }
  return { events: events.toSorted((a, b) => a.at - b.at) };
}

/** Keyturn's own acts, as history tells them. */
async function actsSince({ history }: Session, account: AccountId, since: Instant): Promise<readonly HistoryEvent[]> {
  const types = Object.keys(acts) as HistoryEvent['type'][];
  const found: HistoryEvent[] = [];
  for await (const event of history.query({ by: { kind: 'account', account }, since, types })) {
    const bySomebody = 'by' in event.details && event.details.by === 'somebody';
    if (event.mode === 'enforce' && !bySomebody) found.push(event);
  }
  return found;
}

async function statusDifferences(
  session: Session,
  account: AccountId,
  now: Instant,
  trail: readonly TrailEvent[],
): Promise<{ readonly keys: number; readonly differences: readonly Difference[] }> {
  const past = await pastOf(session, account, now);
  const users = Map.groupBy(
    [...past.keys.values()].filter((key) => key.account === account),
    ({ userName }) => userName,
  );
  const differences: Difference[] = [];
  for (const [userName, keys] of users) {
    const live = await liveKeys(session, userName);
    for (const { keyId, status } of keys) {
      const inIam = live.get(keyId) ?? 'gone';
      if (inIam === status) continue;
      const explainedBy = trail.findLast((change) => change.keyId === keyId && !isKeyturn(session, account, change));
      const difference = { kind: 'status', keyId, userName, inHistory: status, inIam } as const;
      differences.push({ ...difference, ...(explainedBy && { explainedBy }) });
    }
  }
  return { keys: past.keys.size, differences };
}

async function liveKeys({ member }: Session, userName: UserName): Promise<ReadonlyMap<AccessKeyId, KeyPast['status']>> {
  try {
    return new Map((await member.iam.keys(userName)).map(({ keyId, status }) => [keyId, status]));
  } catch (error) {
    if (error instanceof UserGoneError) return new Map();
    throw error;
  }
}

function compare(
  session: Session,
  account: AccountId,
  { since, now }: { readonly since: Instant; readonly now: Instant },
  events: readonly HistoryEvent[],
  trail: readonly TrailEvent[],
): Pick<ReconcileReport, 'agreed' | 'differences' | 'byOthers'> {
  const own = trail.filter((change) => isKeyturn(session, account, change));
  const unrecorded = own.filter((change) => !events.some((event) => tellsOf(event, change)));
  const untraced = events.filter((event) => {
    const at = fromIso(event.time);
    return at >= since && at <= now - TRAIL_DELAY && !own.some((change) => tellsOf(event, change));
  });
  return {
    agreed: own.length - unrecorded.length,
    differences: [
      ...unrecorded.map((change): Difference => ({ kind: 'unrecorded', change })),
      ...untraced.flatMap(({ id, time, type, keyId }): Difference[] =>
        keyId === undefined ? [] : [{ kind: 'not-in-trail', eventId: id, at: time, type, keyId }],
      ),
    ],
    byOthers: trail.filter((change) => !isKeyturn(session, account, change)),
  };
}

/** A call that was repeated, or taken up by a later sweep, has one record; a key that was given up has one for both. */
const tellsOf = ({ type, keyId, time }: HistoryEvent, { keyId: changed, change, at }: TrailEvent): boolean =>
  keyId === changed &&
  (acts[type] === change || (type === 'orphan-removed' && change === 'created')) &&
  Math.abs(fromIso(time) - at) <= RECORDED_WITHIN;

/** Keyturn changes keys in the member role, in a session named after its run. */
const isKeyturn = ({ deployment }: Session, account: AccountId, { actor }: TrailEvent): boolean =>
  actor.includes(`:sts::${account}:assumed-role/${deployment.memberRoleName}/`);
