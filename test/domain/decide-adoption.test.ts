import type { KeyFacts } from '../../lambda/domain/facts.ts';
import type { RetirementReason } from '../../lambda/domain/reasons.ts';
import type { Step } from '../../lambda/domain/step.ts';
import type { IsoTime } from '../../lambda/domain/time.ts';
import type { Retirement } from '../../lambda/domain/tracking.ts';
import { anExemption, aRetirement, at, keyId } from '../support/builders.ts';
import {
  ANNOUNCEMENT,
  decisionOn,
  inactive,
  keyMade,
  neverUsed,
  reportedUnused,
  reportedUsed,
  retiring,
  stepsOn,
  used,
} from './support/deciding.ts';

// Replaced on 1 April at 6:00, to be disabled on 11 April.
const replaced = (overrides: Partial<Retirement> = {}) =>
  aRetirement({
    keyId: keyId(1),
    why: 'rotated',
    successorKeyId: keyId(2),
    startedAt: at('2026-04-01T06:00:00Z'),
    announcement: ANNOUNCEMENT,
    promisedAt: at('2026-04-11T06:00:00Z'),
    ...overrides,
  });
const outgoing = (facts: Partial<KeyFacts> = {}) => keyMade('2026-01-01T00:00:00Z', 1, facts);
const incoming = (facts: Partial<KeyFacts> = {}, made: IsoTime = '2026-04-01T06:00:20Z') => keyMade(made, 2, facts);

const ofKind = (steps: readonly Step[]) => steps.filter(({ kind }) => kind === 'record-adopted');

function adoptionOn(
  now: IsoTime,
  successor: KeyFacts,
  { old = outgoing(reportedUnused), ...retirement }: Partial<Retirement> & { readonly old?: KeyFacts } = {},
) {
  return ofKind(stepsOn(now, { keys: [old, successor], tracking: retiring(replaced(retirement)) }));
}

describe('a successor that Keyturn made', () => {
  test('is adopted when it was used at all', () => {
    expect(
      adoptionOn('2026-04-02T06:00:00Z', incoming(reportedUsed('2026-04-01T06:01:00Z', 'sqs', 'us-east-1'))),
    ).toEqual([
      {
        kind: 'record-adopted',
        keyId: keyId(1),
        successorKeyId: keyId(2),
        use: { at: at('2026-04-01T06:01:00Z'), service: 'sqs', region: 'us-east-1' },
        disableAt: at('2026-04-11T06:00:00Z'),
      },
    ]);
  });

  test('is not when it never was, or nobody knows, and nobody asks', () => {
    expect(adoptionOn('2026-04-02T06:00:00Z', incoming(reportedUnused))).toEqual([]);
    expect(adoptionOn('2026-04-02T06:00:00Z', incoming())).toEqual([]);
  });

  test.each([
    ['a moment before 15 minutes have passed', '2026-04-01T06:15:19.999Z', 0],
    ['when 15 minutes have passed', '2026-04-01T06:15:20Z', 1],
  ])('is asked by Keyturn itself who it is: %s that may be no use of its owner', (_when, on, adoptions) => {
    expect(adoptionOn('2026-04-02T06:00:00Z', incoming(reportedUsed(on, 'sts', 'us-east-1')))).toHaveLength(adoptions);
  });
});

describe.each<RetirementReason>(['replaced-by-hand', 'both-due'])('a successor that its owner made (%s)', (why) => {
  const older = '2026-03-01T00:00:00Z';
  test.each([
    ['a moment before the retirement began, for other things', '2026-04-01T05:59:59.999Z', 0],
    ['when it began', '2026-04-01T06:00:00Z', 1],
    ['later', '2026-04-03T00:00:00Z', 1],
  ])('used %s', (_when, on, adoptions) => {
    expect(adoptionOn('2026-04-05T06:00:00Z', incoming(reportedUsed(on, 'sts'), older), { why })).toHaveLength(
      adoptions,
    );
  });
});

