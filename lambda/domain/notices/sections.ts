import type { HistoryEvent } from '../events.ts';
import type { Command } from './commands.ts';
import { code, type Phrase, toPlain } from './phrase.ts';
import type { WordedItem } from './worded-item.ts';
import type { Words } from './words.ts';

/** The same news of one or more keys. */
export interface Section {
  readonly heading: string;
  readonly count: number;
  /** Somebody has to act. */
  readonly act: boolean;
  readonly groups: readonly Group[];
  /** What is said once for all entries, and leads over to the commands. */
  readonly several: readonly Phrase[];
  readonly commands: readonly Command[];
  readonly advice: readonly Phrase[];
}

/** The entries of one account, or, without a title, of any. */
export interface Group {
  readonly title?: Phrase;
  readonly entries: readonly Entry[];
}

export interface Entry {
  /** Which key, user and account. */
  readonly title: Phrase;
  readonly lines: readonly Phrase[];
  readonly commands: readonly Command[];
}

/** As many entries are told in full; more of them briefly, so that they can be skimmed. */
const IN_FULL = 3;

/** The items as sections: one for each headline, in the order of the items, the soonest deadline first in each. */
export const sectionsOf = (items: readonly WordedItem[], words: Words): readonly Section[] =>
  [...Map.groupBy(items, ({ heading }) => heading)].map(([heading, members]) => section(heading, members, words));

function section(heading: string, members: readonly WordedItem[], words: Words): Section {
  const isBrief = members.length > IN_FULL && members.every(({ wording }) => wording.brief !== undefined);
  const briefs = isBrief ? members.flatMap(({ wording }) => wording.brief ?? []) : [];
  return {
    heading,
    count: members.length,
    act: members.some(({ wording }) => wording.act === true),
    groups: groupsOf(members.toSorted(soonerFirst), isBrief, words),
    several: distinct(briefs.flatMap(({ several }) => (several === undefined ? [] : [several]))),
    commands: distinctCommands(briefs.flatMap(({ commands }) => commands ?? [])),
    advice: distinct(members.flatMap(({ wording }) => (isBrief && wording.brief?.advice) || (wording.advice ?? []))),
  };
}

const soonerFirst = (a: WordedItem, b: WordedItem): number => {
  const [sooner, later] = [a.wording.deadline ?? '', b.wording.deadline ?? ''];
  return sooner === later ? 0 : sooner < later ? -1 : 1;
};

/** By account where a section tells of several accounts and more than one key of one of them. */
function groupsOf(members: readonly WordedItem[], isBrief: boolean, words: Words): readonly Group[] {
  const byAccount = Map.groupBy(members, ({ event }) => event.account);
  const about = members.filter(({ event }) => event.userName !== undefined);
  if (byAccount.size === 1 || byAccount.size === members.length || about.length < members.length) {
    return [{ entries: members.map((item) => entry(item, isBrief, titleOf(item.event, words))) }];
  }
  return [...byAccount].map(([account, some]) => ({
    title: words('title.group', { account: code(account), count: some.length }),
    entries: some.map((item) => entry(item, isBrief, titleInGroup(item.event, words))),
  }));
}

const entry = ({ wording }: WordedItem, isBrief: boolean, title: Phrase): Entry =>
  isBrief && wording.brief !== undefined
    ? { title, lines: wording.brief.lines, commands: [] }
    : { title, lines: wording.lines, commands: wording.commands ?? [] };

function titleOf({ account, userName, keyId }: HistoryEvent, words: Words): Phrase {
  const place = { account: code(account) };
  if (userName === undefined) return words('title.account', place);
  const user = code(userName);
  if (keyId === undefined) return words('title.user-in-account', { user, ...place });
  return words('title.key-in-account', { key: code(keyId), user, ...place });
}

function titleInGroup({ userName, keyId }: HistoryEvent, words: Words): Phrase {
  const user = code(userName ?? '');
  return keyId === undefined ? words('title.user', { user }) : words('title.key', { key: code(keyId), user });
}

const distinct = (phrases: readonly Phrase[]): readonly Phrase[] => [
  ...new Map(phrases.map((phrase) => [toPlain(phrase), phrase])).values(),
];

const distinctCommands = (commands: readonly Command[]): readonly Command[] => [
  ...new Map(commands.map((command) => [command.line, command])).values(),
];
