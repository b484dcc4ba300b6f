import { DAY, fromIso, type Instant, type IsoTime } from '../lambda/domain/time.ts';

/** `2026-11-20`, in UTC. */
export const dayOf = (time: IsoTime): string => time.slice(0, 10);

/** `2026-11-20 05:12`, in UTC. */
export const minuteOf = (time: IsoTime): string => time.slice(0, 16).replace('T', ' ');

/** Whole days that have passed. */
export const daysBetween = (from: Instant, to: Instant): number => Math.floor((to - from) / DAY);

/** `in 8 days`, `3 days ago`, `within a day`; a part of a day does not count. */
export function relative(time: IsoTime, now: Instant): string {
  const days = Math.trunc((fromIso(time) - now) / DAY);
  if (days === 0) return fromIso(time) <= now ? 'now' : 'within a day';
  return days > 0 ? `in ${count(days, 'day')}` : `${count(-days, 'day')} ago`;
}

/** `1 day`, `2 days`; English plurals with s only. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
