import { escapeMrkdwn } from '../escape.ts';

/**
 * One piece of a sentence: plain, an identifier or command (`code`), what the eye should find (`strong`), or an address to
 * follow (`link`), which the settings give and nobody else: it is not escaped in Slack, and has no `|`, `<` or `>`.
 */
export type Span = string | { readonly code: string } | { readonly strong: string } | { readonly link: string };

/** A sentence or short paragraph, not yet in any channel's markup. */
export type Phrase = readonly Span[];

export const code = (text: string): Span => ({ code: text });
export const strong = (text: string): Span => ({ strong: text });
export const link = (url: string): Span => ({ link: url });

export const toPlain = (phrase: Phrase): string => phrase.map(textOf).join('');

/** Slack's markup. Every piece is escaped: nothing that people named can become a link, a mention or a format of ours. */
export const toMrkdwn = (phrase: Phrase): string =>
  phrase
    .map((span) => {
      if (typeof span === 'string') return unformatted(escapeMrkdwn(span));
      if ('code' in span) return `\`${escapeMrkdwn(span.code).replaceAll('`', LOOKALIKES['`'])}\``;
      if ('link' in span) return `<${escapeMrkdwn(span.link)}>`;
      return `*${unformatted(escapeMrkdwn(span.strong))}*`;
    })
    .join('');

/** Slack has no escapes for the characters that format, so they are replaced by characters that look like them. */
const LOOKALIKES = { '*': '\u2217', _: '\u02CD', '~': '\u223C', '`': '\u02CB' } as const;

const unformatted = (text: string): string =>
  text
    .replaceAll('*', LOOKALIKES['*'])
    .replaceAll('~', LOOKALIKES['~'])
    .replaceAll('`', LOOKALIKES['`'])
    // Within a word it formats nothing.
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, LOOKALIKES._);

/** Longest quotation of a text that people or other systems wrote. */
const QUOTED = 300;

/**
 * A text that somebody else wrote (an error, a reason, a name), fit to be quoted: on one line, of bounded length, and
 * without anything as long and plain as a secret access key (40 letters, digits, `/` and `+`).
 */
export function quote(text: string, longest: number = QUOTED): string {
  const line = text
    .replace(/[A-Za-z0-9/+]{40,}/g, '[removed]')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  // By characters, not code units: half a character is no valid text, and SNS refuses a message for it.
  const characters = [...line];
  return characters.length <= longest
    ? line
    : `${characters
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`;
}

function textOf(span: Span): string {
  if (typeof span === 'string') return span;
  if ('link' in span) return span.link;
  return 'code' in span ? span.code : span.strong;
}
