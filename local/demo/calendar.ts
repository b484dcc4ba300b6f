import { DAY, type Instant, MINUTE } from '../../lambda/domain/time.ts';

/** Midnight (UTC) of the first simulated day, a Monday. A fixed date, so that every demo tells the same story. */
export const DAY_0: Instant = Date.UTC(2027, 0, 4);

/** A moment of a simulated day; days before the first are negative. */
export const at = (day: number, hour: number, minute = 0): Instant => DAY_0 + day * DAY + (hour * 60 + minute) * MINUTE;

/** When that day's run is scheduled: the default schedule, `cron(17 6 * * ? *)`. */
export const runAt = (day: number): Instant => at(day, 6, 17);

/** Which simulated day a moment lies in. */
export const dayOf = (instant: Instant): number => Math.floor((instant - DAY_0) / DAY);

/** `2027-04-04`. */
export const dateOf = (day: number): string => new Date(at(day, 0)).toISOString().slice(0, 10);
