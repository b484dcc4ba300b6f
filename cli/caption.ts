import type { Mode } from '../lambda/domain/events.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import type { IsoTime } from '../lambda/domain/time.ts';
import { minuteOf } from './dates.ts';
import type { Screen } from './screen.ts';

export interface Caption {
  readonly account: AccountId;
  readonly mode: Mode;
  readonly at: IsoTime;
  /** What else there is to know of the account. */
  readonly note?: string;
}

/** First line of what is shown of an account: which, in which mode, as of when. */
export function caption({ account, mode, at, note }: Caption, { paint }: Screen): string {
  const inMode = mode === 'observe' ? `${paint.yellow('observe')} (nothing is changed)` : 'enforce';
  const line = `Account ${paint.bold(account)}, mode ${inMode}, as of ${minuteOf(at)} UTC`;
  return note === undefined ? line : `${line}\n${paint.yellow(note)}`;
}

/** Blocks of text with an empty line between them; what is empty is left out. */
export const paragraphs = (...blocks: readonly (string | undefined)[]): string =>
  blocks.filter((block) => block !== undefined && block !== '').join('\n\n');
