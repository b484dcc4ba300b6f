import { DAY, fromIso, type Instant, MINUTE } from '../../../lambda/domain/time.ts';

export const HOUR: number = 60 * MINUTE;

/** Midnight (UTC) of day 0 of every story. */
export const DAY_0: Instant = fromIso('2026-01-01T00:00:00.000Z');
export const onDay = (day: number, hour = 0): Instant => DAY_0 + day * DAY + hour * HOUR;
