import type { KeyStatus } from './facts.ts';
import type {
  AccessKeyId,
  AccountId,
  EventId,
  ExemptionId,
  OwnerId,
  RequestId,
  RotationId,
  RunId,
  UserId,
  UserName,
} from './ids.ts';
import type { UserMatch } from './owners.ts';
import type { RetirementReason, WaitReason } from './reasons.ts';
import type { WishKind } from './requests.ts';
import type { IsoTime } from './time.ts';

/** In `observe` nothing is changed: an event then tells what would have been done. */
export type Mode = 'observe' | 'enforce';

/** The policy that was in force when the event happened, in days. */
export interface PolicyInForce {
  readonly rotateAfterDays: number;
  readonly disableAfterDays: number;
  readonly deleteAfterDays: number;
}

/** What each type of event tells beside its subject. Times are ISO 8601 UTC, so that auditors read them as they are. */
export interface EventDetails {
  // A run and its sweeps.
  'run-started': {
    /** Which of how many events this is, from 1: a run over thousands of accounts does not fit into one. */
    readonly part: { readonly number: number; readonly of: number };
    readonly expectedAccounts: readonly AccountId[];
    /** Those of them that enforce although the run's mode is `observe`. */
    readonly enforcingAccounts: readonly AccountId[];
    /** Accounts that were found and are left out, with the reason. */
    readonly skippedAccounts: readonly { readonly account: AccountId; readonly why: SkipReason }[];
    /** Somebody asked for these accounts alone: who else is expected shows in the scheduled runs. */
    readonly requested?: true;
    /** The longest that the schedule lets pass until the next run; absent: 24, or an older version wrote it. */
    readonly nextWithinHours?: number;
  };
  'run-failed': { readonly error: string; readonly requested?: true };
  'sweep-finished': SweepTally;
  /** Its time was up; the rest is done by the next part. */
  'sweep-continued': SweepTally;
  /** `no-access`: the member role could not be assumed; `failed`: anything else. */
  'sweep-failed': { readonly reason: 'no-access' | 'failed'; readonly error: string };
  'root-key-seen': { readonly activeKeys: number };
  /** Every key of the account, as the weekly reading of every user found them before anything was changed. */
  'inventory-taken': {
    /** Which of how many events this is, from 1. */
    readonly part: { readonly number: number; readonly of: number };
    /** When the reading began. */
    readonly startedAt: IsoTime;
    /** Users with keys. */
    readonly users: readonly InventoriedUser[];
    /** Users that could not be read: of their keys nothing is said. */
    readonly unread: readonly UserName[];
  };
  // A rotation. `key-replaced` is about the outgoing key, `key-published` about the incoming one.
  'rotation-upcoming': { readonly rotateAt: IsoTime; readonly thresholdDays: number };
  'rotation-intended': { readonly rotationId: RotationId };
  'rotation-failed': { readonly rotationId: RotationId; readonly stage: RotationStage; readonly error: string };
  'rotation-abandoned': { readonly rotationId: RotationId; readonly why: string };
  'orphan-removed': { readonly rotationId: RotationId };
  'key-published': {
    readonly rotationId: RotationId;
    readonly replaces: AccessKeyId;
    readonly secretName: string;
    /** The outgoing key was gone by then, so no `key-replaced` tells of it; where its owner finds the new one. */
    readonly alone?: {
      readonly secretRegion: string;
      readonly secretArn?: string;
      /** Somebody asked for the rotation. */
      readonly requestId?: RequestId;
    };
  };
  'key-replaced': {
    readonly rotationId: RotationId;
    readonly incomingKeyId: AccessKeyId;
    readonly secretName: string;
    /** From another account a secret is only found by its ARN. Absent where there is none, in `observe`. */
    readonly secretArn?: string;
    readonly secretRegion: string;
    readonly disableAt: IsoTime;
    readonly deleteAt: IsoTime;
    /** Of the outgoing key, where it is known. */
    readonly lastUse?: UseOnRecord;
    /** Somebody asked for it; absent: it was due. */
    readonly requestId?: RequestId;
  };
  /** Of the incoming key: it was used for the first time. */
  'key-adopted': {
    readonly replaces: AccessKeyId;
    readonly lastUse: UseOnRecord;
    /** Of the outgoing key, where it was used since the rotation. */
    readonly outgoingLastUse?: UseOnRecord;
    readonly disableAt: IsoTime;
  };
  /** Of the outgoing key: it is used although there is a successor, and stops soon. */
  'key-still-used': {
    readonly reminder: 'half-way' | 'day-before';
    readonly lastUse: UseOnRecord;
    readonly successorKeyId: AccessKeyId;
    /** The successor is in use as well: part of the work is done. */
    readonly adopted: boolean;
    readonly disableAt: IsoTime;
    /** Its first date is past: it was held because it is used, and that cannot be put off. */
    readonly held?: true;
    /** Where the successor is stored; absent in what older versions recorded, and where Keyturn did not make it. */
    readonly secretRegion?: string;
    /** Only where that is in another account. */
    readonly secretArn?: string;
  };
  // The way out of a key.
  'retirement-started': {
    readonly why: RetirementReason;
    readonly successorKeyId?: AccessKeyId;
    readonly disableAt?: IsoTime;
    readonly deleteAt: IsoTime;
    /** It had begun before: the date that was announced passed under an exemption, and this is another one. */
    readonly after?: 'exemption';
  };
  'retirement-cancelled': { readonly why: string };
  'disable-intended': Record<string, never>;
  'disable-failed': { readonly error: string };
  'key-disabled': {
    readonly by: 'keyturn' | 'somebody';
    readonly why: RetirementReason;
    readonly deleteAt: IsoTime;
    readonly successorKeyId?: AccessKeyId;
    /** Whether its owner was seen using the successor; absent: not known. */
    readonly adopted?: boolean;
    readonly lastUse?: UseOnRecord;
    readonly requestId?: RequestId;
  };
  'deletion-upcoming': { readonly deleteAt: IsoTime; readonly why: RetirementReason };
  'delete-intended': Record<string, never>;
  'delete-failed': { readonly error: string };
  'key-deleted': { readonly by: 'keyturn' | 'somebody'; readonly why?: RetirementReason };
  // What people asked for.
  'request-made': {
    readonly requestId: RequestId;
    readonly request: WishKind;
    readonly reason: string;
    readonly disableOldNow?: boolean;
    readonly hours?: number;
    readonly days?: number;
  };
  /** `why` is a sentence for whoever asked. */
  'request-refused': {
    readonly requestId: RequestId;
    readonly request: WishKind;
    readonly why: string;
    /** Nobody is on record as having asked for it: somebody wrote to the list past the command line. */
    readonly unasked?: true;
  };
  'restore-intended': { readonly requestId: RequestId };
  'restore-failed': { readonly requestId: RequestId; readonly error: string };
  'key-restored': {
    readonly requestId: RequestId;
    /** It is disabled again from then on. */
    readonly until: IsoTime;
    readonly successorKeyId?: AccessKeyId;
  };
  'key-snoozed': {
    readonly requestId: RequestId;
    readonly step: 'disable' | 'delete';
    readonly until: IsoTime;
    readonly successorKeyId?: AccessKeyId;
  };
  'key-reactivated': { readonly disableAt: IsoTime; readonly successorKeyId?: AccessKeyId };
  'step-waiting': {
    readonly step: 'rotate' | 'disable' | 'delete';
    readonly reason: WaitReason;
    readonly until?: IsoTime;
    readonly lastUse?: UseOnRecord;
    /** Somebody asked for the step, and it waits behind this key, which takes the place of the new one. */
    readonly requestId?: RequestId;
    readonly behind?: AccessKeyId;
    /** For `in-use`: used or not, it is disabled then. Absent in what older versions recorded. */
    readonly heldUntil?: IsoTime;
  };
  // A user.
  'user-blocked': { readonly reason: 'too-many-keys'; readonly keys: number };
  'user-unblocked': Record<string, never>;
  'user-gone': Record<string, never>;
  'user-replaced': { readonly formerUserId: UserId };
  'exemption-ending': {
    readonly exemptionId: ExemptionId;
    readonly expiresAt: IsoTime;
    /** The user's keys that are on their way out already, with the earliest date of their next step. */
    readonly retiring?: readonly {
      readonly keyId: AccessKeyId;
      readonly step: 'disable' | 'delete';
      readonly at: IsoTime;
    }[];
  };
  'exemption-ended': { readonly exemptionId: ExemptionId };
  // What people did with the CLI.
  'exemption-granted': {
    readonly exemptionId: ExemptionId;
    readonly match: string;
    /** The same for programs; absent in what older versions recorded. */
    readonly covers?: { readonly account: AccountId | '*'; readonly match: UserMatch; readonly userId?: UserId };
    readonly reason: string;
    readonly approver: string;
    readonly expiresAt: IsoTime;
  };
  'exemption-revoked': {
    readonly exemptionId: ExemptionId;
    readonly match: string;
    /** As in `exemption-granted`. */
    readonly covers?: { readonly account: AccountId | '*'; readonly match: UserMatch };
    readonly reason: string;
  };
  'owners-imported': { readonly owners: number; readonly assignments: number; readonly changes: readonly string[] };
  // What owners and operators were told.
  'notice-delivered': {
    readonly about: readonly EventId[];
    readonly channel: NoticeChannel;
    /** `operators` when the owner could not be reached or there is none. */
    readonly to: OwnerId | 'operators';
  };
  'notice-failed': {
    readonly about: readonly EventId[];
    readonly channel: NoticeChannel;
    readonly to: OwnerId | 'operators';
    readonly error: string;
  };
}

