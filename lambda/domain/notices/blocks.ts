import { escapeMrkdwn } from '../escape.ts';
import type { Command } from './commands.ts';
import type { Chapter, Notice } from './compose.ts';
import { type Phrase, toMrkdwn } from './phrase.ts';
import type { Entry, Group, Section } from './sections.ts';

interface Markdown {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** Slack is to link nothing by itself: no channel, no user, no address. */
  readonly verbatim: true;
}

/** The kinds of Slack's Block Kit blocks that notices use. */
export type Block =
  | { readonly type: 'header'; readonly text: { readonly type: 'plain_text'; readonly text: string } }
  | { readonly type: 'section'; readonly text: Markdown }
  | { readonly type: 'context'; readonly elements: readonly Markdown[] }
  | { readonly type: 'divider' };

/** The notice as Slack blocks. */
export const renderBlocks = (notice: Notice): readonly Block[] => [
  {
    type: 'header',
    text: { type: 'plain_text', text: notice.subject.replace('[Keyturn] ', '').replace(/[<>&]/g, '') },
  },
  ...(notice.summary === undefined ? [] : large([toMrkdwn(notice.summary)])),
  ...notice.chapters.flatMap(chapter),
  { type: 'divider' },
  ...small(notice.footer),
];

/** How many characters of text the blocks hold. */
export const lengthOf = (blocks: readonly Block[]): number =>
  blocks.reduce((total, block) => total + textsOf(block).reduce((sum, text) => sum + text.length, 0), 0);

function textsOf(block: Block): readonly string[] {
  switch (block.type) {
    case 'header':
    case 'section':
      return [block.text.text];
    case 'context':
      return block.elements.map(({ text }) => text);
    case 'divider':
      return [];
  }
}

const chapter = ({ preface, sections }: Chapter): readonly Block[] => [
  ...large(preface.map(toMrkdwn)),
  ...sections.flatMap(section),
];

const section = ({ heading, count, groups, several, commands, advice }: Section): readonly Block[] => [
  ...large([`*${toMrkdwn([count === 1 ? heading : `${heading} (${count})`])}*`]),
  ...groups.flatMap(group),
  ...large([...several.map(toMrkdwn), ...commands.map(command)]),
  ...small(advice),
];

/** Entries with commands stand apart; those without share sections, as Slack takes only so many blocks. */
function group({ title, entries }: Group): readonly Block[] {
  const start = title === undefined ? [] : [toMrkdwn(title)];
  if (entries.some(({ commands }) => commands.length > 0)) {
    return [...large(start), ...entries.flatMap((one) => large(entry(one)))];
  }
  return large([...start, ...entries.flatMap((one) => packed(entry(one), '\n'))], '\n\n');
}

const entry = ({ title, lines, commands }: Entry): readonly string[] => [
  toMrkdwn(title),
  ...lines.map(toMrkdwn),
  ...commands.map(command),
];

const command = ({ tool, line }: Command): string => `${tool}\n\`\`\`${escapeMrkdwn(line)}\`\`\``;

/** Slack takes this many characters in a section. */
const SECTION = 3_000;

/** The pieces in as few sections as hold them: one, but for many or for texts full of characters that must be escaped. */
function packed(pieces: readonly string[], between: string): readonly string[] {
  const sections: string[] = [];
  for (const piece of pieces) {
    const longer = [...sections.slice(-1), piece].join(between);
    if (sections.length > 0 && longer.length <= SECTION) sections[sections.length - 1] = longer;
    else sections.push(piece);
  }
  return sections;
}

const large = (lines: readonly string[], between = '\n'): readonly Block[] =>
  packed(lines, between).map((text) => ({ type: 'section', text: markdown(text) }));

const small = (phrases: readonly Phrase[]): readonly Block[] =>
  packed(phrases.map(toMrkdwn), '\n').map((text) => ({ type: 'context', elements: [markdown(text)] }));

const markdown = (text: string): Markdown => ({ type: 'mrkdwn', text, verbatim: true });