describe('an adoption', () => {
  const inUse = incoming(reportedUsed('2026-04-02T00:00:00Z'));

  test('is recorded once', () => {
    const adopted = { at: at('2026-04-02T00:00:00Z'), service: 's3', region: 'eu-central-1' };
    expect(adoptionOn('2026-04-03T06:00:00Z', inUse)).toHaveLength(1);
    expect(adoptionOn('2026-04-03T06:00:00Z', inUse, { adopted })).toEqual([]);
  });

  test.each([
    ['when the retirement began, it does not tell of it', '2026-04-01T06:00:00Z', undefined],
    [
      'a moment later, it does',
      '2026-04-01T06:00:00.001Z',
      { at: at('2026-04-01T06:00:00.001Z'), service: 'ec2', region: 'eu-west-1' },
    ],
  ])('the outgoing key used %s', (_when, on, outgoingUse) => {
    const [step] = adoptionOn('2026-04-03T06:00:00Z', inUse, { old: outgoing(reportedUsed(on, 'ec2', 'eu-west-1')) });
    expect(step).toMatchObject({ kind: 'record-adopted' });
    expect(step && 'outgoingUse' in step ? step.outgoingUse : undefined).toEqual(outgoingUse);
  });

  test('does not tell of the outgoing key that its successor was fetched with it', () => {
    const old = outgoing(reportedUsed('2026-04-01T23:59:00Z', 'secretsmanager'));
    const [step] = adoptionOn('2026-04-03T06:00:00Z', inUse, { old });
    expect(step).toMatchObject({ kind: 'record-adopted' });
    expect(step).not.toHaveProperty('outgoingUse');
  });

  test('is recorded after the key has been disabled, too', () => {
    const disabledAt = at('2026-04-11T06:00:30Z');
    expect(adoptionOn('2026-04-13T06:00:00Z', inUse, { old: outgoing(inactive), disabledAt })).toMatchObject([
      { kind: 'record-adopted', disableAt: disabledAt },
    ]);
  });

  test('that comes to light when the key is disabled is recorded after that', () => {
    const steps = stepsOn('2026-04-11T06:00:00Z', { keys: [outgoing(), inUse], tracking: retiring(replaced()) });
    expect(steps.map(({ kind }) => kind).filter((kind) => kind !== 'none')).toEqual(['disable', 'record-adopted']);
  });

  test.each([
    ['its retirement is cancelled', { keys: [outgoing(), { ...inUse, ...inactive }] }],
    ['its outgoing key is gone', { keys: [inUse] }],
    ['its outgoing key was made Active again', { keys: [outgoing(), inUse], disabledAt: at('2026-04-02T06:00:00Z') }],
    ['its user is exempt', { keys: [outgoing(), inUse], exemption: anExemption() }],
    ['its user is blocked', { keys: [outgoing(), inUse, keyMade('2026-03-01T00:00:00Z', 3)] }],
    ['nothing is done but observed', { keys: [outgoing(), inUse], observing: true }],
    [
      'its successor is pretended',
      { keys: [outgoing(), { ...inUse, ...used('2026-04-02T00:00:00Z'), pretended: true as const }] },
    ],
  ])('is none when %s', (_what, { disabledAt, ...given }: { disabledAt?: number; keys: readonly KeyFacts[] }) => {
    const tracking = retiring(replaced(disabledAt === undefined ? {} : { disabledAt }));
    expect(ofKind(stepsOn('2026-04-03T06:00:00Z', { ...given, tracking }))).toEqual([]);
  });

  test('of a key that retires unused is none: there is no successor', () => {
    const { successorKeyId: _, ...alone } = replaced({ why: 'never-used' });
    const steps = stepsOn('2026-04-03T06:00:00Z', { keys: [outgoing(neverUsed), inUse], tracking: retiring(alone) });
    expect(ofKind(steps)).toEqual([]);
  });

  test('is nothing that anybody is asked for', () => {
    const keys = [outgoing(), incoming()];
    expect(decisionOn('2026-04-03T06:00:00Z', { keys, tracking: retiring(replaced()) }).kind).toBe('steps');
  });
});

describe('a rotation', () => {
  test('tells when the key that goes was last used, where the report says so', () => {
    const lastUse = { at: at('2026-03-30T10:00:00Z'), service: 'sqs', region: 'us-east-1' };
    const known = outgoing(reportedUsed('2026-03-30T10:00:00Z', 'sqs', 'us-east-1'));
    expect(stepsOn('2026-04-01T06:00:00Z', { keys: [known] })).toMatchObject([{ kind: 'rotate', lastUse }]);
    const [unused] = stepsOn('2026-04-01T06:00:00Z', { keys: [outgoing(reportedUnused)] });
    expect(unused).toEqual({ kind: 'rotate', reason: 'due', keyId: keyId(1), createdAt: at('2026-01-01T00:00:00Z') });
  });
});