/** One use of a key, as AWS last saw it. */
export interface UseOnRecord {
  readonly at: IsoTime;
  readonly service: string;
  readonly region: string;
}

/** A user in an inventory; its keys are complete. */
export interface InventoriedUser {
  readonly userName: UserName;
  readonly userId: UserId;
  /** Absent: `/`. */
  readonly path?: string;
  readonly keys: readonly { readonly keyId: AccessKeyId; readonly createdAt: IsoTime; readonly status: KeyStatus }[];
}

export const skipReasons = ['excluded', 'not-selected', 'suspended', 'not-active'] as const;
/** Why an account of the organisation is not swept. */
export type SkipReason = (typeof skipReasons)[number];
export type RotationStage = 'make-room' | 'create' | 'store' | 'verify' | 'publish';
export type NoticeChannel = 'sns' | 'slack' | 'email' | 'webhook' | 'operators-topic';
export type EventType = keyof EventDetails;

/** What one part of a sweep did. */
export interface SweepTally {
  readonly part: number;
  readonly users: number;
  readonly keys: number;
  /** Active access keys of the root user; absent: no credential report was to be had. */
  readonly rootKeys?: number;
  /** Why no credential report was to be had; older versions did not say. */
  readonly reportMissing?: string;
  /** How many requests on the list could not be read, and stay there; absent: none. */
  readonly unreadRequests?: number;
  /** Steps taken, by kind. */
  readonly steps: Readonly<Record<string, number>>;
  /** How many users failed: something about them was unknown, or a step of theirs failed. */
  readonly failed: number;
  /** The first hundred of them. */
  readonly failures: readonly { readonly userName: UserName; readonly error: string }[];
}

