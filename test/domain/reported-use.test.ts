import type { KeyFacts } from '../../lambda/domain/facts.ts';
import type { ReportedKey } from '../../lambda/domain/inventory.ts';
import { lastKnownUse, lastUseOf, withReportedUse } from '../../lambda/domain/reported-use.ts';
import { aKey, at, aUser, keyId } from '../support/builders.ts';

const never = { kind: 'never' } as const;
const s3 = { kind: 'used', at: at('2026-03-01T10:00:00Z'), service: 's3', region: 'eu-central-1' } as const;

const reported = (lastRotated: string | undefined, lastUse?: ReportedKey['lastUse']): ReportedKey => ({
  active: true,
  ...(lastRotated === undefined ? {} : { lastRotated: at(lastRotated) }),
  ...(lastUse && { lastUse }),
});
const listed = (n: number, createdAt: string): KeyFacts => aKey({ keyId: keyId(n), createdAt: at(createdAt) });

/** What each key is reported to be used for. */
const attributed = (keys: readonly KeyFacts[], rows: readonly ReportedKey[] | undefined) =>
  withReportedUse(aUser({ keys }), rows).keys.map(({ reportedUse }) => reportedUse);

describe('which key of the report is which', () => {
  test('each is the one that was made when it says, whatever their order', () => {
    const keys = [listed(1, '2026-01-01T00:00:00Z'), listed(2, '2026-02-01T00:00:00Z')];
    const rows = [reported('2026-02-01T00:00:00Z', never), reported('2026-01-01T00:00:00Z', s3)];
    expect(attributed(keys, rows)).toEqual([s3, never]);
  });

  test('to the second: where keys are dated finer than the report, and the other way round', () => {
    expect(attributed([listed(1, '2026-01-01T00:00:00.999Z')], [reported('2026-01-01T00:00:00Z', s3)])).toEqual([s3]);
    expect(attributed([listed(1, '2026-01-01T00:00:00Z')], [reported('2026-01-01T00:00:00.999Z', s3)])).toEqual([s3]);
  });

  test.each([
    ['a second before', '2026-01-01T00:00:04.999Z'],
    ['a second after', '2026-01-01T00:00:06Z'],
  ])('%s it was made is not when it was made', (_when, lastRotated) => {
    expect(attributed([listed(1, '2026-01-01T00:00:05Z')], [reported(lastRotated, s3)])).toEqual([undefined]);
  });

  test('a key whose status was changed since is none that the report knows; the other one is', () => {
    const keys = [listed(1, '2026-01-01T00:00:00Z'), listed(2, '2026-02-01T00:00:00Z')];
    const rows = [reported('2026-03-01T00:00:00Z', s3), reported('2026-02-01T00:00:00Z', never)];
    expect(attributed(keys, rows)).toEqual([undefined, never]);
  });

  test('two keys in the report that both may be it: neither is', () => {
    const rows = [reported('2026-01-01T00:00:00Z', s3), reported('2026-01-01T00:00:00Z', never)];
    expect(attributed([listed(1, '2026-01-01T00:00:00Z')], rows)).toEqual([undefined]);
  });

  test('two keys made in the same second: neither is known', () => {
    const keys = [listed(1, '2026-01-01T00:00:00.100Z'), listed(2, '2026-01-01T00:00:00.900Z')];
    expect(attributed(keys, [reported('2026-01-01T00:00:00Z', s3), reported(undefined)])).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('a key that is newer than the report is not in it', () => {
    const keys = [listed(1, '2026-01-01T00:00:00Z'), listed(2, '2026-02-01T00:00:00Z')];
    expect(attributed(keys, [reported('2026-01-01T00:00:00Z', s3), reported(undefined)])).toEqual([s3, undefined]);
  });

  test('what the report does not say nobody knows', () => {
    expect(attributed([listed(1, '2026-01-01T00:00:00Z')], [reported('2026-01-01T00:00:00Z')])).toEqual([undefined]);
    expect(attributed([listed(1, '2026-01-01T00:00:00Z')], undefined)).toEqual([undefined]);
  });
});

describe('the last use that is known', () => {
  const reportedUse = s3;

  test('is what was read, before what the report says', () => {
    expect(lastKnownUse(aKey({ lastUse: never, reportedUse }))).toEqual(never);
    expect(lastKnownUse(aKey({ lastUse: { kind: 'unread' }, reportedUse }))).toEqual(s3);
    expect(lastKnownUse(aKey({ lastUse: { kind: 'unread' } }))).toBeUndefined();
  });

  test('of a pretended key is none', () => {
    expect(lastKnownUse(aKey({ lastUse: s3, pretended: true }))).toBeUndefined();
  });

  test('is told without its kind, and only where there was one', () => {
    const { kind: _, ...use } = s3;
    expect(lastUseOf(aKey({ reportedUse }))).toEqual({ lastUse: use });
    expect(lastUseOf(aKey({ reportedUse: never }))).toEqual({});
    expect(lastUseOf(undefined)).toEqual({});
  });
});
