import type { Owner } from '../owners.ts';
import type { HouseStyle } from './house-style.ts';
import { type NoticeItem, readerOf } from './item.ts';
import { code, type Phrase, quote } from './phrase.ts';
import { prefaceFor } from './preface.ts';
import { type Section, sectionsOf } from './sections.ts';
import { type Part, subjectLine } from './subject.ts';
import { summaryOf } from './summary.ts';
import { inWords } from './worded-item.ts';
import { urgency } from './wording/word.ts';
import { voiceFor } from './wording/wording.ts';
import type { Words } from './words.ts';

/** What one message says, in no channel's markup yet. */
export interface Notice {
  /** Under 100 printable ASCII characters. */
  readonly subject: string;
  readonly greeting?: Phrase;
  /** How much of it needs somebody; absent where there is one piece of news only. */
  readonly summary?: Phrase;
  readonly chapters: readonly Chapter[];
  readonly footer: readonly Phrase[];
}

/** What is for one reader: for an owner all of it, for operators their own news and then that of each unreached owner. */
export interface Chapter {
  readonly preface: readonly Phrase[];
  readonly sections: readonly Section[];
}

/** Writes one message about all of the items. `to` gives the reader's name and time zone. */
export function compose(
  to: Owner | 'operators',
  items: readonly NoticeItem[],
  part?: Part,
  style?: HouseStyle,
): Notice {
  const voice = voiceFor(to === 'operators' ? undefined : to.timeZone, style);
  const worded = arranged(items).map((item) => inWords(item, voice));
  const summary = summaryOf(worded, voice);
  const chapters = [...Map.groupBy(worded, ({ insteadOf }) => readerOf(insteadOf)).values()];
  return {
    subject: subjectLine(worded, part),
    ...(to === 'operators' ? {} : { greeting: voice.words('greeting.owner', { name: quote(to.name, 80) }) }),
    ...(summary === undefined ? {} : { summary }),
    chapters: chapters.map((some) => ({
      preface: prefaceFor(some[0]?.insteadOf, voice),
      sections: sectionsOf(some, voice.words),
    })),
    footer: [footerFor(to, voice.words), voice.words('footer.secrets')],
  };
}

/** In the order in which a notice tells them. */
export const arranged = (items: readonly NoticeItem[]): readonly NoticeItem[] =>
  items
    .map((item) => ({ item, rank: rankOf(item) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ item }) => item);

/** Sorts by reader, urgency, user and time. */
function rankOf({ event, insteadOf }: NoticeItem): string {
  const place = String(urgency(event)).padStart(2, '0');
  return [readerOf(insteadOf), place, event.account, event.userName ?? '', event.id].join(' ');
}

const footerFor = (to: Owner | 'operators', words: Words): Phrase =>
  to === 'operators' ? words('footer.operators') : words('footer.owner', { owner: code(to.id) });
