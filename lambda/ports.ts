/** What the workflows need of the world. Adapters fulfil these with AWS, test/support with memory; one suite checks both. */

import type { StepCounts, SweepMessage } from './contracts/messages.ts';
import type { Seal } from './contracts/seal.ts';
import type { OrganizationTree } from './domain/account-selection.ts';
import type { ChannelStanding, WaitingNotice } from './domain/delivery.ts';
import type { HistoryEvent, Mode, NoticeChannel } from './domain/events.ts';
import type { KeyStatus, LastUse } from './domain/facts.ts';
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
} from './domain/ids.ts';
import type { CachedUser, CredentialReport } from './domain/inventory.ts';
import type { Assignment, Exemption, Owner } from './domain/owners.ts';
import type { Place } from './domain/plan.ts';
import type { Request } from './domain/requests.ts';
import type { SecretAccessKey } from './domain/secret-access-key.ts';
import type { Instant } from './domain/time.ts';
import type { UserRecord } from './domain/tracking.ts';

export interface Clock {
  now(): Instant;
}

/** Makes identifiers: ULIDs, rising within one process, whose time part is the given instant. */
export interface Ids {
  event(at: Instant): EventId;
  rotation(at: Instant): RotationId;
  exemption(at: Instant): ExemptionId;
  request(at: Instant): RequestId;
}

/** A call failed although it may succeed later or by other hands: throttled, denied, 5xx, timed out. */
export class UnavailableError extends Error {
  override readonly name: string = 'UnavailableError';
}
/** AWS refused for want of permission; the message says which action and what to check. */
export class AccessDeniedError extends UnavailableError {
  override readonly name = 'AccessDeniedError';
}
/** The member role cannot be assumed: not deployed, or it does not trust the worker. */
export class NoAccessError extends UnavailableError {
  override readonly name = 'NoAccessError';
}
/** The user does not exist (any more). Certain, unlike UnavailableError. */
export class UserGoneError extends Error {
  override readonly name = 'UserGoneError';
}
/** The key does not exist (any more). Certain. */
export class KeyGoneError extends Error {
  override readonly name = 'KeyGoneError';
}
/** The user already has as many keys as IAM allows. Certain: nothing was created. */
export class KeyQuotaError extends Error {
  override readonly name = 'KeyQuotaError';
}
/** AWS certainly refused to create the key (throttled to exhaustion, denied): there is no key of that call. */
export class NotCreatedError extends Error {
  override readonly name = 'NotCreatedError';
}
/** Somebody else wrote the same record first; nothing of this change was written. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}

export interface IamUser {
  readonly userName: UserName;
  readonly userId: UserId;
  readonly path: string;
  readonly arn: string;
}

export interface ListedKey {
  readonly keyId: AccessKeyId;
  readonly status: KeyStatus;
  readonly createdAt: Instant;
}

export interface CreatedKey {
  readonly keyId: AccessKeyId;
  readonly createdAt: Instant;
  readonly secret: SecretAccessKey;
}

/** IAM of one member account. Every method throws UnavailableError rather than answer from half a reading. */
export interface Iam {
  /** Every user of the account; an answer that breaks off throws. */
  users(): AsyncIterable<IamUser>;
  /** One user as it is now. Throws UserGoneError. */
  user(userName: UserName): Promise<IamUser>;
  /** Every key of the user as it is now. Throws UserGoneError. */
  keys(userName: UserName): Promise<readonly ListedKey[]>;
  /**
   * The user's keys, looked at again for a bounded time until this one is among them: IAM may list a new key only after
   * seconds. It may still be missing in the answer. Throws UserGoneError.
   */
  keysWith(userName: UserName, keyId: AccessKeyId): Promise<readonly ListedKey[]>;
  /** Never answers `unread`. */
  lastUse(keyId: AccessKeyId): Promise<LastUse>;
  /** The account's credential report; undefined when none is to be had within a bounded wait. */
  credentialReport(): Promise<CredentialReport | undefined>;
  /** Not idempotent: never retried after it may have taken effect. Throws KeyQuotaError, NotCreatedError, UserGoneError. */
  createKey(userName: UserName): Promise<CreatedKey>;
  /** Makes the key Inactive; harmless when it is. Throws KeyGoneError. */
  disableKey(userName: UserName, keyId: AccessKeyId): Promise<void>;
  /** Makes the key Active; harmless when it is. Throws KeyGoneError. */
  enableKey(userName: UserName, keyId: AccessKeyId): Promise<void>;
  /** Deletes the key; harmless when it is gone. */
  deleteKey(userName: UserName, keyId: AccessKeyId): Promise<void>;
}

