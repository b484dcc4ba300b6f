import * as z from 'zod/mini';
import type { CachedUser } from '../domain/inventory.ts';
import { accessKeyId, accountId, userId, userName } from './identifiers.ts';

const instant = z.number();

/** A user as it was read, as the State table holds it. */
export const cachedUserSchema = z.object({
  account: accountId,
  userName,
  userId,
  path: z.string(),
  arn: z.string(),
  keys: z.array(
    z.object({ keyId: accessKeyId, status: z.enum(['Active', 'Inactive', 'Expired']), createdAt: instant }),
  ),
  fingerprint: z.string(),
  userCreatedAt: z.exactOptional(instant),
  readAt: instant,
}) satisfies z.ZodMiniType<CachedUser>;

/** How far the reading of every user has come, as the State table holds it. */
export const fullSweepSchema = z.object({ startedAt: instant, finishedAt: z.exactOptional(instant) });
