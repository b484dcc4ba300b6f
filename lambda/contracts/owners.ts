import * as z from 'zod/mini';
import type { Assignment, Exemption, Owner, UserMatch } from '../domain/owners.ts';
import { accountId, exemptionId, ownerId, userName } from './identifiers.ts';

const accountOrAll = z.union([z.literal('*'), accountId]);
const instant = z.int();

export const ownerSchema = z.object({
  id: ownerId,
  name: z.string().check(z.minLength(1)),
  email: z.exactOptional(z.string().check(z.minLength(1))),
  slackChannel: z.exactOptional(z.string().check(z.minLength(1))),
  snsTopicArn: z.exactOptional(z.string().check(z.minLength(1))),
  timeZone: z.exactOptional(z.string().check(z.minLength(1))),
}) satisfies z.ZodMiniType<Owner>;

const userMatchSchema = z.discriminatedUnion('kind', [
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
  reason: z.string().check(z.minLength(1)),
  approver: z.string().check(z.minLength(1)),
  grantedBy: z.string().check(z.minLength(1)),
  grantedAt: instant,
  expiresAt: instant,
}) satisfies z.ZodMiniType<Exemption>;
