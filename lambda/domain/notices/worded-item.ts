import type { NoticeItem } from './item.ts';
import { toPlain } from './phrase.ts';
import { word } from './wording/word.ts';
import type { Voice, Wording } from './wording/wording.ts';

/** An item and the words for it. */
export interface WordedItem extends NoticeItem {
  readonly wording: Wording;
  /** The headline, plain. */
  readonly heading: string;
}

export function inWords(item: NoticeItem, voice: Voice): WordedItem {
  const wording = word(item.event, voice);
  return { ...item, wording, heading: toPlain(wording.heading) };
}
