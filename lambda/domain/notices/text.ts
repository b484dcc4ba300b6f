import type { Command } from './commands.ts';
import type { Chapter, Notice } from './compose.ts';
import { type Phrase, toPlain } from './phrase.ts';
import type { Entry, Group, Section } from './sections.ts';

/** The notice as plain text, for mail and whatever else takes no markup. */
export function renderText(notice: Notice): string {
  return [
    ...[notice.greeting, notice.summary].flatMap((phrase) => (phrase === undefined ? [] : [toPlain(phrase)])),
    ...notice.chapters.flatMap(chapter),
    ['--', ...notice.footer.map(toPlain)].join('\n'),
  ].join('\n\n');
}

const chapter = ({ preface, sections }: Chapter): readonly string[] => [
  ...(preface.length === 0 ? [] : [lines(preface)]),
  ...sections.flatMap(section),
];

function section({ heading, count, groups, several, commands, advice }: Section): readonly string[] {
  const title = count === 1 ? heading : `${heading} (${count})`;
  return [
    `${title}\n${'-'.repeat(title.length)}`,
    ...groups.flatMap(group),
    ...(several.length + commands.length === 0
      ? []
      : [[...several.map(toPlain), ...commands.flatMap(command)].join('\n')]),
    ...(advice.length === 0 ? [] : [lines(advice)]),
  ];
}

const group = ({ title, entries }: Group): readonly string[] => [
  ...(title === undefined ? [] : [toPlain(title)]),
  ...entries.map(entry),
];

const entry = ({ title, lines: facts, commands }: Entry): string =>
  [toPlain(title), ...facts.map((fact) => `  ${toPlain(fact)}`), ...commands.flatMap(command)].join('\n');

const command = ({ tool, line }: Command): readonly string[] => ['', `  ${tool}:`, `    ${line}`];

const lines = (phrases: readonly Phrase[]): string => phrases.map(toPlain).join('\n');
