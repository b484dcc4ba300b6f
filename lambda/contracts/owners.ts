import * as z from 'zod';
import type { Assignment, Exemption, Owner, UserMatch } from '../domain/owners.ts';
import { accountId, exemptionId, ownerId, userName } from './identifiers.ts';

const accountOrAll = z.union([z.literal('*'), accountId]);
const instant = z.int();

export const ownerSchema = z.object({
  id: ownerId,
  name: z.string().min(1),
  email: z.string().min(1).exactOptional(),
  slackChannel: z.string().min(1).exactOptional(),
  snsTopicArn: z.string().min(1).exactOptional(),
  timeZone: z.string().min(1).exactOptional(),
}) satisfies z.ZodType<Owner>;

const userMatchSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), userName }),
  z.object({ kind: z.literal('name'), pattern: z.string().min(1) }),
  z.object({ kind: z.literal('path'), pattern: z.string().min(1) }),
  z.object({ kind: z.literal('account') }),
]) satisfies z.ZodType<UserMatch>;

export const assignmentSchema = z.object({
  account: accountOrAll,
  match: userMatchSchema,
  ownerId,
}) satisfies z.ZodType<Assignment>;

export const exemptionSchema = z.object({
  id: exemptionId,
  account: accountOrAll,
  match: userMatchSchema,
  reason: z.string().min(1),
  approver: z.string().min(1),
  grantedBy: z.string().min(1),
  grantedAt: instant,
  expiresAt: instant,
}) satisfies z.ZodType<Exemption>;
