import type { HistoryEvent } from '../events.ts';
import type { Owner } from '../owners.ts';
import type { Command } from './commands.ts';
import { type NoticeItem, readerOf, type Unreached } from './item.ts';
import { code, type Phrase, quote, say, strong, toPlain } from './phrase.ts';
import { type Part, subjectLine } from './subject.ts';
import { urgency, word } from './wording/word.ts';
import { voiceFor, type Wording } from './wording/wording.ts';

/** What one message says, in no channel's markup yet. */
export interface Notice {
  /** Under 100 printable ASCII characters. */
  readonly subject: string;
  readonly greeting?: Phrase;
  readonly chapters: readonly Chapter[];
  readonly footer: readonly Phrase[];
}

/** What is for one reader: for an owner all of it, for operators their own news and then that of each unreached owner. */
export interface Chapter {
  readonly preface: readonly Phrase[];
  readonly sections: readonly Section[];
}

export interface Section {
  readonly heading: string;
  readonly entries: readonly Entry[];
  readonly advice: readonly Phrase[];
}

export interface Entry {
  /** Which key, user and account. */
  readonly title: Phrase;
  readonly lines: readonly Phrase[];
  readonly commands: readonly Command[];
}

interface WordedItem extends NoticeItem {
  readonly wording: Wording;
}

/** Writes one message about all of the items. `to` gives the reader's name and time zone. */
export function compose(to: Owner | 'operators', items: readonly NoticeItem[], part?: Part): Notice {
  const voice = voiceFor(to === 'operators' ? undefined : to.timeZone);
  const worded = arranged(items).map((item): WordedItem => ({ ...item, wording: word(item.event, voice) }));
  const chapters = [...Map.groupBy(worded, ({ insteadOf }) => readerOf(insteadOf)).values()].map(chapter);
  return {
    subject: subjectLine(worded, part),
    ...(to === 'operators' ? {} : { greeting: say`Hello ${quote(to.name, 80)},` }),
    chapters,
    footer: [footerFor(to), say`No notice of Keyturn holds a secret or asks for one.`],
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

function chapter(items: readonly WordedItem[]): Chapter {
  const insteadOf = items[0]?.insteadOf;
  return {
    preface: insteadOf === undefined ? [] : prefaceFor(insteadOf),
    sections: [...Map.groupBy(items, ({ wording }) => wording.heading)].map(([heading, members]) => ({
      heading,
      entries: members.toSorted(soonerFirst).map(({ event, wording }) => ({
        title: titleOf(event),
        lines: wording.lines,
        commands: wording.commands ?? [],
      })),
      advice: distinct(members.flatMap(({ wording }) => wording.advice ?? [])),
    })),
  };
}

const soonerFirst = (a: WordedItem, b: WordedItem): number => {
  const [sooner, later] = [a.wording.deadline ?? '', b.wording.deadline ?? ''];
  return sooner === later ? 0 : sooner < later ? -1 : 1;
};

const distinct = (phrases: readonly Phrase[]): readonly Phrase[] => [
  ...new Map(phrases.map((phrase) => [toPlain(phrase), phrase])).values(),
];

function titleOf({ account, userName, keyId }: HistoryEvent): Phrase {
  if (userName === undefined) return say`Account ${code(account)}`;
  if (keyId === undefined) return say`User ${code(userName)}, account ${code(account)}`;
  return say`Access key ${code(keyId)} of user ${code(userName)}, account ${code(account)}`;
}

function prefaceFor(insteadOf: Unreached): readonly Phrase[] {
  switch (insteadOf.kind) {
    case 'no-owner':
      return [
        say`${strong('Users without an owner.')} Nobody else is told of what follows. Please pass it on to whoever uses these keys, and assign the users to an owner (${code('keyturn owners import')}).`,
      ];
    case 'unknown-owner':
      return [
        say`${strong('Owner not on record.')} What follows belongs to the owner ${code(insteadOf.ownerId)}, who is not in the owners' table. Please pass it on, and add the owner or correct the assignment (${code('keyturn owners import')}).`,
      ];
    case 'unreachable':
      return [
        say`${strong('Owner not reached.')} What follows is for ${quote(insteadOf.owner.name, 80)} (owner ${code(insteadOf.owner.id)}), who could not be told: ${quote(insteadOf.why)}`,
        say`Please pass it on, and repair the way to this owner.`,
      ];
  }
}

const footerFor = (to: Owner | 'operators'): Phrase =>
  to === 'operators'
    ? say`You get this as an operator of Keyturn.`
    : say`You get this because you are on record as the owner of these users (${code(to.id)}). If that is wrong, tell your platform team.`;
