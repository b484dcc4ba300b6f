import * as z from 'zod/mini';
import { type EventType, type HistoryEvent, skipReasons } from '../domain/events.ts';
import { retirementReasons, waitReasons } from '../domain/reasons.ts';
import {
  accessKeyId,
  accountId,
  eventId,
  exemptionId,
  isoTime,
  ownerId,
  requestId,
  rotationId,
  runId,
  userId,
  userName,
} from './identifiers.ts';
import { accountOrAll, userMatchSchema } from './owners.ts';

const head = {
  id: eventId,
  time: isoTime,
  runId: z.exactOptional(runId),
  account: accountId,
  userName: z.exactOptional(userName),
  userId: z.exactOptional(userId),
  userPath: z.exactOptional(z.string()),
  keyId: z.exactOptional(accessKeyId),
  actor: z.string().check(z.minLength(1)),
  mode: z.enum(['observe', 'enforce']),
  policy: z.object({ rotateAfterDays: z.int(), disableAfterDays: z.int(), deleteAfterDays: z.int() }),
};

/** Whose keys an exemption is about. */
const covers = z.exactOptional(
  z.object({ account: accountOrAll, match: userMatchSchema, userId: z.exactOptional(userId) }),
);

const event = <T extends EventType, Details extends z.core.$ZodLooseShape>(type: T, details: Details) =>
  z.object({ ...head, type: z.literal(type), details: z.object(details) });

export const retirementReason = z.enum(retirementReasons);
export const waitReason = z.enum(waitReasons);
const skipReason = z.enum(skipReasons);
const wayOut = z.enum(['disable', 'delete']);
const successor = { successorKeyId: z.exactOptional(accessKeyId) };

const sweepTally = {
  part: z.int(),
  users: z.int(),
  keys: z.int(),
  rootKeys: z.exactOptional(z.int()),
  reportMissing: z.exactOptional(z.string()),
  unreadRequests: z.exactOptional(z.int()),
  steps: z.record(z.string(), z.int()),
  failed: z.int(),
  failures: z.array(z.object({ userName, error: z.string() })),
};

const use = z.object({ at: isoTime, service: z.string(), region: z.string() });
const wish = z.enum(['rotate', 'restore', 'snooze']);
const somebody = z.enum(['keyturn', 'somebody']);
const receipt = {
  about: z.array(eventId),
  channel: z.enum(['sns', 'slack', 'email', 'webhook', 'operators-topic']),
  to: z.union([z.literal('operators'), ownerId]),
};

