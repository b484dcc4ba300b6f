import { escapeHtml } from '../escape.ts';
import type { Command } from './commands.ts';
import type { Chapter, Notice } from './compose.ts';
import { darkMode, style } from './html-style.ts';
import { type Phrase, toPlain } from './phrase.ts';
import type { Entry, Group, Section } from './sections.ts';

/**
 * The notice as an HTML document for mail: tables and inline styles, as Outlook needs them; nothing is loaded, nothing
 * runs. By hand: of a mail library it would use an escape and five tags, and every one is larger than all of this.
 */
export const renderHtml = (notice: Notice): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="supported-color-schemes" content="light dark">',
    // No mail program is to make links of dates, IDs and the like.
    '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">',
    `<title>${escapeHtml(notice.subject)}</title>`,
    `<style>${darkMode}</style>`,
    '</head>',
    `<body class="page" style="${style.page}">`,
    `<div style="${style.preheader}">${escapeHtml(preheaderOf(notice))}</div>`,
    table(`<tr><td align="center" style="${style.outer}">`),
    `<table role="presentation" class="card" cellpadding="0" cellspacing="0" border="0" style="${style.card}">`,
    row(style.first, `<h1 style="${style.subject}">${escapeHtml(notice.subject.replace('[Keyturn] ', ''))}</h1>`),
    ...(notice.greeting === undefined ? [] : [row(style.row, paragraph(notice.greeting, style.paragraph))]),
    ...(notice.summary === undefined ? [] : [row(style.row, paragraph(notice.summary, style.summary))]),
    ...notice.chapters.flatMap(chapter),
    `<tr><td class="line" style="${style.last}">${notice.footer.map(soft).join('')}</td></tr>`,
    '</table>',
    '</td></tr></table>',
    '</body>',
    '</html>',
    '',
  ].join('\n');

/** What a list of messages shows beside the subject. */
function preheaderOf({ summary, chapters }: Notice): string {
  const [first] = chapters.flatMap(({ sections }) => sections.flatMap(({ groups }) => groups.flatMap(firstLines)));
  return toPlain(summary ?? first ?? []);
}

const firstLines = ({ entries }: Group): readonly Phrase[] => entries.flatMap(({ lines }) => lines.slice(0, 1));

const chapter = ({ preface, sections }: Chapter): readonly string[] => [
  ...(preface.length === 0
    ? []
    : [row(style.row, preface.map((phrase) => paragraph(phrase, style.paragraph)).join(''))]),
  ...sections.map(section),
];

function section({ heading, count, act, groups, several, commands, advice }: Section): string {
  const title = count === 1 ? heading : `${heading} (${count})`;
  const body = [
    `<h2 style="${style.heading}">${escapeHtml(title)}</h2>`,
    ...groups.map(group),
    ...several.map((phrase) => paragraph(phrase, style.paragraph)),
    ...commands.map(command),
    ...advice.map(soft),
  ];
  const inside = `<tr><td class="${act ? 'act' : 'calm'}" style="${act ? style.act : style.calm}">${body.join('\n')}</td></tr>`;
  return row(style.row, `${table(inside)}</table>`);
}

const group = ({ title, entries }: Group): string =>
  [...(title === undefined ? [] : [paragraph(title, style.group)]), ...entries.map(entry)].join('\n');

const entry = ({ title, lines, commands }: Entry): string =>
  [
    `<div style="${style.entry}">`,
    paragraph(title, style.title),
    ...lines.map((line) => paragraph(line, style.paragraph)),
    ...commands.map(command),
    '</div>',
  ].join('\n');

const command = ({ tool, line }: Command): string =>
  [
    `<p class="soft" style="${style.tool}">${escapeHtml(tool)}</p>`,
    table(`<tr><td class="cmd" style="${style.command}">${escapeHtml(line)}</td></tr>`),
    '</table>',
  ].join('');

const paragraph = (phrase: Phrase, look: string): string => `<p style="${look}">${inline(phrase)}</p>`;

const soft = (phrase: Phrase): string => `<p class="soft" style="${style.soft}">${inline(phrase)}</p>`;

const row = (look: string, inside: string): string => `<tr><td style="${look}">${inside}</td></tr>`;

/** Opens a table that is there for the layout only. */
function table(inside: string): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${inside}`;
}

const inline = (phrase: Phrase): string =>
  phrase
    .map((span) => {
      if (typeof span === 'string') return escapeHtml(span);
      if ('link' in span) return `<a href="${escapeHtml(span.link)}">${escapeHtml(span.link)}</a>`;
      return 'code' in span
        ? `<code style="${style.code}">${escapeHtml(span.code)}</code>`
        : `<strong>${escapeHtml(span.strong)}</strong>`;
    })
    .join('');
