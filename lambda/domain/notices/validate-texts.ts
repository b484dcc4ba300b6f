import { escapeMrkdwn } from '../escape.ts';
import { catalogue, isTextId, placeholdersOf, type TextId } from './texts/catalogue.ts';
import type { TextOverrides } from './words.ts';

/** Something that is wrong with one text of an override, as a sentence for whoever wrote it. */
export interface TextMistake {
  readonly id: string;
  readonly message: string;
}

/** What somebody has to know: dates, the key to use, where it is, and what went wrong. */
const MANDATORY: ReadonlySet<string> = new Set([
  ...['day', 'rotateAt', 'disableAt', 'deleteAt', 'expiresAt', 'until'],
  ...['newKey', 'oldKey', 'key', 'user', 'account', 'secret', 'placeholder', 'use', 'oldUse'],
  ...['reason', 'why', 'error', 'match', 'approver', 'actor', 'things', 'count', 'days'],
]);

/** Characters that a text may have, as Slack counts them: with `&`, `<` and `>` escaped. */
const LONGEST = { subject: 50, heading: 60, other: 500 } as const;

/** Every mistake in these overrides; none: they can be used. */
export const validateTexts = (overrides: TextOverrides): readonly TextMistake[] =>
  Object.entries(overrides).flatMap(([id, text]) =>
    (isTextId(id) ? mistakesIn(id, text) : [unknown(id)]).map((message) => ({ id, message })),
  );

function mistakesIn(id: TextId, text: string): readonly string[] {
  const known = placeholdersOf(catalogue[id]);
  const used = placeholdersOf(text);
  const left = known.filter((name) => MANDATORY.has(name) && !used.includes(name));
  const strange = used.filter((name) => !known.includes(name));
  const longest = limitOf(id);
  const length = escapeMrkdwn(text).length;
  return [
    ...(text.trim() === '' ? ['is empty: leave it out to keep the text that Keyturn has'] : []),
    ...(/[\p{C}\u2028\u2029]/u.test(text)
      ? ['has a line break or another control character: write it on one line']
      : []),
    ...strange.map((name) => `has the unknown placeholder {${name}}: ${knownPlaceholders(known)}`),
    ...(/[{}]/.test(text.replace(/\{[^{}]*\}/g, '')) ? ['has a brace without its counterpart'] : []),
    ...left.map((name) => `leaves out {${name}}, which whoever reads it has to know`),
    ...(length > longest
      ? [`is ${length} characters long (& < > count as Slack writes them); at most ${longest}`]
      : []),
    ...(isInSubject(id) && /[^ -~]/.test(text)
      ? ['stands in the subject, which takes plain ASCII characters only']
      : []),
  ];
}

function knownPlaceholders(known: readonly string[]): string {
  if (known.length === 0) return 'this text has none';
  return `this text has ${known.map((name) => `{${name}}`).join(', ')}`;
}

const isSubject = (id: string): boolean => /\.subject(\.|$)/.test(id);
const isHeading = (id: string): boolean => id.endsWith('.heading');

/** A heading is the subject of a message where there is no other. */
const isInSubject = (id: string): boolean => isSubject(id) || isHeading(id);

function limitOf(id: string): number {
  if (isSubject(id)) return LONGEST.subject;
  return isHeading(id) ? LONGEST.heading : LONGEST.other;
}

/** How many IDs a mistyped one is answered with. */
const SUGGESTIONS = 3;

function unknown(id: string): string {
  const nearest = Object.keys(catalogue)
    .map((known) => ({ known, distance: distanceBetween(id, known) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, SUGGESTIONS)
    .map(({ known }) => known);
  return `is no text of a notice; the nearest are ${nearest.join(', ')} (docs/notices.md lists all)`;
}

/** Levenshtein's: how many characters to add, drop or change. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a.slice(0, 100)].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
