import * as z from 'zod/mini';
import type { ChannelStanding, WaitingNotice } from '../domain/delivery.ts';
import type { Unreached } from '../domain/notices/item.ts';
import { historyEventSchema } from './history-event.ts';
import { ownerId } from './identifiers.ts';
import { ownerSchema } from './owners.ts';

/** How often `deliver` looks at the outbox. */
export const DELIVER_EVERY_MINUTES = 5;

/** The longest that it may take, and its lease on the outbox: one that dies does not hold up the next. */
export const DELIVER_LONGEST_SECONDS = 270;

const instant = z.number();

export const reader = z.union([z.literal('operators'), ownerId]);

const unreached = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('no-owner') }),
  z.object({ kind: z.literal('unknown-owner'), ownerId }),
  z.object({ kind: z.literal('unreachable'), owner: ownerSchema, why: z.string() }),
]) satisfies z.ZodMiniType<Unreached>;

/** A notice that waits, as the State table holds it. */
export const waitingNoticeSchema = z.object({
  event: historyEventSchema,
  insteadOf: z.exactOptional(unreached),
  since: instant,
}) satisfies z.ZodMiniType<WaitingNotice>;

const channelStanding = z.exactOptional(
  z.object({
    sentAt: z.exactOptional(instant),
    refused: z.exactOptional(z.object({ since: instant, times: z.int(), retryAt: instant })),
  }) satisfies z.ZodMiniType<ChannelStanding>,
);

/** How far the telling of a reader has come, as the State table holds it. */
export const standingSchema = z.object({
  channels: z.object({
    sns: channelStanding,
    slack: channelStanding,
    email: channelStanding,
    webhook: channelStanding,
    'operators-topic': channelStanding,
  }),
  failingSince: z.exactOptional(instant),
  seen: z.exactOptional(z.string()),
  lookAt: z.exactOptional(instant),
});

/** That something waits for a reader. */
export const newsSchema = z.object({ reader, news: z.string(), newsAt: instant });
