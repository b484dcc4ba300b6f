import type { EventType, HistoryEvent, NoticeChannel, UseOnRecord } from '../events.ts';
import type { KeyStatus } from '../facts.ts';
import type { AccessKeyId, AccountId, EventId, OwnerId, UserId, UserName } from '../ids.ts';
import type { RetirementReason, WaitReason } from '../reasons.ts';
import type { Instant } from '../time.ts';

/** When something happened, and which event says so. */
export interface Mark {
  readonly at: Instant;
  readonly event: EventId;
}

/** One key as history knows it up to some instant. It changes as the fold goes on; nobody but the fold changes it. */
export interface KeyPast {
  readonly keyId: AccessKeyId;
  readonly account: AccountId;
  readonly userName: UserName;
  userId?: UserId;
  /** IAM path of its user; `/` until history says otherwise. */
  path: string;
  /** In IAM, whatever `observe` pretends. `gone`: deleted, or its user was. */
  status: KeyStatus | 'gone';
  /** Since when, or since when that is known. */
  since: Instant;
  by: 'keyturn' | 'somebody';
  /** Absent: no event tells. `published`: a minute or so after the fact; the others are exact. */
  created?: { readonly at: Instant; readonly from: 'inventory' | 'warning' | 'published' };
  readonly firstSeen: Mark;
  lastSeen: Mark;
  /** The key that this one was made to replace. */
  replaces?: AccessKeyId;
  /** When it was Active, oldest first; the last one is open while it is. */
  readonly active: { from: Instant; until?: Instant }[];
  /** The last warning. Its deliveries begin with the last one of the warning before, if that was about the same rotation. */
  warned?: Announcement & { readonly rotateAt: Instant };
  /** A rotation was begun and has not ended. */
  rotating?: Mark;
  retirement?: RetirementPast;
  waiting?: Mark & { readonly step: StepName; readonly reason: WaitReason; readonly until?: Instant };
  failure?: Mark & { readonly step: StepName; readonly error: string };
}

export type StepName = 'rotate' | 'disable' | 'delete';

/** A key's way out. */
export interface RetirementPast {
  readonly why: RetirementReason;
  readonly started: Mark;
  readonly successorKeyId?: AccessKeyId;
  readonly secretName?: string;
  /** Everything that told its owner, or was to, what happens to the key. */
  readonly announcements: Announcement[];
  disableAt?: Instant;
  deleteAt: Instant;
  disabled?: Mark & { readonly by: 'keyturn' | 'somebody'; readonly atOnce: boolean };
  deleted?: Mark & { readonly by: 'keyturn' | 'somebody' };
  /** The successor's first use that was seen. */
  adopted?: Mark & { readonly use: UseOnRecord };
}

export interface Announcement extends Mark {
  readonly type: EventType;
  /** The first receipts; a notice that several channels took has several. */
  readonly deliveries: Delivery[];
}

/** A channel took the notice. */
export interface Delivery extends Mark {
  readonly channel: NoticeChannel;
  readonly to: OwnerId | 'operators';
}

/** Whether the event tells of what really is: in `observe` Keyturn's own acts are pretended, and so are its keys. */
export function isReal(event: HistoryEvent): boolean {
  if (event.keyId?.startsWith(PRETENDED)) return false;
  if (event.mode === 'enforce' || event.actor !== 'keyturn') return true;
  return !('by' in event.details) || event.details.by === 'somebody';
}

/** What begins the ID of a key that exists only in `observe`. */
const PRETENDED = 'WOULDBE';

/** Puts the key into a status; the spans in which it was Active follow. */
export function setStatus(key: KeyPast, status: KeyPast['status'], at: Instant, by: KeyPast['by']): void {
  if (key.status === status) return;
  const last = key.active.at(-1);
  if (key.status === 'Active' && last !== undefined) last.until = at;
  if (status === 'Active') key.active.push({ from: at });
  key.status = status;
  key.since = at;
  key.by = by;
}

/** Sets when the key was created, unless that is known better; it was Active from then on as far as anybody knows. */
export function setCreated(key: KeyPast, created: NonNullable<KeyPast['created']>): void {
  if (key.created !== undefined && (key.created.from !== 'published' || created.from === 'published')) return;
  key.created = created;
  const [first] = key.active;
  if (first !== undefined && first.from <= key.firstSeen.at) first.from = Math.min(first.from, created.at);
}
