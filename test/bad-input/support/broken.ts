import * as fc from 'fast-check';

/** Something that is no longer what it should be, and the name of the field that is to blame, if a single one is. */
export interface Broken {
  readonly wrong: unknown;
  readonly field?: string;
}

/** Whatever somebody may put where something else belongs. JSON knows neither undefined nor functions. */
export const anyRubbish: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, true, 0, -1, '', 'null', '{}', [], {}, [[]], { length: 1 }, '\u0000', 'a'.repeat(5_000)),
);

type Fields = object;

/** What fits in no field that holds a text, a whole number or an object. */
const misfits: fc.Arbitrary<unknown> = fc.constantFrom(null, true, -1.5, []);
/** What fits in none that holds an identifier, a time or a choice. */
const badTexts: fc.Arbitrary<unknown> = fc.constantFrom('', ' ', '\u0000', 'not what belongs here!');
const freeTexts: ReadonlySet<string> = new Set(['actor', 'userPath']);

export interface Reading {
  /** Fields that nobody reads. */
  readonly ignored?: readonly string[];
  /** Fields that may be missing. */
  readonly optional?: readonly string[];
  /** Fields that may hold any text, beside those that hold no text. */
  readonly free?: readonly string[];
  /** How a value is written. */
  readonly written?: (value: unknown) => unknown;
}

/** The object with one of its fields lost, or replaced by what does not fit there, or something else altogether. */
export function anyBrokenVersionOf(good: Fields, reading: Reading = {}): fc.Arbitrary<Broken> {
  const { ignored = [], optional = [], free = [], written = (value) => value } = reading;
  const names = Object.keys(good).filter((name) => !ignored.includes(name));
  const without = (lost: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== lost));
  const lost = fc
    .constantFrom(...names.filter((name) => !optional.includes(name)))
    .map((field): Broken => ({ wrong: without(field), field }));
  const replaced = (values: fc.Arbitrary<unknown>, fields: readonly string[]) =>
    fc
      .tuple(fc.constantFrom(...fields), values)
      .map(([field, value]): Broken => ({ wrong: { ...good, [field]: written(value) }, field }));
  const texts = names.filter((name) => !free.includes(name) && !freeTexts.has(name));
  const other = anyRubbish.filter((value) => !isWhole(value, names)).map((wrong): Broken => ({ wrong }));
  return fc.oneof(lost, replaced(misfits, names), replaced(badTexts, texts), other);
}

const isWhole = (value: unknown, names: readonly string[]): boolean =>
  typeof value === 'object' && value !== null && names.every((name) => name in value);
