import type { Mail } from '../inbox.ts';
import { unescape } from '../deliveries.ts';
import type { SlackBlock, SlackPost } from '../slack-endpoint.ts';
import { type Page, quoted, wrapped } from './paint.ts';

/** A Slack message about as Slack shows it. */
export function slackNotice(post: SlackPost, { width, paint }: Page): string {
  const lines = post.blocks.flatMap((block) => blockLines(block, width - 6, paint));
  return [`  ${paint.bold(`Slack ${post.channel}`)}`, quoted(lines, paint.magenta('┃'))].join('\n');
}

function blockLines({ type, text }: SlackBlock, width: number, paint: Page['paint']): string[] {
  switch (type) {
    case 'header':
      return [paint.bold(unescape(text)), ''];
    case 'divider':
      return [paint.dim('─'.repeat(Math.min(width, 40)))];
    case 'context':
      return [...wrapped(unescape(text), width).map((line) => paint.dim(formatted(line, paint))), ''];
    case 'section':
      return [...sectionLines(text, width, paint), ''];
  }
}

/** Commands stay on one line, however long: they are there to be copied. */
function sectionLines(text: string, width: number, paint: Page['paint']): string[] {
  return text.split('```').flatMap((part, at) => {
    if (at % 2 === 1) return [`  ${paint.cyan(unescape(part))}`];
    return wrapped(unescape(part.replace(/^\n|\n$/g, '')), width).map((line) => formatted(line, paint));
  });
}

/** Slack's *strong* and `code`. */
const formatted = (line: string, paint: Page['paint']): string =>
  line
    .replaceAll(/(^|[\s(])\*([^*]+)\*/g, (_, before: string, words: string) => `${before}${paint.bold(words)}`)
    .replaceAll(/`([^`]+)`/g, (_, words: string) => paint.cyan(words));

/** A message by SNS as a mail program shows it. */
export function mailNotice(mail: Mail, to: string, { width, paint }: Page): string {
  const lines = [
    `${paint.dim('To:')}      ${to}`,
    `${paint.dim('Subject:')} ${paint.bold(mail.subject)}`,
    '',
    ...mail.text.split('\n').flatMap((line) => (/^ {4}\S/.test(line) ? [paint.cyan(line)] : wrapped(line, width - 6))),
  ];
  return [`  ${paint.bold('E-mail by SNS')}`, quoted(lines, paint.blue('┃'))].join('\n');
}