/** What a user's secret holds, as far as one sees without the right to read it. */
export interface StoredVersions {
  /** Of the secret itself. */
  readonly arn: string;
  /** Version IDs that exist. */
  readonly all: ReadonlySet<string>;
  /** The version labelled AWSCURRENT. */
  readonly current?: string;
}

/** Secrets Manager where a member account's secrets live. No method reads a secret value. */
export interface Secrets {
  /**
   * Makes sure the secret exists with its tags, its replicas and its resource policy (the user and the readers, nobody
   * else). Answers what it holds: nothing when it is new.
   */
  ensure(secretName: string, user: IamUser, account: AccountId): Promise<StoredVersions>;
  /** Undefined: the secret certainly does not exist. */
  versions(secretName: string): Promise<StoredVersions | undefined>;
  /**
   * Stores the key as AWSPENDING under its derived version ID; harmless when it is stored. `held` is what the secret held
   * before; the answer what it holds then, by what AWS said.
   */
  store(
    secretName: string,
    account: AccountId,
    userName: UserName,
    key: CreatedKey,
    held: StoredVersions,
  ): Promise<StoredVersions>;
  /** Makes the stored key the secret's current version; harmless when it is. Knowing what the secret holds saves a look. */
  publish(secretName: string, keyId: AccessKeyId, holds?: StoredVersions): Promise<void>;
}

/** Proves an incoming key against STS, with the key itself. */
export interface KeyProver {
  /** Waits, bounded, until IAM knows the key; throws UnavailableError when it does not within the bound. */
  prove(key: CreatedKey): Promise<void>;
}

export interface MemberAccount {
  readonly iam: Iam;
  readonly secrets: Secrets;
  readonly prover: KeyProver;
  /** Region of the secrets. */
  readonly region: string;
}

/** Throws NoAccessError when the member role cannot be assumed. */
export type OpenAccount = (account: AccountId, runId: RunId) => Promise<MemberAccount>;

/** One change of a user's record together with the events that tell it: all of it is written, or nothing. */
export interface Change {
  /** As it was read; undefined for a user without a record. */
  readonly before: UserRecord | undefined;
  /** Undefined deletes the record. Its version is `before.version + 1` (1 for a new one). */
  readonly after: UserRecord | undefined;
  readonly events: readonly HistoryEvent[];
  /** A request that the events answer, and that comes off the list with them: so it is answered once, whoever else is at it. */
  readonly answers?: Pick<Request, 'id' | 'account'>;
}

/** State, history and the list of requests written as one. */
export interface Journal {
  /** Throws ConflictError when the stored record is no longer `before`, or the request is off the list already. */
  commit(change: Change): Promise<void>;
}

/** When every user of the account was last read afresh, and since when that is being done again. */
export interface FullSweep {
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
}

export interface AccountMemory {
  readonly records: ReadonlyMap<UserName, UserRecord>;
  readonly cache: ReadonlyMap<UserName, CachedUser>;
  readonly fullSweep?: FullSweep;
}

export interface State {
  /** All that is remembered of the account; throws when something was written by a newer version than this worker. */
  load(account: AccountId): Promise<AccountMemory>;
  /** Keeps what was read of users; harmless when it is repeated. */
  remember(account: AccountId, users: readonly CachedUser[]): Promise<void>;
  /** Forgets what was read of users: the next sweep reads them again, or they are gone. */
  forget(account: AccountId, userNames: readonly UserName[]): Promise<void>;
  /** Keeps how far the reading of every user has come. */
  markFullSweep(account: AccountId, progress: FullSweep): Promise<void>;
  /** The record as it is stored now, strongly consistent. */
  record(account: AccountId, userName: UserName): Promise<UserRecord | undefined>;
  /** `holder` is unique to one invocation. False while another holder's lease on the account has not expired. */
  takeLease(account: AccountId, holder: string, now: Instant, until: Instant): Promise<boolean>;
  /** Gives the lease back; harmless when it is another's by now. */
  releaseLease(account: AccountId, holder: string): Promise<void>;
}

