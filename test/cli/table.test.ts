import picocolors from 'picocolors';
import { type Column, table } from '../../cli/table.ts';

interface Row {
  readonly name: string;
  readonly text: string;
}

const name: Column<Row> = { title: 'NAME', text: (row) => row.name };
const text: Column<Row> = { title: 'TEXT', text: (row) => row.text, wraps: true };
const screen = (width: number | undefined) => ({ width, paint: picocolors.createColors(false) });
const long = 'word '.repeat(20).trim();

describe('a table', () => {
  test('without a screen keeps each row on one line', () => {
    expect(table([name, text], [{ name: 'a', text: long }], screen(undefined))).toBe(`NAME  TEXT\na     ${long}`);
  });

  test('wraps what may be wrapped to the width of the screen', () => {
    const lines = table([name, text], [{ name: 'a', text: long }], screen(40)).split('\n');
    expect(lines).toEqual([
      'NAME  TEXT',
      'a     word word word word word word word',
      '      word word word word word word word',
      '      word word word word word word',
    ]);
  });

  test('cuts nothing off: a word longer than its column goes on in the next line', () => {
    const word = 'abcdefghij'.repeat(5);
    const drawn = table([name, text], [{ name: 'a', text: word }], screen(30));
    expect(drawn.replaceAll(/^(NAME|a)? *|TEXT|\n/gm, '')).toBe(word);
  });

  test('never wraps a column of IDs, however narrow the screen', () => {
    const rows = [{ name: 'AKIAFAKE000000000001', text: long }];
    expect(table([name, text], rows, screen(20))).toContain('AKIAFAKE000000000001');
  });

  test('shares the room between wrapped columns by what they need', () => {
    const other: Column<Row> = { title: 'SHORT', text: () => 'short', wraps: true };
    const [, first] = table([other, text], [{ name: 'a', text: long }], screen(40)).split('\n');
    expect(first).toBe('short  word word word word word word');
  });

  test('where it is too narrow sets rows under shared headings, which are not cut off either', () => {
    const rows = [
      { name: 'n'.repeat(64), text: 'one' },
      { name: 'n'.repeat(64), text: 'two' },
      { name: 'other', text: 'three' },
    ];
    const id: Column<Row> = { title: 'ID', text: () => 'AKIAFAKE000000000001' };
    const narrow = { columns: [id, text], heading: (row: Row) => `${row.name} (owner: nobody)` };
    const lines = table([name, id, text], rows, screen(80), narrow).split('\n');
    expect(lines.join('')).toContain('n'.repeat(64));
    expect(lines.filter((line) => line.includes('nobody'))).toHaveLength(2);
    expect(lines.at(-1)).toBe('  AKIAFAKE000000000001  three');
  });

  test('lets no control characters through', () => {
    expect(table([name, text], [{ name: 'a\u001b[31m', text: 'b\r\nc\u009b' }], screen(undefined))).toBe(
      'NAME    TEXT\na [31m  b c',
    );
  });
});
