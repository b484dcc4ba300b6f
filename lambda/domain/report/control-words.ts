import type { KeyPast } from '../past/key-past.ts';
import { DAY, type IsoTime } from '../time.ts';
import type { Verdict } from './model.ts';

/** Exceptions that are named with a control; the tables hold all. */
export const MOST_EXCEPTIONS = 50;

/** `unknown`: what may hide something that speaks against it. */
export function verdictOf(against: number, excepted: number, unknown: readonly unknown[]): Verdict {
  if (against > excepted) return 'fail';
  if (unknown.length > 0) return 'unknown';
  return against === 0 ? 'pass' : 'excepted';
}

/** How a key is named among what speaks against a control. */
export const subjectOf = ({ account, userName, keyId }: Pick<KeyPast, 'account' | 'userName' | 'keyId'>): string =>
  `${account}/${userName}/${keyId}`;

/** Names that a sentence has room for. */
const MOST_NAMES = 3;

/** `a, b and 12 more`. */
export function namesInWords(names: readonly string[], between = ', '): string {
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(between) + (more > 0 ? `${between === ', ' ? '' : ';'} and ${more} more` : '');
}

/** `from 2026-10-04 to 2026-10-31`, or `on 2026-10-04`. */
export function daysInWords([first, last]: readonly [IsoTime, IsoTime]): string {
  const [from, to] = [first.slice(0, 10), last.slice(0, 10)];
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}

/** Days, oldest first, as spans: `from 2026-10-04 to 2026-10-06`, `on 2026-10-09`. */
export function spansInWords(days: readonly string[]): readonly string[] {
  const spans: [string, string][] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last !== undefined && Date.parse(day) - Date.parse(last[1]) === DAY) last[1] = day;
    else spans.push([day, day]);
  }
  return spans.map(daysInWords);
}

/** `1 key`, `2 keys`; English plurals with s only. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
export const were = (number: number): string => (number === 1 ? 'was' : 'were');
