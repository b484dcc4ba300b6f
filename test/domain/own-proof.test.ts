import type { LastUse } from '../../lambda/domain/facts.ts';
import { ownersUse, withOwnersUses } from '../../lambda/domain/own-proof.ts';
import type { IsoTime } from '../../lambda/domain/time.ts';
import { blankTracking } from '../../lambda/domain/tracking.ts';
import { withMade } from '../../lambda/domain/tracking-changes.ts';
import { aPolicy, aRetirement, at, aUser, keyId } from '../support/builders.ts';
import { decisionOn, keyMade, kindsOn, reportedUsed, retiring, stepsOn, used } from './support/deciding.ts';

const key = keyMade('2026-01-01T06:00:20Z', 2);
const made = { ...blankTracking, made: [keyId(2)] };
const use = (on: IsoTime, service = 'sts'): LastUse => ({ kind: 'used', at: at(on), service, region: 'us-east-1' });

describe("Keyturn's own proof of a key that it made", () => {
  test.each<[string, IsoTime, string]>([
    ['a moment more than 15 minutes before the key, which is no proof', '2026-01-01T05:45:19.999Z', 'used'],
    ['15 minutes before it, as AWS cuts times short', '2026-01-01T05:45:20Z', 'never'],
    ['the minute of its creation, as reports may have it', '2026-01-01T06:00:00Z', 'never'],
    ['a moment after it', '2026-01-01T06:00:31Z', 'never'],
    ['a moment before 15 minutes have passed', '2026-01-01T06:15:19.999Z', 'never'],
    ['when 15 minutes have passed', '2026-01-01T06:15:20Z', 'used'],
  ])('used %s', (_when, on, kind) => {
    expect(ownersUse(use(on), key, made).kind).toBe(kind);
  });

  test('is one by STS alone', () => {
    expect(ownersUse(use('2026-01-01T06:00:31Z', 's3'), key, made)).toEqual(use('2026-01-01T06:00:31Z', 's3'));
  });

  test('is none of a key that somebody else made: that was its owner', () => {
    const somebodys = use('2026-01-01T06:00:31Z');
    expect(ownersUse(somebodys, key, blankTracking)).toBe(somebodys);
    const byHand = retiring(aRetirement({ keyId: keyId(1), why: 'replaced-by-hand', successorKeyId: keyId(2) }));
    expect(ownersUse(somebodys, key, byHand)).toBe(somebodys);
  });

  test('may be what the report tells without a service: then nothing is known', () => {
    const told = (on: IsoTime, n: number) => {
      const reported = keyMade('2026-01-01T06:00:20Z', n, reportedUsed(on, 'N/A', 'N/A'));
      return withOwnersUses(aUser({ keys: [reported] }), made).keys[0]?.reportedUse;
    };
    expect(told('2026-01-01T06:00:31Z', 2)).toBeUndefined();
    expect(told('2026-01-01T06:15:20Z', 2)).toMatchObject({ kind: 'used' });
    expect(told('2026-01-01T06:00:31Z', 3)).toMatchObject({ kind: 'used' });
  });

  test('shows in an older record by the key that it replaced', () => {
    const tracking = retiring(aRetirement({ keyId: keyId(1), why: 'rotated', successorKeyId: keyId(2) }));
    expect(ownersUse(use('2026-01-01T06:00:31Z'), key, tracking)).toEqual({ kind: 'never' });
  });

  test.each<LastUse>([{ kind: 'never' }, { kind: 'unread' }])('leaves $kind as it is', (known) => {
    expect(ownersUse(known, key, made)).toBe(known);
  });
});

describe('a key that Keyturn alone ever touched', () => {
  const due = '2026-04-01T06:00:20Z';
  const proved = used('2026-01-01T06:00:31Z', 'sts', 'us-east-1');

  test('retires without a successor where the policy says so', () => {
    const policy = aPolicy({ neverUsed: 'retire' });
    expect(kindsOn(due, { keys: [{ ...key, ...proved }], tracking: made, policy })).toEqual([
      'start-retirement never-used',
    ]);
    // Whether it was used at all is asked for all the same.
    expect(decisionOn(due, { keys: [key], tracking: made, policy }).kind).toBe('look-up');
  });

  test('is rotated without a word on its last use', () => {
    const reported = reportedUsed('2026-01-01T06:00:31Z', 'sts', 'us-east-1');
    const [step] = stepsOn(due, { keys: [{ ...key, ...reported }], tracking: made });
    expect(step).toMatchObject({ kind: 'rotate', keyId: keyId(2) });
    expect(step).not.toHaveProperty('lastUse');
  });

  test('is the one of two that goes first', () => {
    const other = keyMade('2025-12-01T00:00:00Z', 1, used('2025-12-02T00:00:00Z'));
    const [step] = stepsOn(due, { keys: [other, { ...key, ...proved }], tracking: made });
    expect(step).toMatchObject({ kind: 'start-retirement', keyId: keyId(2), reason: 'both-due' });
  });
});

test('keys that went are no longer remembered as made', () => {
  const present = [{ keyId: keyId(2) }, { keyId: keyId(5) }];
  expect(withMade({ ...blankTracking, made: [keyId(1), keyId(2)] }, keyId(3), present).made).toEqual([
    keyId(2),
    keyId(3),
  ]);
});
