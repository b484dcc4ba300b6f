import { asRead } from '../deliveries.ts';
import type { Mail } from '../inbox.ts';
import type { SlackBlock, SlackPost } from '../slack-endpoint.ts';
import { type Page, quoted, wrapped } from './paint.ts';

/** A Slack message about as Slack shows it. */
export function slackNotice(post: SlackPost, { width, paint }: Page): string {
  const lines = post.blocks.flatMap((block) => blockLines(block, width - 6, paint));
  while (lines.at(-1) === '') lines.pop();
  return [`  ${paint.bold(`Slack ${post.channel}`)}`, quoted(lines, paint.magenta('┃'))].join('\n');
}

function blockLines({ type, text }: SlackBlock, width: number, paint: Page['paint']): string[] {
  switch (type) {
    case 'header':
      return [paint.bold(asRead(text)), ''];
    case 'divider':
      return [paint.dim('─'.repeat(Math.min(width, 40)))];
    case 'context':
      return [...formattedLines(text, width, paint).map((line) => paint.dim(line)), ''];
    case 'section':
      return [...sectionLines(text, width, paint), ''];
  }
}

/** Commands stay on one line, however long: they are there to be copied. */
function sectionLines(text: string, width: number, paint: Page['paint']): string[] {
  return text.split('```').flatMap((part, at) => {
    if (at % 2 === 1) return [`  ${paint.cyan(asRead(part))}`];
    const words = part.replace(/^\n|\n$/g, '');
    return words === '' ? [] : formattedLines(words, width, paint);
  });
}

const NO_BREAK = '\u00a0';

/** Slack's *strong* and `code`, which stay together when lines are broken. */
function formattedLines(mrkdwn: string, width: number, paint: Page['paint']): string[] {
  const together = asRead(mrkdwn).replaceAll(/\*[^*\n]+\*/g, (words) => words.replaceAll(' ', NO_BREAK));
  return wrapped(together, width).map((line) =>
    line
      .replaceAll(/(^|[\s(])\*([^*]+)\*/g, (_, before: string, words: string) => `${before}${paint.bold(words)}`)
      .replaceAll(/`([^`]+)`/g, (_, words: string) => paint.cyan(words))
      .replaceAll(NO_BREAK, ' '),
  );
}

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