export interface HistoryQuery {
  /** Exactly one way in; each answers by key or index, never by scan. */
  readonly by:
    | { readonly kind: 'user'; readonly account: AccountId; readonly userName: UserName }
    | { readonly kind: 'key'; readonly keyId: AccessKeyId }
    | { readonly kind: 'account'; readonly account: AccountId }
    /** What concerns the account and none of its users: inventories, exemptions by pattern, sweeps. */
    | { readonly kind: 'account-alone'; readonly account: AccountId }
    /** Everything that one run did, in all accounts. */
    | { readonly kind: 'run'; readonly runId: RunId }
    /** UTC day, `2026-11-20`. */
    | { readonly kind: 'day'; readonly day: string };
  /** Inclusive. */
  readonly since?: Instant;
  /** Exclusive. */
  readonly until?: Instant;
  readonly types?: readonly HistoryEvent['type'][];
  readonly order?: 'oldest-first' | 'newest-first';
}

export interface History {
  /** Writes each event once; one that is there already is left as it is. */
  append(events: readonly HistoryEvent[]): Promise<void>;
  query(query: HistoryQuery): AsyncIterable<HistoryEvent>;
}

/** What claims to be an event, as it lies in the table or in a copy: for who checks it, and believes nothing of it. */
export interface FoundEvent {
  /** As the table sorts by it, or as the copy says. */
  readonly id: string;
  /** All that it says, without what the table adds for its indexes. */
  readonly content: Readonly<Record<string, unknown>>;
  /** It does not lie where its content says: by some ways in it is found, by others not. */
  readonly misplaced?: boolean;
  /** The day under which the index by day has it; undefined: in no day. */
  readonly day?: string;
  /** Its line in a copy, from 1. */
  readonly line?: number;
}

/** The history read for checking: whatever is there, whether Keyturn would read it or not. */
export interface StoredHistory {
  stored(query: {
    readonly by: Extract<HistoryQuery['by'], { readonly kind: 'day' | 'account' }>;
    /** By event ID, inclusive. */
    readonly since?: Instant | undefined;
    /** Exclusive. */
    readonly until?: Instant | undefined;
  }): AsyncIterable<FoundEvent>;
}

/** The chain of seals over the history: appended to and read, nothing else. */
export interface Seals {
  last(): Promise<Seal | undefined>;
  /** False when there is a seal of that number already: somebody else was first, and nothing was written. */
  append(seal: Seal): Promise<boolean>;
  /** All of them, oldest first, as they are stored: whoever checks them wants to see what is wrong with one. */
  all(): AsyncIterable<Seal>;
}

/** The owners' table. Reading is for workflows and CLI, writing for the CLI. */
export interface Owners {
  owner(id: OwnerId): Promise<Owner | undefined>;
  owners(): AsyncIterable<Owner>;
  /** Assignments of this account and of `*`. */
  assignments(account: AccountId): Promise<readonly Assignment[]>;
  allAssignments(): AsyncIterable<Assignment>;
  /** Exemptions of this account and of `*`, expired ones included. */
  exemptions(account: AccountId): Promise<readonly Exemption[]>;
  allExemptions(): AsyncIterable<Exemption>;
  /**
   * What was asked for in this account and is still on the list; answered ones may be among them. What cannot be read is
   * left out when somebody is told what is wrong with it (not what it holds), and otherwise the list throws.
   */
  requests(account: AccountId, unreadable?: (why: string) => void): Promise<readonly Request[]>;
  putOwner(owner: Owner): Promise<void>;
  deleteOwner(id: OwnerId): Promise<void>;
  putAssignment(assignment: Assignment): Promise<void>;
  deleteAssignment(assignment: Assignment): Promise<void>;
  putExemption(exemption: Exemption): Promise<void>;
  deleteExemption(exemption: Exemption): Promise<void>;
  putRequest(request: Request): Promise<void>;
  deleteRequest(request: Pick<Request, 'id' | 'account'>): Promise<void>;
}

/** One account's share of a run. */
export interface Sweep {
  readonly runId: RunId;
  readonly account: AccountId;
  readonly now: Instant;
  readonly mode: Mode;
  /** For a sweep that goes on where another part ran out of time; absent: part 1. */
  readonly part?: number;
  readonly taken?: StepCounts;
  /** Earlier parts have seen to the due users up to this place, */
  readonly after?: Place;
  /** but for these, which they could not read. */
  readonly again?: readonly UserName[];
}

