import { encodeTime } from 'ulid';
import { historyEventSchema } from '../../lambda/contracts/history-event.ts';
import type { Settings } from '../../lambda/contracts/settings.ts';
import type { EventDetails, EventHead, EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import type { KeyFacts, UserFacts } from '../../lambda/domain/facts.ts';
import {
  type AccessKeyId,
  type EventId,
  type ExemptionId,
  parseAccessKeyId,
  parseAccountId,
  parseEventId,
  parseExemptionId,
  parseOwnerId,
  parseRequestId,
  parseRotationId,
  parseRunId,
  parseUserId,
  parseUserName,
  type RequestId,
  type RotationId,
  type UserId,
} from '../../lambda/domain/ids.ts';
import type { CachedUser } from '../../lambda/domain/inventory.ts';
import type { Assignment, Exemption, Owner } from '../../lambda/domain/owners.ts';
import { type Policy, presets } from '../../lambda/domain/policy.ts';
import type { Request, RequestHead, Wish } from '../../lambda/domain/requests.ts';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';
import { fromIso, type Instant, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import {
  blankTracking,
  RECORD_SCHEMA,
  type Retirement,
  type RotationEntry,
  type UserRecord,
} from '../../lambda/domain/tracking.ts';
import type { CreatedKey, IamUser, OutgoingNotice } from '../../lambda/ports.ts';
import { sampleDetails } from './sample-details.ts';

/** Accounts, names and a run that tests share; none of them is anybody's. */
export const ACCOUNT = parseAccountId('111122223333');
export const OTHER_ACCOUNT = parseAccountId('444455556666');
export const USER = parseUserName('ci-deploy');
/** Every character that IAM allows beside letters and digits. */
export const AWKWARD_USER = parseUserName('a_b+c=d,e.f@g-h');
export const RUN = parseRunId('run-2026-01-01');
export const OTHER_RUN = parseRunId('run-2026-01-02');
export const NOW: Instant = fromIso('2026-01-01T00:00:00.000Z');

/** An instant from what a person writes: `at('2026-04-01')`. */
export const at = (text: IsoTime): Instant => fromIso(text);

const numbered = (prefix: string, n: number, length: number) =>
  prefix + String(n).padStart(length - prefix.length, '0');

export const keyId = (n: number): AccessKeyId => parseAccessKeyId(numbered('AKIAFAKE', n, 20));
export const userId = (n: number): UserId => parseUserId(numbered('AIDAFAKE', n, 21));
/** A ULID of that instant; `n` tells apart those of the same one. */
export const eventId = (time: Instant, n = 1): EventId => parseEventId(ulidOf(time, n));
export const rotationId = (n: number, time: Instant = NOW): RotationId => parseRotationId(ulidOf(time, n));
export const exemptionId = (n: number, time: Instant = NOW): ExemptionId => parseExemptionId(ulidOf(time, n));
export const requestId = (n: number, time: Instant = NOW): RequestId => parseRequestId(ulidOf(time, n));
const ulidOf = (time: Instant, n: number): string => encodeTime(time, 10) + String(n).padStart(16, '0');

export const aKey = (overrides: Partial<KeyFacts> = {}): KeyFacts => ({
  keyId: keyId(1),
  status: 'Active',
  createdAt: NOW,
  lastUse: { kind: 'unread' },
  ...overrides,
});

export const anIamUser = (overrides: Partial<IamUser> = {}): IamUser => {
  const { userName = USER, path = '/' } = overrides;
  return { userName, userId: userId(1), path, arn: `arn:aws:iam::${ACCOUNT}:user${path}${userName}`, ...overrides };
};

export const aUser = (overrides: Partial<UserFacts> = {}): UserFacts => ({
  account: ACCOUNT,
  ...anIamUser(overrides),
  keys: [aKey()],
  ...overrides,
});

/** What a sweep read of a user, with one Active key. */
export const aReading = (overrides: Partial<CachedUser> = {}): CachedUser => {
  const { userName, userId: id, path, arn } = anIamUser(overrides);
  const keys = [{ keyId: keyId(1), status: 'Active', createdAt: NOW } as const];
  return { account: ACCOUNT, userName, userId: id, path, arn, keys, fingerprint: 'as-read', readAt: NOW, ...overrides };
};

export const aRecord = (overrides: Partial<UserRecord> = {}): UserRecord => ({
  schema: RECORD_SCHEMA,
  account: ACCOUNT,
  userName: USER,
  userId: userId(1),
  version: 1,
  tracking: blankTracking,
  ...overrides,
});

export const aRetirement = (overrides: Partial<Retirement> = {}): Retirement => ({
  keyId: keyId(1),
  why: 'rotated',
  startedAt: NOW,
  announcement: eventId(NOW),
  promisedAt: at('2026-01-11T00:00:00.000Z'),
  ...overrides,
});

export const aRotation = (overrides: Partial<RotationEntry> = {}): RotationEntry => ({
  rotationId: rotationId(1),
  runId: RUN,
  outgoingKeyId: keyId(1),
  at: NOW,
  expiresAt: at('2026-01-01T00:15:00.000Z'),
  keysBefore: [keyId(1)],
  ...overrides,
});

export const anOwner = (overrides: Partial<Owner> = {}): Owner => ({
  id: parseOwnerId('payments'),
  name: 'Payments',
  email: 'payments@example.com',
  ...overrides,
});

export const anAssignment = (overrides: Partial<Assignment> = {}): Assignment => ({
  account: ACCOUNT,
  match: { kind: 'user', userName: USER },
  ownerId: parseOwnerId('payments'),
  ...overrides,
});

export const anExemption = (overrides: Partial<Exemption> = {}): Exemption => ({
  id: exemptionId(1),
  account: ACCOUNT,
  match: { kind: 'user', userName: USER },
  reason: 'The vendor accepts no new key before their release.',
  approver: 'Ada Lovelace',
  grantedBy: `arn:aws:iam::${ACCOUNT}:role/Admin`,
  grantedAt: NOW,
  expiresAt: at('2026-06-01T00:00:00.000Z'),
  ...overrides,
});

/** What Ada asked for on the first of January. */
export const aRequest = (wish: Wish, head: Partial<RequestHead> = {}): Request => ({
  id: requestId(1),
  account: ACCOUNT,
  userName: USER,
  reason: 'The key was in a log.',
  requestedBy: `arn:aws:iam::${ACCOUNT}:role/Owner`,
  requestedAt: NOW,
  ...head,
  ...wish,
});

/** What history tells of a request, as the command line writes it. */
export const madeDetails = (request: Wish & Pick<RequestHead, 'id' | 'reason'>): EventDetails['request-made'] => ({
  requestId: request.id,
  request: request.kind,
  reason: request.reason,
  ...(request.kind === 'rotate' && request.disableOldNow ? { disableOldNow: true } : {}),
  ...(request.kind === 'restore' ? { hours: request.hours } : {}),
  ...(request.kind === 'snooze' ? { days: request.days } : {}),
});

/** The event that makes a request count. */
export function requestMade(request: Request): HistoryEvent {
  const { account, userName, keyId: about, requestedBy: actor, requestedAt } = request;
  const {
    runId: _,
    userId: __,
    keyId: ___,
    ...head
  } = anEvent('request-made', {
    id: eventId(requestedAt, 900_000 + Number(request.id.slice(-6))),
    time: toIso(requestedAt),
    account,
    userName,
    actor,
    details: madeDetails(request),
  });
  return historyEventSchema.parse({ ...head, ...(about === undefined ? {} : { keyId: about }) });
}

export const aPolicy = (overrides: Partial<Policy> = {}): Policy => ({ ...presets.default, ...overrides });

export const someSettings = (overrides: Partial<Settings> = {}): Settings => ({
  mode: 'enforce',
  policy: presets.default,
  hub: ACCOUNT,
  accounts: { kind: 'single' },
  secrets: { kind: 'member', replicaRegions: [] },
  ...overrides,
});

type EventOverrides<T extends EventType> = Partial<EventHead> & { readonly details?: HistoryEvent<T>['details'] };

/** An event of that type about the usual user and key; its ID follows from its time. `details`: every field is set. */
export const anEvent = <T extends EventType>(type: T, overrides: EventOverrides<T> = {}): HistoryEvent =>
  anAccountEvent(type, { userName: USER, userId: userId(1), userPath: '/', keyId: keyId(1), ...overrides });

/** The same about no user: what concerns an account. */
export function anAccountEvent<T extends EventType>(type: T, overrides: EventOverrides<T> = {}): HistoryEvent {
  const time = overrides.time ?? toIso(NOW);
  const { rotateAfterDays, disableAfterDays, deleteAfterDays } = presets.default;
  return historyEventSchema.parse({
    id: eventId(fromIso(time)),
    time,
    runId: RUN,
    account: ACCOUNT,
    actor: 'keyturn',
    mode: 'enforce',
    policy: { rotateAfterDays, disableAfterDays, deleteAfterDays },
    details: sampleDetails[type],
    ...overrides,
    type,
  });
}

export const aCreatedKey = (overrides: Partial<CreatedKey> = {}): CreatedKey => ({
  keyId: keyId(2),
  createdAt: NOW,
  secret: new SecretAccessKey('fake-secret-of-a-test'),
  ...overrides,
});

export const aNotice = (overrides: Partial<OutgoingNotice> = {}): OutgoingNotice => ({
  to: anOwner(),
  subject: 'Access key of ci-deploy was replaced',
  text: 'A new access key is waiting.',
  html: '<p>A new access key is waiting.</p>',
  events: [anEvent('key-replaced')],
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'A new access key is waiting.' } }],
  attributes: { owner: 'payments', account: ACCOUNT, type: 'key-replaced' },
  ...overrides,
});