/** One line of history, as it is stored and as the stream brings it. */
export const historyEventSchema = z.discriminatedUnion('type', [
  event('run-started', {
    part: z.object({ number: z.int(), of: z.int() }),
    expectedAccounts: z.array(accountId),
    enforcingAccounts: z.array(accountId),
    skippedAccounts: z.array(z.object({ account: accountId, why: skipReason })),
    requested: z.exactOptional(z.literal(true)),
    nextWithinHours: z.exactOptional(z.number()),
  }),
  event('run-failed', { error: z.string(), requested: z.exactOptional(z.literal(true)) }),
  event('sweep-finished', sweepTally),
  event('sweep-continued', sweepTally),
  event('sweep-failed', { reason: z.enum(['no-access', 'failed']), error: z.string() }),
  event('root-key-seen', { activeKeys: z.int() }),
  event('inventory-taken', {
    part: z.object({ number: z.int(), of: z.int() }),
    startedAt: isoTime,
    users: z.array(
      z.object({
        userName,
        userId,
        path: z.exactOptional(z.string()),
        keys: z.array(
          z.object({ keyId: accessKeyId, createdAt: isoTime, status: z.enum(['Active', 'Inactive', 'Expired']) }),
        ),
      }),
    ),
    unread: z.array(userName),
  }),
  event('rotation-upcoming', { rotateAt: isoTime, thresholdDays: z.number() }),
  event('rotation-intended', { rotationId }),
  event('rotation-failed', {
    rotationId,
    stage: z.enum(['make-room', 'create', 'store', 'verify', 'publish']),
    error: z.string(),
  }),
  event('rotation-abandoned', { rotationId, why: z.string() }),
  event('orphan-removed', { rotationId }),
  event('key-published', {
    rotationId,
    replaces: accessKeyId,
    secretName: z.string(),
    alone: z.exactOptional(
      z.object({
        secretRegion: z.string(),
        secretArn: z.exactOptional(z.string()),
        requestId: z.exactOptional(requestId),
      }),
    ),
  }),
  event('key-replaced', {
    rotationId,
    incomingKeyId: accessKeyId,
    secretName: z.string(),
    secretArn: z.exactOptional(z.string()),
    secretRegion: z.string(),
    disableAt: isoTime,
    deleteAt: isoTime,
    lastUse: z.exactOptional(use),
    requestId: z.exactOptional(requestId),
  }),
  event('key-adopted', {
    replaces: accessKeyId,
    lastUse: use,
    outgoingLastUse: z.exactOptional(use),
    disableAt: isoTime,
  }),
  event('key-still-used', {
    reminder: z.enum(['half-way', 'day-before']),
    lastUse: use,
    successorKeyId: accessKeyId,
    adopted: z.boolean(),
    disableAt: isoTime,
    held: z.exactOptional(z.literal(true)),
    secretRegion: z.exactOptional(z.string()),
    secretArn: z.exactOptional(z.string()),
  }),
  event('retirement-started', {
    why: retirementReason,
    ...successor,
    disableAt: z.exactOptional(isoTime),
    deleteAt: isoTime,
    after: z.exactOptional(z.literal('exemption')),
  }),
  event('retirement-cancelled', { why: z.string() }),
  event('disable-intended', {}),
  event('disable-failed', { error: z.string() }),
  event('key-disabled', {
    by: somebody,
    why: retirementReason,
    deleteAt: isoTime,
    ...successor,
    adopted: z.exactOptional(z.boolean()),
    lastUse: z.exactOptional(use),
    requestId: z.exactOptional(requestId),
  }),
  event('deletion-upcoming', { deleteAt: isoTime, why: retirementReason }),
  event('delete-intended', {}),
  event('delete-failed', { error: z.string() }),
  event('key-deleted', { by: somebody, why: z.exactOptional(retirementReason) }),
  event('request-made', {
    requestId,
    request: wish,
    reason: z.string(),
    disableOldNow: z.exactOptional(z.boolean()),
    hours: z.exactOptional(z.number()),
    days: z.exactOptional(z.number()),
  }),
  event('request-refused', { requestId, request: wish, why: z.string(), unasked: z.exactOptional(z.literal(true)) }),
  event('restore-intended', { requestId }),
  event('restore-failed', { requestId, error: z.string() }),
  event('key-restored', { requestId, until: isoTime, ...successor }),
  event('key-snoozed', {
    requestId,
    step: wayOut,
    until: isoTime,
    ...successor,
  }),
  event('key-reactivated', { disableAt: isoTime, ...successor }),
  event('step-waiting', {
    step: z.enum(['rotate', 'disable', 'delete']),
    reason: waitReason,
    until: z.exactOptional(isoTime),
    lastUse: z.exactOptional(use),
    requestId: z.exactOptional(requestId),
    behind: z.exactOptional(accessKeyId),
    heldUntil: z.exactOptional(isoTime),
  }),
  event('user-blocked', { reason: z.literal('too-many-keys'), keys: z.int() }),
  event('user-unblocked', {}),
  event('user-gone', {}),
  event('user-replaced', { formerUserId: userId }),
  event('exemption-ending', {
    exemptionId,
    expiresAt: isoTime,
    retiring: z.exactOptional(z.array(z.object({ keyId: accessKeyId, step: wayOut, at: isoTime }))),
  }),
  event('exemption-ended', { exemptionId }),
  event('exemption-granted', {
    exemptionId,
    match: z.string(),
    covers,
    reason: z.string(),
    approver: z.string(),
    expiresAt: isoTime,
  }),
  event('exemption-revoked', { exemptionId, match: z.string(), covers, reason: z.string() }),
  event('owners-imported', { owners: z.int(), assignments: z.int(), changes: z.array(z.string()) }),
  event('notice-delivered', receipt),
  event('notice-failed', { ...receipt, error: z.string() }),
]) satisfies z.ZodMiniType<HistoryEvent>;

// `satisfies` would pass over a forgotten type; this does not compile when there is one.
type Readable = z.output<typeof historyEventSchema>['type'];
const _everyTypeIsReadable: [Exclude<EventType, Readable>] extends [never] ? true : Exclude<EventType, Readable> = true;
