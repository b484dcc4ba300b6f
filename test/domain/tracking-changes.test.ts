import { blankTracking, type Tracking } from '../../lambda/domain/tracking.ts';
import {
  withBlocked,
  withIntent,
  withoutKey,
  withoutRetirement,
  withoutRotation,
  withRetirement,
  withRotation,
  withWait,
  withWarning,
} from '../../lambda/domain/tracking-changes.ts';
import { aRetirement, aRotation, at, keyId, RUN } from '../support/builders.ts';

const waiting = {
  [keyId(1)]: { step: 'disable', reason: 'in-use' },
  [keyId(2)]: { step: 'rotate', reason: 'cap' },
} as const;
const warned = { [keyId(1)]: 3, [keyId(2)]: 14 };
const retirement = aRetirement();
const full: Tracking = { ...blankTracking, waiting, warned, retirements: { [keyId(1)]: retirement } };

describe('changes of what is tracked', () => {
  test('a retirement that starts, or goes on, forgets what its key waited for', () => {
    const disabled = aRetirement({ disabledAt: at('2026-01-11') });
    expect(withRetirement(full, disabled)).toEqual({
      ...full,
      waiting: { [keyId(2)]: waiting[keyId(2)] },
      retirements: { [keyId(1)]: disabled },
    });
  });

  test('a retirement that is called off leaves the key’s warnings', () => {
    expect(withoutRetirement(full, keyId(1))).toEqual({
      ...full,
      waiting: { [keyId(2)]: waiting[keyId(2)] },
      retirements: {},
    });
  });

  test('a key that is gone leaves nothing', () => {
    expect(withoutKey(full, keyId(1))).toEqual({
      ...blankTracking,
      waiting: { [keyId(2)]: waiting[keyId(2)] },
      warned: { [keyId(2)]: 14 },
    });
  });

  test('an intent belongs to a key that retires', () => {
    const intent = { step: 'disable', runId: RUN, at: at('2026-01-11'), expiresAt: at('2026-01-12') } as const;
    expect(withIntent(full, keyId(1), intent).retirements).toEqual({ [keyId(1)]: { ...retirement, intent } });
    expect(() => withIntent(full, keyId(2), intent)).toThrow(`key ${keyId(2)} is not retiring`);
  });

  test('a rotation comes and goes', () => {
    const rotation = aRotation();
    expect(withRotation(full, rotation)).toEqual({ ...full, rotation });
    expect(withoutRotation(withRotation(full, rotation))).toEqual(full);
  });

  test('a warning and a wait replace those before', () => {
    expect(withWarning(full, keyId(2), 3).warned).toEqual({ [keyId(1)]: 3, [keyId(2)]: 3 });
    expect(withWait(full, keyId(1), { step: 'disable', reason: 'window-closed' }).waiting).toEqual({
      ...waiting,
      [keyId(1)]: { step: 'disable', reason: 'window-closed' },
    });
  });

  test('being blocked comes and goes', () => {
    expect(withBlocked(full, 'too-many-keys')).toEqual({ ...full, blocked: 'too-many-keys' });
    expect(withBlocked(withBlocked(full, 'too-many-keys'), undefined)).toEqual(full);
  });

  test('what was tracked before is not changed', () => {
    const before = structuredClone(full);
    withoutKey(
      withWait(withRetirement(full, aRetirement({ keyId: keyId(2) })), keyId(2), { step: 'delete', reason: 'cap' }),
      keyId(1),
    );
    expect(full).toEqual(before);
  });
});
