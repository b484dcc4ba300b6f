import type { Chapter, Entry, Notice, Section } from './compose.ts';
import { type Phrase, toPlain } from './phrase.ts';

/** The notice as plain text, for mail and whatever else takes no markup. */
export function renderText(notice: Notice): string {
  return [
    ...(notice.greeting === undefined ? [] : [toPlain(notice.greeting)]),
    ...notice.chapters.flatMap(chapter),
    ['--', ...notice.footer.map(toPlain)].join('\n'),
  ].join('\n\n');
}

const chapter = ({ preface, sections }: Chapter): readonly string[] => [
  ...(preface.length === 0 ? [] : [lines(preface)]),
  ...sections.flatMap(section),
];

function section({ heading, entries, advice }: Section): readonly string[] {
  const title = entries.length === 1 ? heading : `${heading} (${entries.length})`;
  return [
    `${title}\n${'-'.repeat(title.length)}`,
    ...entries.map(entry),
    ...(advice.length === 0 ? [] : [lines(advice)]),
  ];
}

const entry = ({ title, lines: facts, commands }: Entry): string =>
  [
    toPlain(title),
    ...facts.map((fact) => `  ${toPlain(fact)}`),
    ...commands.flatMap(({ tool, line }) => ['', `  ${tool}:`, `    ${line}`]),
  ].join('\n');

const lines = (phrases: readonly Phrase[]): string => phrases.map(toPlain).join('\n');
