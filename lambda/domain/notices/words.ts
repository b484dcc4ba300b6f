import type { Phrase, Span } from './phrase.ts';
import { catalogue, type PlaceholdersOf, type TextId } from './texts/catalogue.ts';

/** Texts of the deployment in place of the catalogue's, by ID; see validateTexts. */
export type TextOverrides = Readonly<Record<string, string>>;

type Value = Span | number | Phrase;
type Values<Id extends TextId> = { readonly [Name in PlaceholdersOf<(typeof catalogue)[Id]>]: Value };

/** The text of that ID with its placeholders filled in, of which the compiler knows the names. */
export type Words = <Id extends TextId>(
  id: Id,
  ...values: [PlaceholdersOf<(typeof catalogue)[Id]>] extends [never] ? [] : [Values<Id>]
) => Phrase;

/** The catalogue's words, but for those that the overrides replace. */
export const wordsWith =
  (overrides: TextOverrides = {}): Words =>
  (id, ...[values]) =>
    filled(Object.hasOwn(overrides, id) ? onOneLine(overrides[id] ?? '') : catalogue[id], values ?? {});

/** What is filled in stays a piece of its own, so that each channel escapes it; an unknown placeholder stays as it is. */
function filled(text: string, values: Readonly<Record<string, Value>>): Phrase {
  return text.split(/(\{[^{}]*\})/).flatMap((piece): Phrase => {
    const name = piece.startsWith('{') ? piece.slice(1, -1) : undefined;
    const value = name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return piece === '' ? [] : [piece];
    if (typeof value === 'number') return [String(value)];
    return isPhrase(value) ? value : [value];
  });
}

const isPhrase = (value: Span | Phrase): value is Phrase => Array.isArray(value);

const onOneLine = (text: string): string => text.replace(/[\p{C}\s]+/gu, ' ').trim();
