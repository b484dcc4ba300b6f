import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import picocolors from 'picocolors';
import type { Cli } from '../../cli/perform.ts';
import { makeProgram } from '../../cli/program.ts';
import { FakeClock } from '../support/fake-clock.ts';

const page = readFileSync(join(__dirname, '../../docs/auditors.md'), 'utf8');
const commands = [...page.matchAll(/(?:^|`)keyturn ([^`\n]+)/gm)].map(([, words = '']) =>
  words.replace(/ > .*$/, '').trim(),
);

const unused = (): never => {
  throw new Error('nothing is run here');
};
const cli: Cli = {
  terminal: {
    screen: { width: 80, paint: picocolors.createColors(false) },
    out: unused,
    stream: unused,
    page: unused,
    err: unused,
    ask: unused,
  },
  connect: unused,
  clock: new FakeClock(),
  version: '0.1.0',
};

/** The verb that the words begin with, and the flags that follow. */
function understood(words: string): { readonly verb: Command; readonly unknown: readonly string[] } {
  let verb: Command = makeProgram(cli);
  const rest = words.split(/\s+/);
  for (;;) {
    const next = verb.commands.find((command) => command.name() === rest[0]);
    if (next === undefined) break;
    verb = next;
    rest.shift();
  }
  const known = [...verb.options, ...(verb.parent?.options ?? [])].map(({ long }) => long);
  return { verb, unknown: rest.filter((word) => word.startsWith('--') && !known.includes(word)) };
}

// Fails when a command or a flag is renamed and the auditors' page still tells the old one.
test.each(commands)('the page tells of a command that there is: keyturn %s', (words) => {
  const { verb, unknown } = understood(words);
  expect(verb.name()).not.toBe('keyturn');
  expect(unknown).toEqual([]);
});

test('the page answers with at least ten commands', () => {
  expect(new Set(commands).size).toBeGreaterThanOrEqual(10);
});
