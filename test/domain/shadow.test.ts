import { decide } from '../../lambda/domain/decide.ts';
import type { UserFacts } from '../../lambda/domain/facts.ts';
import { presets } from '../../lambda/domain/policy.ts';
import { overlaid, shadowOf, withCreated, withDeleted, withDisabled } from '../../lambda/domain/shadow.ts';
import { blankTracking, type Shadow, type UserRecord } from '../../lambda/domain/tracking.ts';
import { aRecord, aRetirement, aRotation, at, aUser, keyId, userId } from '../support/builders.ts';
import { inactive, keyMade } from './support/deciding.ts';

const old = keyMade('2025-01-01T00:00:00Z', 1);
const user = aUser({ keys: [old] });
const tracking = { ...blankTracking, warned: { [keyId(1)]: 14 } };
const recordWith = (shadow: Shadow, overrides: Partial<UserRecord> = {}) => aRecord({ shadow, ...overrides });
const statuses = ({ keys }: UserFacts) => keys.map((key) => `${key.keyId.at(-1)} ${key.status}`);

describe('the pretended world begins', () => {
  test('as the real one, for a user nobody has seen before', () => {
    const shadow = shadowOf(undefined, user);
    expect(shadow).toMatchObject({ tracking: blankTracking, created: [], disabled: [], deleted: [] });
    expect(overlaid(user, shadow)).toEqual(user);
  });

  test('with what is tracked already', () => {
    expect(shadowOf(aRecord({ tracking }), user).tracking).toEqual(tracking);
  });

  test('without the journal: there is nothing to recover in a pretended world', () => {
    const shadow = shadowOf(aRecord({ tracking: { ...tracking, rotation: aRotation() } }), user);
    expect(shadow.tracking).toEqual(tracking);
  });

  test('blank for another user of the same name', () => {
    const former = recordWith(withDisabled(shadowOf(undefined, user), keyId(1)), { tracking, userId: userId(7) });
    expect(shadowOf(former, user)).toEqual(shadowOf(undefined, user));
  });
});

describe('the pretended world goes on', () => {
  const shadow = withDisabled(shadowOf(undefined, user), keyId(1));

  test('from sweep to sweep while the real keys stay as they are', () => {
    expect(shadowOf(recordWith(shadow), user)).toBe(shadow);
  });

  test('whatever the order in which IAM lists the keys', () => {
    const two = aUser({ keys: [old, keyMade('2025-02-01T00:00:00Z', 2)] });
    const turned = { ...two, keys: two.keys.toReversed() };
    const shadowOfTwo = withDisabled(shadowOf(undefined, two), keyId(1));
    expect(shadowOf(recordWith(shadowOfTwo), turned)).toBe(shadowOfTwo);
  });

  test.each([
    ['a key comes', [old, keyMade('2026-01-01T00:00:00Z', 2)]],
    ['a key goes', []],
    ['a key is replaced', [keyMade('2026-01-01T00:00:00Z', 2)]],
    ['a key is disabled', [{ ...old, ...inactive }]],
  ])('until %s in the real one: then it starts afresh', (_rule, keys) => {
    const changed = aUser({ keys });
    const fresh = shadowOf(recordWith(shadow), changed);
    expect(fresh).toMatchObject({ disabled: [], created: [], deleted: [] });
    expect(overlaid(changed, fresh).keys).toEqual(keys);
  });
});

describe('what would have been done is laid over what is there', () => {
  const start = shadowOf(undefined, user);
  const made = keyId(9);
  const replaced = withCreated(start, made, at('2026-02-05T00:00:00Z'));
  const disabled = withDisabled(replaced, keyId(1));

  test('a key that would have been created is there, and in use', () => {
    expect(overlaid(user, replaced).keys).toEqual([
      old,
      {
        keyId: made,
        status: 'Active',
        createdAt: at('2026-02-05T00:00:00Z'),
        lastUse: { kind: 'used', at: at('2026-02-05T00:00:00Z'), service: 'assumed', region: 'assumed' },
        pretended: true,
      },
    ]);
  });

  test('a key that would have been disabled is Inactive', () => {
    expect(statuses(overlaid(user, disabled))).toEqual(['1 Inactive', '9 Active']);
  });

  test('a key that would have been deleted is gone, and stays so while it is really there', () => {
    const deleted = withDeleted(disabled, keyId(1));
    expect(statuses(overlaid(user, deleted))).toEqual(['9 Active']);
    expect(deleted).toMatchObject({ disabled: [], deleted: [keyId(1)] });
  });

  test('a pretended key that is replaced, disabled and deleted in its turn leaves no trace', () => {
    const second = withCreated(withDeleted(disabled, keyId(1)), keyId(8), at('2026-05-06T00:00:00Z'));
    expect(statuses(overlaid(user, withDisabled(second, made)))).toEqual(['9 Inactive', '8 Active']);
    const gone = withDeleted(withDisabled(second, made), made);
    expect(statuses(overlaid(user, gone))).toEqual(['8 Active']);
    expect(gone).toMatchObject({ disabled: [], deleted: [keyId(1)], created: [{ keyId: keyId(8) }] });
  });

  test('the real keys are not changed, nor is the shadow before', () => {
    overlaid(user, disabled);
    expect(user.keys).toEqual([old]);
    expect(start).toMatchObject({ created: [], disabled: [] });
  });

  test('the same rules run on it', () => {
    const retirement = aRetirement({
      successorKeyId: made,
      startedAt: at('2026-02-05T00:00:00Z'),
      promisedAt: at('2026-02-15T00:00:00Z'),
    });
    const situation = {
      user: overlaid(user, replaced),
      tracking: { ...blankTracking, retirements: { [keyId(1)]: retirement } },
      delivered: new Map([[retirement.announcement, true]]),
    };
    expect(decide(situation, presets.default, at('2026-02-15T00:00:00Z'))).toMatchObject({
      steps: [
        { kind: 'disable', keyId: keyId(1) },
        { kind: 'none', reason: 'young', keyId: made },
      ],
    });
  });
});
