import type { Mode, NoticeChannel, PolicyInForce } from '../events.ts';
import type { AccessKeyId, AccountId, EventId, ExemptionId, OwnerId, RunId, UserName } from '../ids.ts';
import type { KeyStateAt } from '../past/standing.ts';
import type { RetirementReason } from '../reasons.ts';
import type { IsoTime } from '../time.ts';

/** What the evidence report says about one period, ready to be written in any format. Times are UTC. */
export interface ReportModel {
  readonly schema: 1;
  /** `to` is exclusive. */
  readonly period: { readonly from: IsoTime; readonly to: IsoTime };
  readonly writtenAt: IsoTime;
  readonly basis: Basis;
  readonly figures: Figures;
  readonly controls: readonly Control[];
  /** Every key that was there at the end, the most pressing first. */
  readonly keys: readonly KeyRow[];
  /** Every key whose replacement, disabling or deletion fell into the period. */
  readonly rotations: readonly RotationRow[];
  readonly exemptions: readonly ExemptionRow[];
  readonly runs: readonly RunRow[];
  readonly lateSteps: readonly LateRow[];
  readonly policies: readonly PolicyRow[];
  readonly series: Series;
}

/** What the report rests on, and what it can't know. */
export interface Basis {
  readonly eventsInPeriod: number;
  readonly firstEvent?: EventId;
  readonly lastEvent?: EventId;
  /** From when on history was read: older facts are known through inventories. */
  readonly readFrom: IsoTime;
  /** Accounts whose keys are known in full, and as of when the oldest of these inventories is. */
  readonly inventoried: number;
  readonly oldestInventory?: IsoTime;
  /** Accounts that were to be swept and have no inventory on record: there only keys with events are known. */
  readonly withoutInventory: readonly AccountId[];
  /** Keys of which no event tells when they were created. */
  readonly keysOfUnknownAge: number;
  /** The very first run, when it came after the beginning of the period: before it nothing is in scope. */
  readonly scopeFrom?: IsoTime;
  /** `2026-10-05`: days on which a run was due and none began. */
  readonly daysWithoutRun: readonly string[];
  /** Spans in which an account was expected to be swept, and the last inventory of its keys was too old. */
  readonly notKnown: readonly { readonly account: AccountId; readonly from: IsoTime; readonly to: IsoTime }[];
  /** Users whom inventories could not read, until one could. */
  readonly unreadUsers: readonly {
    readonly account: AccountId;
    readonly userName: UserName;
    readonly from: IsoTime;
    readonly to: IsoTime;
  }[];
  /** Absent: nothing was sealed yet. */
  readonly head?: ChainHead;
}

/** The newest seal when history was read: no event up to there can be changed without being found out. */
export interface ChainHead {
  readonly number: number;
  readonly hash: string;
  readonly sealedAt: IsoTime;
}

export interface Figures {
  readonly accounts: number;
  readonly users: number;
  readonly keys: number;
  readonly activeKeys: number;
  /** By Keyturn, in accounts that enforce. A key that is disabled twice, after it was Active again, counts twice. */
  readonly rotated: number;
  readonly disabled: number;
  readonly deleted: number;
  /** Steps that `observe` would have taken. */
  readonly observed: number;
  readonly noticesDelivered: number;
  readonly noticesFailed: number;
  readonly rootKeysSeen: readonly AccountId[];
}

export type Verdict = 'pass' | 'excepted' | 'fail' | 'unknown' | 'not-assessed';

/** One question about the period, the controls that ask it, and the answer. */
export interface Control {
  readonly id: string;
  readonly title: string;
  /** Where it comes from: `CIS AWS Foundations 1.14 (v1.4–4.0), …`. */
  readonly asks: readonly { readonly framework: string; readonly ids: string }[];
  readonly verdict: Verdict;
  /** The numbers behind it, in one or two sentences. */
  readonly finding: string;
  readonly inScope: number;
  /** How many of them are against it; `excepted` of these are covered by an exemption. */
  readonly against: number;
  readonly excepted: number;
  /** The first of them. */
  readonly exceptions: readonly Exception[];
  /** What is not known; the first of it. As long as there is any, nothing passes. */
  readonly unknown: readonly Exception[];
}

export interface Exception {
  /** An account, a user, a key or a run. */
  readonly subject: string;
  readonly why: string;
  readonly exemptionId?: ExemptionId;
}