export interface EventHead {
  readonly id: EventId;
  /** When it happened, by the clock of whoever recorded it. */
  readonly time: IsoTime;
  /** Absent for what people did outside a run. */
  readonly runId?: RunId;
  readonly account: AccountId;
  /** Absent for what concerns an account or the deployment. */
  readonly userName?: UserName;
  readonly userId?: UserId;
  readonly userPath?: string;
  readonly keyId?: AccessKeyId;
  /** `keyturn`, or the ARN of the caller for CLI actions. */
  readonly actor: string;
  readonly mode: Mode;
  readonly policy: PolicyInForce;
}

/** One line of history. */
export type HistoryEvent<T extends EventType = EventType> = {
  readonly [K in T]: EventHead & { readonly type: K; readonly details: EventDetails[K] };
}[T];

/** Whom an event is told: the owner of its user, the operators, both, or nobody (it is on record all the same). */
export type Audience = 'owner' | 'operators' | 'both' | 'nobody';

const ownersCare: ReadonlySet<EventType> = new Set<EventType>([
  'rotation-upcoming',
  'key-replaced',
  'key-adopted',
  'key-still-used',
  'deletion-upcoming',
  'request-refused',
  'key-restored',
  'key-snoozed',
  'retirement-started',
  'retirement-cancelled',
  'key-disabled',
  'key-deleted',
  'key-reactivated',
  'exemption-ending',
  'exemption-ended',
  'exemption-granted',
  'exemption-revoked',
]);

const operatorsCare: ReadonlySet<EventType> = new Set<EventType>([
  'run-failed',
  'sweep-failed',
  'root-key-seen',
  'rotation-failed',
  'rotation-abandoned',
  'disable-failed',
  'delete-failed',
  'orphan-removed',
  'restore-failed',
]);

/** What people do with exemptions: of one user, or of all whose names or paths are like a pattern. */
const aboutExemptions: ReadonlySet<EventType> = new Set<EventType>(['exemption-granted', 'exemption-revoked']);

/** What operators have to see to. */
export const isTrouble = (event: HistoryEvent): boolean =>
  operatorsCare.has(event.type) || event.type === 'user-blocked' || isUnasked(event);

const isUnasked = (event: HistoryEvent): boolean => event.type === 'request-refused' && event.details.unasked === true;

/** In `observe` owners are left in peace: what would have been done is told to the operators alone. */
export function audienceOf(event: HistoryEvent): Audience {
  if (operatorsCare.has(event.type)) return 'operators';
  if (event.type === 'key-published') return event.details.alone === undefined ? 'nobody' : ownerOrOperators(event);
  if (isUnasked(event)) return 'operators';
  if (event.type === 'user-blocked') return bothOrOperators(event);
  if (event.type === 'step-waiting') return event.details.reason === 'in-use' ? bothOrOperators(event) : 'nobody';
  if (!ownersCare.has(event.type)) return 'nobody';
  // An exemption of many users: of how many owners, nobody knows.
  if (event.userName === undefined) return aboutExemptions.has(event.type) ? 'operators' : 'nobody';
  return ownerOrOperators(event);
}

const bothOrOperators = (event: HistoryEvent): Audience => (event.mode === 'observe' ? 'operators' : 'both');
const ownerOrOperators = (event: HistoryEvent): Audience => (event.mode === 'observe' ? 'operators' : 'owner');

/** The request that an event answers, if it answers one. */
export function requestIn(details: HistoryEvent['details']): RequestId | undefined {
  if ('requestId' in details) return details.requestId;
  return 'alone' in details ? details.alone?.requestId : undefined;
}
