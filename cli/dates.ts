import { DAY, fromIso, type Instant, type IsoTime } from '../lambda/domain/time.ts';

/** `2026-11-20`, in UTC. */
export const dayOf = (time: IsoTime): string => time.slice(0, 10);

/** `2026-11-20 05:12`, in UTC. */
export const minuteOf = (time: IsoTime): string => time.slice(0, 16).replace('T', ' ');

/** Whole days that have passed. */
export const daysBetween = (from: Instant, to: Instant): number => Math.floor((to - from) / DAY);

/** `in 8 days`, `3 days ago`, `within a day`, `less than a day ago`; rounded to whole days. */
export function relative(time: IsoTime, now: Instant): string {
  const distance = fromIso(time) - now;
  const days = Math.round(Math.abs(distance) / DAY);
  if (distance > 0) return days === 0 ? 'within a day' : `in ${count(days, 'day')}`;
  return days === 0 ? 'less than a day ago' : `${count(days, 'day')} ago`;
}

/** `1 day`, `2 days`; English plurals with s only. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