export interface KeyRow {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly keyId: AccessKeyId;
  readonly status: 'Active' | 'Inactive' | 'Expired';
  readonly state: KeyStateAt;
  readonly createdAt?: IsoTime;
  /** How that is known; `published`: within a minute. */
  readonly createdFrom?: 'inventory' | 'warning' | 'published';
  readonly ageDays?: number;
  readonly nextStep?: 'rotate' | 'disable' | 'delete';
  readonly deadline?: IsoTime;
  /** Days in the period on which it was Active and older than 90 days. */
  readonly daysOverLimit: number;
  readonly exemptionId?: ExemptionId;
  readonly waitsFor?: string;
}

export interface RotationRow {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly keyId: AccessKeyId;
  readonly why: RetirementReason;
  readonly successorKeyId?: AccessKeyId;
  readonly begunAt: IsoTime;
  readonly begunEvent: EventId;
  /** Announcements and their receipts, oldest first. */
  readonly notices: readonly NoticeRow[];
  readonly adoptedAt?: IsoTime;
  readonly disabledAt?: IsoTime;
  readonly disabledEvent?: EventId;
  readonly disabledBy?: 'keyturn' | 'somebody';
  readonly deletedAt?: IsoTime;
  readonly deletedEvent?: EventId;
  /**
   * `delivered`: a receipt is older than the disabling; `none`: Keyturn disabled without one; `at-once`: somebody asked to
   * disable it at once; `not-disabled`: it was Active at the end; `not-keyturn`: somebody else disabled it, or it was
   * Inactive when found.
   */
  readonly proof: 'delivered' | 'none' | 'at-once' | 'not-disabled' | 'not-keyturn';
}

export interface NoticeRow {
  readonly about: string;
  readonly event: EventId;
  readonly at: IsoTime;
  readonly receipts: readonly {
    readonly event: EventId;
    readonly at: IsoTime;
    readonly to: OwnerId | 'operators';
    readonly channel: NoticeChannel;
  }[];
}

export interface ExemptionRow {
  readonly id: ExemptionId;
  readonly range: string;
  readonly account: AccountId | '*';
  readonly reason: string;
  readonly approver: string;
  readonly grantedBy: string;
  readonly grantedAt: IsoTime;
  readonly grantedEvent: EventId;
  readonly expiresAt: IsoTime;
  readonly revokedAt?: IsoTime;
  readonly heldAtEnd: boolean;
  /** Keys that were exempt by it at the end. */
  readonly keys: number;
}

export interface RunRow {
  readonly runId: RunId;
  readonly at: IsoTime;
  readonly begun: 'whole' | 'partly' | 'no';
  readonly expected: number;
  readonly swept: number;
  /** Users about whom something was unknown, or whose step failed. */
  readonly usersFailed: number;
  readonly errors: readonly string[];
  /** Accounts that were expected and not swept to the end; the first hundred. */
  readonly gaps: readonly { readonly account: AccountId; readonly outcome: string }[];
  readonly gapCount: number;
  /** Accounts left out, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

export interface LateRow {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly keyId: AccessKeyId;
  readonly step: 'rotate' | 'disable' | 'delete';
  readonly dueAt: IsoTime;
  /** Absent: it was still to be done at the end. */
  readonly doneAt?: IsoTime;
  readonly daysLate: number;
  readonly cause: string;
  /** Absent unless exemptions held all the time, but for less than the two days that make nothing late. */
  readonly exemptionId?: ExemptionId;
  readonly event?: EventId;
}

export interface PolicyRow {
  readonly policy: PolicyInForce;
  readonly mode: Mode;
  readonly accounts: number;
  readonly firstSeen: IsoTime;
  readonly lastSeen: IsoTime;
}

/** What the charts show. */
export interface Series {
  /** Active keys at the end by age; each bar ends before the next one's `fromDays`. */
  readonly ages: readonly { readonly fromDays: number; readonly keys: number }[];
  readonly limitDays: number;
  /** At the end of each day, or of each of 60 equal parts of a longer period. */
  readonly states: readonly { readonly at: IsoTime; readonly keys: Readonly<Partial<Record<KeyStateAt, number>>> }[];
  /** Steps due in each of the 13 weeks after the end; the first one holds what was overdue. */
  readonly deadlines: readonly {
    readonly week: IsoTime;
    readonly rotate: number;
    readonly disable: number;
    readonly delete: number;
  }[];
  /** Days from the publication of a key to its first use that was seen. */
  readonly adoption: readonly { readonly days: string; readonly keys: number }[];
}

/** Tables of the report that can be written as CSV. */
export const reportTables = ['controls', 'keys', 'rotations', 'exemptions', 'runs', 'late-steps', 'policies'] as const;
export type ReportTable = (typeof reportTables)[number];
