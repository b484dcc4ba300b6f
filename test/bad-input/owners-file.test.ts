import * as fc from 'fast-check';
import { readOwnersFile } from '../../cli/owners-file.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const RUNS = { numRuns: 1_000, seed: 20_260_101 };

const rows = [
  'owner,name,email,slack_channel,sns_topic,time_zone,account,user,name_pattern,path_pattern',
  'payments,Payments,pay@example.com,#payments,,Europe/Berlin,111122223333,ci-deploy,,',
  'payments,,,,,,,"a_b+c=d,e.f@g-h",,',
  'platform,"Platform, the ""team""",,,arn:aws:sns:eu-central-1:111122223333:platform,,*,,,/platform/*',
  'search,"Search\nand more",search@example.com,,,UTC,444455556666,,ci-*,',
];
const good = rows.join('\n');

/** What may happen to a file on its way through spreadsheets, mail and hands. */
const damage: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(fc.nat({ max: good.length }), fc.constantFrom('"', ',', ';', '\n', '\r', '\t', '\u0000', '*', '=', "'"))
    .map(([at, intruder]) => good.slice(0, at) + intruder + good.slice(at)),
  fc
    .tuple(fc.nat({ max: good.length }), fc.nat({ max: 40 }))
    .map(([at, size]) => good.slice(0, at) + good.slice(at + size)),
  fc.nat({ max: good.length }).map((at) => good.slice(0, at)),
  fc.shuffledSubarray(rows).map((some) => some.join('\n')),
  fc.string({ unit: fc.constantFrom(...'owner,name;"\n\t=*#@.'), maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

describe('an owners file that is damaged in any way', () => {
  // Fails when a file makes the reader throw, or a mistake does not say where it is and what is wrong.
  test('is read to its end, and every mistake names its line and says what is wrong', () => {
    fc.assert(
      fc.property(damage, (text) => {
        const { mistakes } = readOwnersFile(bytes(text));
        const lines = text.split('\n').length;
        for (const { line, problem } of mistakes) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines);
          expect(problem.length).toBeGreaterThan(10);
        }
      }),
      RUNS,
    );
  });

  // Fails when something is let through that the table, or a notice, could not make sense of.
  test('gives, if it has no mistake, only owners who can be reached and assignments to them', () => {
    fc.assert(
      fc.property(damage, (text) => {
        const { mistakes, owners, assignments } = readOwnersFile(bytes(text));
        if (mistakes.length > 0) return;
        for (const { name, email, slackChannel, snsTopicArn } of owners) {
          expect(name).not.toBe('');
          expect(email ?? slackChannel ?? snsTopicArn ?? '').not.toBe('');
        }
        const known = new Set(owners.map(({ id }) => id));
        for (const { ownerId } of assignments) expect(known).toContain(ownerId);
      }),
      RUNS,
    );
  });

  // Fails when bytes that are no text are read as if they were.
  test('and is no text at all, is refused as a whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (content) => {
        const broken = new Uint8Array([...bytes('owner,name\n'), 0xff, ...content]);
        const { owners, assignments, mistakes } = readOwnersFile(broken);
        expect([...owners, ...assignments]).toEqual([]);
        expect(mistakes[0]?.problem).toContain('not UTF-8');
      }),
      { ...RUNS, numRuns: 100 },
    );
  });
});
