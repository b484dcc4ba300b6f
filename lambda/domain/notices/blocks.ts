import type { Chapter, Entry, Notice, Section } from './compose.ts';
import { escapeMrkdwn, type Phrase, toMrkdwn } from './phrase.ts';

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
  { type: 'header', text: { type: 'plain_text', text: notice.subject.replace('[Keyturn] ', '') } },
  ...notice.chapters.flatMap(chapter),
  { type: 'divider' },
  small(notice.footer),
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
  ...(preface.length === 0 ? [] : [large(preface.map(toMrkdwn))]),
  ...sections.flatMap(section),
];

const section = ({ heading, entries, advice }: Section): readonly Block[] => [
  large([`*${escapeMrkdwn(heading)}*`]),
  ...entries.flatMap(entry),
  ...(advice.length === 0 ? [] : [small(advice)]),
];

const entry = ({ title, lines, commands }: Entry): readonly Block[] =>
  packed([
    toMrkdwn(title),
    ...lines.map(toMrkdwn),
    ...commands.map(({ tool, line }) => `${tool}\n\`\`\`${escapeMrkdwn(line)}\`\`\``),
  ]).map(large);

/** Slack takes this many characters in a section. */
const SECTION = 3_000;

/** The lines in as few sections as hold them: one, but for texts full of characters that must be escaped. */
function packed(lines: readonly string[]): readonly (readonly string[])[] {
  const sections: string[][] = [];
  for (const line of lines) {
    const last = sections.at(-1);
    if (last !== undefined && [...last, line].join('\n').length <= SECTION) last.push(line);
    else sections.push([line]);
  }
  return sections;
}

const large = (lines: readonly string[]): Block => ({ type: 'section', text: markdown(lines.join('\n')) });

const small = (phrases: readonly Phrase[]): Block => ({
  type: 'context',
  elements: [markdown(phrases.map(toMrkdwn).join('\n'))],
});

const markdown = (text: string): Markdown => ({ type: 'mrkdwn', text, verbatim: true });