/** The organisation, as the management account or a delegated administrator sees it. */
export interface Organization {
  /** The whole tree; a reading that breaks off throws UnavailableError. `runId` names the session it is read in. */
  tree(runId: RunId): Promise<OrganizationTree>;
}

/** The queue that feeds the worker. */
export interface SweepQueue {
  /** Puts every sweep on the queue; throws UnavailableError when some could not be, naming how many. Others then may be. */
  sendAll(sweeps: readonly Sweep[]): Promise<void>;
  /** Puts the same message on the queue once more; nobody is given it for so many seconds. */
  postpone(message: SweepMessage, seconds: number): Promise<void>;
}

/** Whom a message is for, as receipts name it. */
export type Reader = OwnerId | 'operators';

/** How far the telling of one reader has come. */
export interface ReaderStanding {
  readonly channels: { readonly [Name in NoticeChannel]?: ChannelStanding };
  /** Since when it could not be looked after at all, whatever the reason; absent: all went well. */
  readonly failingSince?: Instant;
  /** The news that was looked at; other news than this is looked at with the next tick. */
  readonly seen?: string;
  /** When to look again although there is no news; absent: there is nothing to wait for. */
  readonly lookAt?: Instant;
}

/** A reader for whom something waits. */
export interface WaitingReader {
  readonly reader: Reader;
  /** Changes with everything that is put there. */
  readonly news: string;
  /** When something was put there last. */
  readonly newsAt: Instant;
  readonly standing: ReaderStanding;
}

/** What is still to be told, by reader, and how far the telling has come. */
export interface Outbox {
  /** Puts notices there; one that waits already is put again, which does no harm. Then the reader is among `readers`. */
  put(reader: Reader, notices: readonly WaitingNotice[]): Promise<void>;
  /** Everybody for whom something waits. */
  readers(): Promise<readonly WaitingReader[]>;
  /** What waits for the reader, oldest event first; throws when something is not readable. */
  waiting(reader: Reader): Promise<readonly WaitingNotice[]>;
  /** Keeps how far the telling has come, at least until then: it outlasts what waits. */
  keep(reader: Reader, standing: ReaderStanding, until: Instant): Promise<void>;
  /** Takes out what needs no more telling; harmless when it is gone. */
  remove(reader: Reader, events: readonly EventId[]): Promise<void>;
  /** Nothing waits for the reader any more; without effect when there is other news than this by now. */
  close(reader: Reader, news: string): Promise<void>;
  /** `holder` is unique to one invocation. False while another holder's lease on the outbox has not expired. */
  takeLease(holder: string, now: Instant, until: Instant): Promise<boolean>;
  /** Gives the lease back; harmless when it is another's by now. */
  releaseLease(holder: string): Promise<void>;
}

/** A file that was stored as evidence. */
export interface StoredFile {
  /** Within the bucket. */
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Where evidence is kept that nobody may alter or remove. */
export interface EvidenceStore {
  /** Stores a file; one of that name stays as an older version. Nothing is stored when its lines break off. */
  put(file: {
    readonly name: string;
    readonly contentType: string;
    /** Each without its line break. */
    readonly lines: Iterable<string>;
    /** Only where there is none of that name. Throws ConflictError when there is one: nothing was stored. */
    readonly onlyNew?: true;
  }): Promise<StoredFile>;
  /** Whether there is a file of that name. */
  has(name: string): Promise<boolean>;
}

/** A message ready to be sent: one owner, one channel. */
export interface OutgoingNotice {
  readonly to: Owner | 'operators';
  /** Under 100 ASCII characters. */
  readonly subject: string;
  readonly text: string;
  /** The same as an HTML document, for mail. */
  readonly html: string;
  /** Slack Block Kit blocks. */
  readonly blocks: readonly unknown[];
  /** What it tells, for programs. */
  readonly events: readonly HistoryEvent[];
  /** For SNS filter policies. */
  readonly attributes: { readonly owner: string; readonly account: string; readonly type: string };
}

/** One way to reach people. Resolves when the service took the message; throws UnavailableError when it did not. */
export interface Channel {
  readonly name: NoticeChannel;
  send(notice: OutgoingNotice): Promise<void>;
}

/** Takes what can never be processed, with the reason, so that nothing is silently lost. */
export interface DeadLetters {
  park(letter: { readonly source: string; readonly error: string; readonly body: string }): Promise<void>;
}

export interface Log {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}
