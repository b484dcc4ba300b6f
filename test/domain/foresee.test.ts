import { foresee } from '../../lambda/domain/foresee.ts';
import { type Policy, presets } from '../../lambda/domain/policy.ts';
import type { IsoTime } from '../../lambda/domain/time.ts';
import { blankTracking, type Tracking } from '../../lambda/domain/tracking.ts';
import { aPolicy, aRetirement, at, aUser, keyId } from '../support/builders.ts';
import {
  ANNOUNCEMENT,
  decisionOn,
  keyMade,
  reminded,
  reportedUnused,
  reportedUsed,
  retiring,
  used,
} from './support/deciding.ts';

const unread = { lastUse: { kind: 'unread' } } as const;

interface Given {
  readonly keys: readonly ReturnType<typeof keyMade>[];
  readonly tracking?: Tracking;
  readonly policy?: Policy;
}

const foreseenOn = (now: IsoTime, { keys, tracking = blankTracking, policy = presets.default }: Given) =>
  foresee({ user: aUser({ keys }), tracking, delivered: new Map() }, policy, at(now), at(now)).map((step) =>
    'reason' in step ? `${step.kind} ${step.reason}` : step.kind,
  );

const retiresUnused = aPolicy({ neverUsed: 'retire' });
const old = (extra: object = {}) => keyMade('2026-01-01T00:00:00Z', 1, { ...unread, ...extra });

describe('a key whose last use nobody read', () => {
  // What is foreseen here would have to be looked up before it could be decided.
  test('is one that has to be asked for', () => {
    const decision = decisionOn('2026-04-01T00:00:00Z', { keys: [old()], policy: retiresUnused });
    expect(decision.kind).toBe('look-up');
  });

  test('goes by what the credential report says of it', () => {
    const on = '2026-04-01T00:00:00Z';
    expect(foreseenOn(on, { keys: [old(reportedUsed('2026-03-30T00:00:00Z'))], policy: retiresUnused })).toEqual([
      'rotate due',
    ]);
    expect(foreseenOn(on, { keys: [old(reportedUnused)], policy: retiresUnused })).toEqual([
      'start-retirement never-used',
    ]);
  });

  test('is taken for used where the report does not say', () => {
    expect(foreseenOn('2026-04-01T00:00:00Z', { keys: [old()], policy: retiresUnused })).toEqual(['rotate due']);
  });

  test('is what it is where somebody read it', () => {
    const key = keyMade('2026-01-01T00:00:00Z', 1, { ...used('2026-03-30T00:00:00Z'), ...reportedUnused });
    expect(foreseenOn('2026-04-01T00:00:00Z', { keys: [key], policy: retiresUnused })).toEqual(['rotate due']);
  });
});

describe('a step that somebody has to be told of', () => {
  const retirement = aRetirement({
    reminded,
    keyId: keyId(1),
    why: 'rotated',
    successorKeyId: keyId(2),
    startedAt: at('2026-04-01T00:00:00Z'),
    announcement: ANNOUNCEMENT,
    promisedAt: at('2026-04-11T00:00:00Z'),
  });
  const keys = [old(), keyMade('2026-04-01T00:00:00Z', 2)];

  test('is foreseen while nothing else is known', () => {
    expect(foreseenOn('2026-04-11T00:00:00Z', { keys, tracking: retiring(retirement) })[0]).toBe('disable rotated');
  });

  test('is not while nobody could be told when somebody last looked', () => {
    const waiting = { [keyId(1)]: { step: 'disable', reason: 'notice-undelivered' } } as const;
    const tracking = { ...retiring(retirement), waiting };
    expect(foreseenOn('2026-04-11T00:00:00Z', { keys, tracking })[0]).toBe('wait notice-undelivered');
  });
});
