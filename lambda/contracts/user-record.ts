import * as z from 'zod/mini';
import {
  RECORD_SCHEMA,
  type Retirement,
  type RotationEntry,
  type Shadow,
  type Tracking,
  type UserRecord,
} from '../domain/tracking.ts';
import { retirementReason, waitReason } from './history-event.ts';
import {
  accessKeyId,
  accountId,
  eventId,
  exemptionId,
  requestId,
  rotationId,
  runId,
  userId,
  userName,
} from './identifiers.ts';

const instant = z.number();

const rotationEntry = z.object({
  rotationId,
  runId,
  outgoingKeyId: accessKeyId,
  at: instant,
  expiresAt: instant,
  keysBefore: z.array(accessKeyId),
  request: z.exactOptional(z.object({ id: requestId, disableOldNow: z.boolean() })),
  removing: z.exactOptional(accessKeyId),
}) satisfies z.ZodMiniType<RotationEntry>;

const retirement = z.object({
  keyId: accessKeyId,
  why: retirementReason,
  successorKeyId: z.exactOptional(accessKeyId),
  startedAt: instant,
  announcement: eventId,
  secret: z.exactOptional(z.object({ region: z.string(), arn: z.exactOptional(z.string()) })),
  promisedAt: instant,
  disabledAt: z.exactOptional(instant),
  intent: z.exactOptional(
    z.object({
      step: z.enum(['disable', 'delete', 'restore']),
      runId,
      at: instant,
      expiresAt: instant,
      restore: z.exactOptional(z.object({ requestId, until: instant })),
    }),
  ),
  adopted: z.exactOptional(z.object({ at: instant, service: z.string(), region: z.string() })),
  reminded: z.exactOptional(z.array(z.enum(['half-way', 'day-before', 'delete-coming']))),
  disableNow: z.exactOptional(requestId),
  disabledBy: z.exactOptional(z.literal('somebody')),
  restoredUntil: z.exactOptional(instant),
  changedAt: z.exactOptional(instant),
  putOffFrom: z.exactOptional(z.object({ disable: z.exactOptional(instant), delete: z.exactOptional(instant) })),
  hold: z.exactOptional(z.object({ until: instant, announcement: z.exactOptional(eventId) })),
}) satisfies z.ZodMiniType<Retirement>;

const tracking = z.object({
  rotation: z.exactOptional(rotationEntry),
  retirements: z.record(accessKeyId, retirement),
  warned: z.record(accessKeyId, z.number()),
  waiting: z.record(
    accessKeyId,
    z.object({ step: z.string(), reason: waitReason, requestId: z.exactOptional(requestId) }),
  ),
  blocked: z.exactOptional(z.string()),
  exemptionTold: z.exactOptional(exemptionId),
  made: z.exactOptional(z.array(accessKeyId)),
  answered: z.exactOptional(z.array(requestId)),
}) satisfies z.ZodMiniType<Tracking>;

const shadow = z.object({
  tracking,
  basis: z.string(),
  created: z.array(z.object({ keyId: accessKeyId, createdAt: instant })),
  disabled: z.array(accessKeyId),
  deleted: z.array(accessKeyId),
}) satisfies z.ZodMiniType<Shadow>;

/** What Keyturn remembers of one user, as the State table holds it. */
export const userRecordSchema = z.object({
  schema: z.literal(RECORD_SCHEMA, {
    error: ({ input }) =>
      `was written by another version of Keyturn (record schema ${String(input)}, this one knows ${RECORD_SCHEMA}): ` +
      'deploy the newest version',
  }),
  account: accountId,
  userName,
  userId,
  version: z.int().check(z.positive()),
  tracking,
  shadow: z.exactOptional(shadow),
}) satisfies z.ZodMiniType<UserRecord>;
