/** Credential reports as AWS writes them, and what may become of them on their way. */
import * as fc from 'fast-check';
import { ACCOUNT } from '../../support/builders.ts';
import type { SweepStory } from '../../workflows/support/sweep-story.ts';

const columns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
];

const isoOr = (at: number | undefined): string =>
  at === undefined ? 'N/A' : new Date(at).toISOString().replace(/\.\d+Z$/, '+00:00');

/** The report of the story's account as it is now. */
export async function reportOf(story: SweepStory): Promise<readonly string[]> {
  const report = await story.iam.credentialReport();
  const created = '2020-01-01T00:00:00+00:00';
  const root = `<root_account>,arn:aws:iam::${ACCOUNT}:root,${created},not_supported,no_information,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false`;
  const rows = (report?.users ?? []).map(({ userName, arn, createdAt, keys: [first, second] }) => {
    const quoted = (text: string) => (text.includes(',') ? `"${text}"` : text);
    const key = (one: typeof first) => {
      const used = one?.lastUse?.kind === 'used' ? one.lastUse : undefined;
      const use = [isoOr(used?.at), used?.region ?? 'N/A', used?.service ?? 'N/A'];
      return [String(one?.active ?? false), isoOr(one?.lastRotated), ...use];
    };
    const start = [quoted(userName), quoted(arn), isoOr(createdAt), 'false', 'N/A', 'false'];
    return [...start, ...key(first), ...key(second), 'false'].join(',');
  });
  return [columns.join(','), root, ...rows];
}

/** What becomes of a report's lines. */
export interface Damage {
  readonly what: string;
  readonly done: (lines: readonly string[]) => string;
}

const whole = (lines: readonly string[]): string => lines.join('\n');
const cell = (line: string, at: number, change: (text: string) => string | undefined): string =>
  line
    .split(',')
    .flatMap((text, n) => (n === at ? (change(text) ?? []) : [text]))
    .join(',');

/** `share`: how far into the report, from 0 to 1. */
const damages: readonly ((share: number) => Damage)[] = [
  (share) => ({
    what: 'cut off anywhere',
    done: (lines) => whole(lines).slice(0, Math.floor(whole(lines).length * share)),
  }),
  (share) => ({ what: 'cut off after a row', done: (lines) => whole(lines.slice(0, Math.ceil(lines.length * share))) }),
  (share) => ({
    what: 'without one of its rows',
    done: (lines) => whole(lines.filter((_, n) => n !== placeIn(lines, share))),
  }),
  (share) => ({
    what: 'with a row twice',
    done: (lines) => whole(lines.flatMap((line, n) => (n === placeIn(lines, share) ? [line, line] : [line]))),
  }),
  (share) => ({
    what: 'without one of its columns',
    done: (lines) => whole(lines.map((line) => cell(line, columnAt(share), () => undefined))),
  }),
  (share) => ({
    what: 'with a column of another name',
    done: ([header = '', ...rows]) => whole([cell(header, columnAt(share), (name) => name.toUpperCase()), ...rows]),
  }),
  (share) => ({
    what: 'with new columns',
    done: (lines) =>
      whole(lines.map((line, n) => cell(line, columnAt(share), (text) => `${n === 0 ? 'new_column' : 'x'},${text}`))),
  }),
  (share) => ({
    what: 'with a comma too many in a row',
    done: (lines) =>
      whole(
        lines.map((line, n) =>
          n === placeIn(lines, share) ? cell(line, columnAt(share), (text) => `${text},`) : line,
        ),
      ),
  }),
  (share) => ({
    what: 'with a line break within a row',
    done: (lines) =>
      whole(
        lines.map((line, n) =>
          n === placeIn(lines, share) ? cell(line, columnAt(share), (text) => `${text}\n`) : line,
        ),
      ),
  }),
  (share) => ({
    what: 'with an open quote',
    done: (lines) => whole(lines.map((line, n) => (n === placeIn(lines, share) ? `"${line}` : line))),
  }),
  (share) => ({
    what: 'with rubbish for a value',
    done: (lines) =>
      whole(
        lines.map((line, n) => (n === placeIn(lines, share) ? cell(line, columnAt(share), () => '\u0000?') : line)),
      ),
  }),
  () => ({ what: 'with a byte order mark and CRLF', done: (lines) => `\ufeff${lines.join('\r\n')}\r\n` }),
  () => ({ what: 'without its header', done: ([, ...rows]) => whole(rows) }),
  () => ({ what: 'of the header alone', done: ([header = '']) => header }),
  () => ({ what: 'empty', done: () => '' }),
  () => ({ what: 'an HTML page', done: () => '<html><body>Service unavailable</body></html>' }),
];

const placeIn = (lines: readonly string[], share: number): number =>
  2 + Math.floor(share * Math.max(0, lines.length - 3));
const columnAt = (share: number): number => Math.floor(share * (columns.length - 1));

export const anyDamage: fc.Arbitrary<Damage> = fc
  .tuple(fc.constantFrom(...damages), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([damage, share]) => damage(share));
