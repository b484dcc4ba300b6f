import type { KeyPast } from '../past/key-past.ts';
import type { Verdict } from './model.ts';

/** Exceptions that are named with a control; the tables hold all. */
export const MOST_EXCEPTIONS = 50;

/** `known`: nothing that may speak against it is hidden. */
export function verdictOf(against: number, excepted: number, known: boolean): Verdict {
  if (against > excepted) return 'fail';
  if (!known) return 'unknown';
  return against === 0 ? 'pass' : 'excepted';
}

/** How a key is named among what speaks against a control. */
export const subjectOf = ({ account, userName, keyId }: Pick<KeyPast, 'account' | 'userName' | 'keyId'>): string =>
  `${account}/${userName}/${keyId}`;

/** `1 key`, `2 keys`; English plurals with s only. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
export const were = (number: number): string => (number === 1 ? 'was' : 'were');
