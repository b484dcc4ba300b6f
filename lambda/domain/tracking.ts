import type { Use } from './facts.ts';
import type {
  AccessKeyId,
  AccountId,
  EventId,
  ExemptionId,
  RequestId,
  RotationId,
  RunId,
  UserId,
  UserName,
} from './ids.ts';
import type { RetirementReason, WaitReason } from './reasons.ts';
import type { Instant } from './time.ts';

/** Layout of the stored record; a worker refuses a record of a newer one. */
export const RECORD_SCHEMA = 1;

/** What Keyturn remembers of one user. `version` counts its writes: two workers cannot both write the same one. */
export interface UserRecord {
  readonly schema: typeof RECORD_SCHEMA;
  readonly account: AccountId;
  readonly userName: UserName;
  readonly userId: UserId;
  readonly version: number;
  readonly tracking: Tracking;
  /** In `observe` mode: what would have been done so far. */
  readonly shadow?: Shadow;
}

export interface Tracking {
  /** The open journal entry of a rotation, from intent to record. */
  readonly rotation?: RotationEntry;
  readonly retirements: Readonly<Record<AccessKeyId, Retirement>>;
  /** For each key the smallest warning threshold (days) already told. */
  readonly warned: Readonly<Record<AccessKeyId, number>>;
  /** For each key the step that waits and why, as last recorded. */
  readonly waiting: Readonly<Record<AccessKeyId, WaitOnRecord>>;
  /** Why the whole user is blocked, as last recorded. */
  readonly blocked?: string;
  /** The exemption whose coming end was told. */
  readonly exemptionTold?: ExemptionId;
  /** Keys of the user that Keyturn made: its own proof of them is no use by their owner. Absent in older records. */
  readonly made?: readonly AccessKeyId[];
  /** Requests that were carried out or refused, and are still on the list. */
  readonly answered?: readonly RequestId[];
}

export interface WaitOnRecord {
  readonly step: string;
  readonly reason: WaitReason;
  /** Whose request waits. */
  readonly requestId?: RequestId;
}

/** Written before IAM is touched; while it is there and not expired it is also the user's lock. */
export interface RotationEntry {
  readonly rotationId: RotationId;
  readonly runId: RunId;
  readonly outgoingKeyId: AccessKeyId;
  /** The run's time. */
  readonly at: Instant;
  /** Worker's clock; the process that wrote this can no longer be alive then. */
  readonly expiresAt: Instant;
  /** Every key the user had: whichever key is not among them came since. */
  readonly keysBefore: readonly AccessKeyId[];
  /** Somebody asked for this rotation. */
  readonly request?: { readonly id: RequestId; readonly disableOldNow: boolean };
  /** The incoming key, once it is certain that it has to go: written before IAM is touched. */
  readonly removing?: AccessKeyId;
}

export interface Retirement {
  readonly keyId: AccessKeyId;
  readonly why: RetirementReason;
  /** The key its owner should use instead; none for unused and Inactive keys. */
  readonly successorKeyId?: AccessKeyId;
  /** Publication of the successor, or first sight of the situation, or of the reactivation. */
  readonly startedAt: Instant;
  /** The history event that announced the next step; the step waits until somebody was told of it. */
  readonly announcement: EventId;
  /** Where the successor is stored; its ARN only where that is in another account. Absent: Keyturn did not make it. */
  readonly secret?: { readonly region: string; readonly arn?: string };
  /** The date it announced; a later policy never brings it forward. */
  readonly promisedAt: Instant;
  readonly disabledAt?: Instant;
  /** A disable, delete or restore that was begun: written before IAM is touched. */
  readonly intent?: StepIntent;
  /** The first use of the successor that anybody saw: its owner has installed it. */
  readonly adopted?: Use;
  /** Which reminders its owner was given. */
  readonly reminded?: readonly Reminder[];
  /** Somebody asked that it stop at once: deadline, window and notice do not hold it. */
  readonly disableNow?: RequestId;
  /** Not Keyturn made it Inactive: then it is not Keyturn's to undo. */
  readonly disabledBy?: 'somebody';
  /** It was restored: whoever uses it has been told when it stops, and its use does not hold it any longer. */
  readonly restoredUntil?: Instant;
  /** By the worker's clock: when Keyturn last changed its status, or made its successor. IAM may list them as before for a while. */
  readonly changedAt?: Instant;
  /** The dates that its steps would have had, had nobody asked to put them off. */
  readonly putOffFrom?: { readonly disable?: Instant; readonly delete?: Instant };
  /** It is past its date, and held because it is used. */
  readonly hold?: Hold;
}

export interface Hold {
  /** The last day that its owner was told of; a later policy never brings it forward. */
  readonly until: Instant;
  /** The reminder of that day, a full day ahead: only who was told of it is cut off. */
  readonly announcement?: EventId;
}

/** `half-way` and `day-before`: the key is still used, and stops then. `delete-coming`: it is deleted soon. */
export type Reminder = 'half-way' | 'day-before' | 'delete-coming';

export interface StepIntent {
  readonly step: 'disable' | 'delete' | 'restore';
  readonly runId: RunId;
  readonly at: Instant;
  readonly expiresAt: Instant;
  /** Of a restore: who asked for it, and until when the key shall work. */
  readonly restore?: { readonly requestId: RequestId; readonly until: Instant };
}

/** The world as `observe` mode pretends it went: what Keyturn would have changed, laid over what is there. */
export interface Shadow {
  readonly tracking: Tracking;
  /** The real keys (ID and status) it was last laid over: when they change by another hand, the shadow starts afresh. */
  readonly basis: string;
  /** Keys that would have been created. */
  readonly created: readonly { readonly keyId: AccessKeyId; readonly createdAt: Instant }[];
  readonly disabled: readonly AccessKeyId[];
  readonly deleted: readonly AccessKeyId[];
}

export const blankTracking: Tracking = { retirements: {}, warned: {}, waiting: {} };
