import fc from 'fast-check';
import { outsideTheRise } from '../../lambda/workflows/outside-the-rise.ts';

const letters = (text: string): string[] => [...text];

test.each<[string, string, number[]]>([
  ['nothing', '', []],
  ['one', 'a', []],
  ['all in order', 'abcdef', []],
  ['the last at the front', 'fabcde', [0]],
  ['the first at the end', 'bcdefa', [5]],
  ['one further back', 'acdbef', [3]],
  ['one further ahead', 'aebcdf', [1]],
  ['a block', 'adebcf', [1, 2]],
  ['turned round', 'dcba', [0, 1, 2]],
])('%s: %s', (_, text, places) => {
  expect(outsideTheRise(letters(text))).toEqual(places);
});

test('one of two that are the same is outside', () => {
  expect(outsideTheRise(letters('abbc'))).toHaveLength(1);
  expect(outsideTheRise(letters('cabcd'))).toEqual([0]);
});

test('what is left rises, and no longer run could have been left', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...letters('abcdefgh')), { maxLength: 9 }), (keys) => {
      const outside = new Set(outsideTheRise(keys));
      const left = keys.filter((_, place) => !outside.has(place));
      expect(left).toEqual([...new Set(left)].toSorted());
      expect(left).toHaveLength(longestRise(keys));
    }),
  );
});

/** By trying every choice. */
function longestRise(keys: readonly string[], above = ''): number {
  const [first, ...rest] = keys;
  if (first === undefined) return 0;
  const without = longestRise(rest, above);
  return first > above ? Math.max(without, 1 + longestRise(rest, first)) : without;
}
