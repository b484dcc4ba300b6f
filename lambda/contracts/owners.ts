import * as z from 'zod/mini';
import type { Assignment, Exemption, Owner, UserMatch } from '../domain/owners.ts';
import type { Request } from '../domain/requests.ts';
import { accessKeyId, accountId, exemptionId, ownerId, requestId, userId, userName } from './identifiers.ts';

export const accountOrAll = z.union([z.literal('*'), accountId]);
const instant = z.int();

export const ownerSchema = z.object({
  id: ownerId,
  name: z.string().check(z.minLength(1)),
  email: z.exactOptional(z.string().check(z.minLength(1))),
  slackChannel: z.exactOptional(z.string().check(z.minLength(1))),
  slackUser: z.exactOptional(z.string().check(z.minLength(1))),
  webhook: z.exactOptional(z.string().check(z.minLength(1))),
  snsTopicArn: z.exactOptional(z.string().check(z.minLength(1))),
  snsFormat: z.exactOptional(z.enum(['text', 'amazon-q'])),
  timeZone: z.exactOptional(z.string().check(z.minLength(1))),
}) satisfies z.ZodMiniType<Owner>;

export const userMatchSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), userName }),
  z.object({ kind: z.literal('name'), pattern: z.string().check(z.minLength(1)) }),
  z.object({ kind: z.literal('path'), pattern: z.string().check(z.minLength(1)) }),
  z.object({ kind: z.literal('account') }),
]) satisfies z.ZodMiniType<UserMatch>;

export const assignmentSchema = z.object({
  account: accountOrAll,
  match: userMatchSchema,
  ownerId,
}) satisfies z.ZodMiniType<Assignment>;

export const exemptionSchema = z.object({
  id: exemptionId,
  account: accountOrAll,
  match: userMatchSchema,
  userId: z.exactOptional(userId),
  reason: z.string().check(z.minLength(1)),
  approver: z.string().check(z.minLength(1)),
  grantedBy: z.string().check(z.minLength(1)),
  grantedAt: instant,
  expiresAt: instant,
}) satisfies z.ZodMiniType<Exemption>;

const requestHead = {
  id: requestId,
  account: accountId,
  userName,
  reason: z.string().check(z.minLength(1)),
  requestedBy: z.string().check(z.minLength(1)),
  requestedAt: instant,
};

export const requestSchema = z.discriminatedUnion('kind', [
  z.object({
    ...requestHead,
    kind: z.literal('rotate'),
    keyId: z.exactOptional(accessKeyId),
    disableOldNow: z.boolean(),
  }),
  z.object({ ...requestHead, kind: z.literal('restore'), keyId: accessKeyId, hours: z.int().check(z.positive()) }),
  z.object({ ...requestHead, kind: z.literal('snooze'), keyId: accessKeyId, days: z.int().check(z.positive()) }),
]) satisfies z.ZodMiniType<Request>;
