import { type HistoryEvent, requestIn } from '../../lambda/domain/events.ts';
import type { KeyStatus } from '../../lambda/domain/facts.ts';
import type { AccessKeyId, AccountId, EventId, UserName } from '../../lambda/domain/ids.ts';
import type { KeyPast } from '../../lambda/domain/past/key-past.ts';
import { Past } from '../../lambda/domain/past/past.ts';
import { type KeyStateAt, standingAt } from '../../lambda/domain/past/standing.ts';
import { type Instant, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { CommandError } from '../errors.ts';
import { holderInInventories, type KeyRecord, recordOf } from '../key-record.ts';
import type { Session } from '../session.ts';
import { type Life, partOfTheStory } from '../story-events.ts';

export interface ExplainOptions {
  readonly key: AccessKeyId;
  /** Where to look for a key that nothing has happened to; default: in every account on record. */
  readonly account?: AccountId;
}

type Receipt = HistoryEvent<'notice-delivered' | 'notice-failed'>;

/** One thing that happened to a key. `eventId` is the event that says so. */
export type Chapter =
  /** An event of its own, and who was told of it: oldest first, failed ones too. */
  | {
      readonly kind: 'event';
      readonly at: IsoTime;
      readonly event: HistoryEvent;
      readonly receipts: readonly Receipt[];
    }
  /** It was created, not by Keyturn: an inventory, or the first warning, tells the date. */
  | { readonly kind: 'created'; readonly at: IsoTime; readonly eventId: EventId; readonly by: HistoryEvent['type'] }
  /** An inventory, begun at that time, found it so, and no event had said so before. */
  | { readonly kind: 'found'; readonly at: IsoTime; readonly eventId: EventId; readonly status: KeyStatus | 'gone' }
  /** An inventory, begun at that time, lists it in another name than before: that is what its user is called now. */
  | { readonly kind: 'renamed'; readonly at: IsoTime; readonly eventId: EventId; readonly userName: UserName };

/** One key's story, from history alone. */
export interface KeyStory {
  readonly keyId: AccessKeyId;
  readonly account: AccountId;
  readonly userName: UserName;
  /** When it is told. */
  readonly at: IsoTime;
  /** Oldest first. */
  readonly chapters: readonly Chapter[];
  /** How it ends, so far; absent: there is no proof that such a key ever was, such as when somebody asked for one. */
  readonly standing?: KeyStanding;
}

export interface KeyStanding {
  readonly status: KeyStatus | 'gone';
  readonly since: IsoTime;
  /** Absent: when it was created is not on record. Of a gone one: when it went. */
  readonly createdAt?: IsoTime;
  readonly ageDays?: number;
  readonly state: KeyStateAt;
  readonly next?: { readonly step: 'rotate' | 'disable' | 'delete'; readonly at: IsoTime };
  readonly exemptUntil?: IsoTime;
}

/** Tells one key's story from creation to end. Throws CommandError when history has never heard of the key. */
export async function explainKey(
  session: Pick<Session, 'history' | 'deployment' | 'clock'>,
  { key: keyId, account }: ExplainOptions,
  say: (line: string) => void = () => {},
): Promise<KeyStory> {
  const record = await recordOf(session, keyId, () => holderInInventories(session, keyId, account, say));
  if (record === undefined) throw unknown(keyId, account);
  const now = session.clock.now();
  const { past, found } = fold(record, keyId);
  const key = past.keys.get(keyId);
  const told = eventChapters(record, past, key, keyId);
  return {
    keyId,
    account: key?.account ?? record.holder.account,
    userName: key?.userName ?? record.holder.userName,
    at: toIso(now),
    chapters: [...found, ...told].toSorted(byTime),
    ...(key && { standing: standingOf(past, key, now) }),
  };
}

function unknown(keyId: AccessKeyId, account: AccountId | undefined): CommandError {
  const where = account === undefined ? '' : ` in account ${account}`;
  return new CommandError(
    `History knows nothing of key ${keyId}: no event and no inventory${where} names it. Check the ID. A key that was ` +
      "made since the last inventory, which is weekly, is in 'keyturn status' alone.",
  );
}

/** Brings the past forward as `status --at` does, and notes what only inventories tell of the key. */
function fold({ events }: KeyRecord, keyId: AccessKeyId): { readonly past: Past; readonly found: readonly Chapter[] } {
  const past = new Past();
  const found: Chapter[] = [];
  let teller: HistoryEvent | undefined;
  let former: Pick<KeyPast, 'status' | 'created'> & { readonly userName?: UserName } = { status: 'Active' };
  for (const event of events) {
    past.add(event);
    const key = past.keys.get(keyId);
    if (key === undefined) continue;
    if (key.created !== former.created) teller ??= event;
    if (event.type === 'inventory-taken') {
      const { startedAt: at } = event.details;
      const isRenamed = former.userName !== undefined && former.userName !== key.userName;
      if (isRenamed) found.push({ kind: 'renamed', at, eventId: event.id, userName: key.userName });
      // The end of the former name was not the key's.
      const status = isRenamed && former.status === 'gone' ? 'Active' : former.status;
      if (key.status !== status) found.push({ kind: 'found', at, eventId: event.id, status: key.status });
    }
    const { status, created, userName } = key;
    former = { status, userName, ...(created && { created }) };
  }
  const { created } = former;
  const madeByKeyturn = events.some((event) => event.keyId === keyId && byKeyturn.has(event.type));
  if (created !== undefined && teller !== undefined && !madeByKeyturn) {
    found.push({ kind: 'created', at: toIso(created.at), eventId: teller.id, by: teller.type });
  }
  return { past, found };
}

/** Of such a key these tell the creation. */
const byKeyturn = new Set<HistoryEvent['type']>(['key-published', 'orphan-removed']);

function eventChapters({ events }: KeyRecord, past: Past, key: KeyPast | undefined, keyId: AccessKeyId): Chapter[] {
  const receipts = events.filter((event): event is Receipt => isReceipt(event));
  const own = events.filter((event) => event.keyId === keyId && !isReceipt(event));
  const life = key === undefined ? undefined : lifeOf(past, key, own);
  const belongs = life === undefined ? () => false : partOfTheStory(life);
  return events
    .filter((event) => !isReceipt(event) && (event.keyId === keyId || belongs(event)))
    .map((event): Chapter => {
      const about = receipts.filter(({ details }) => details.about.includes(event.id));
      return { kind: 'event', at: event.time, event, receipts: about };
    });
}

function lifeOf(past: Past, key: KeyPast, own: readonly HistoryEvent[]): Life {
  const from = key.created?.at ?? key.firstSeen.at;
  const to = key.status === 'gone' ? key.since : Number.POSITIVE_INFINITY;
  const requests = own.map(({ details }) => requestIn(details)).filter((id) => id !== undefined);
  return { key, from, to, exemptions: past.exemptions.during(key, from, to), requests: new Set(requests) };
}

const isReceipt = ({ type }: HistoryEvent): boolean => type === 'notice-delivered' || type === 'notice-failed';

function standingOf(past: Past, key: KeyPast, now: Instant): KeyStanding {
  const at = key.status === 'gone' ? key.since : now;
  const { state, ageDays, next, exemptionId } = standingAt(past, key, at);
  const exemption = exemptionId && past.exemptions.of(key, at);
  return {
    status: key.status,
    since: toIso(key.since),
    ...(key.created && { createdAt: toIso(key.created.at) }),
    ...(ageDays !== undefined && { ageDays }),
    state,
    ...(next && { next: { step: next.step, at: toIso(next.at) } }),
    ...(exemption && { exemptUntil: toIso(exemption.expiresAt) }),
  };
}

/** Events of one instant are in the order of their IDs; what an inventory found comes before what was done about it. */
function byTime(one: Chapter, other: Chapter): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  const [a, b] = [one, other].map((chapter) => (chapter.kind === 'event' ? chapter.event.id : ''));
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
