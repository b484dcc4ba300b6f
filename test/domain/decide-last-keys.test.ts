import { anExemption, aRetirement, at, keyId } from '../support/builders.ts';
import { kindsOn, retiring, stepsOn } from './support/deciding.ts';

const day = '2026-05-01T00:00:00Z';
const gone = (n: number) => ({ kind: 'record-deleted', keyId: keyId(n), by: 'somebody' });
const why = { kind: 'none', reason: 'no-keys' };

describe('the last keys of a user, gone without a word', () => {
  test('are recorded as deleted by somebody', () => {
    expect(stepsOn(day, { keys: [], lost: [keyId(1), keyId(2)] })).toEqual([gone(1), gone(2), why]);
  });

  test('are recorded although the user is exempt', () => {
    expect(kindsOn(day, { keys: [], lost: [keyId(1)], exemption: anExemption() })).toContain('record-deleted');
  });

  test('are recorded once where one of them was on its way out', () => {
    const tracking = retiring(aRetirement({ keyId: keyId(1), why: 'rotated', successorKeyId: keyId(2) }));
    expect(stepsOn(day, { keys: [], lost: [keyId(1), keyId(2)], tracking })).toEqual([gone(1), gone(2), why]);
  });

  test('are not, while IAM may not list a new key yet', () => {
    const changed = (changedAt: `${string}Z`) =>
      retiring(aRetirement({ keyId: keyId(1), why: 'rotated', successorKeyId: keyId(2), changedAt: at(changedAt) }));
    const lost = [keyId(1), keyId(2)];
    expect(stepsOn(day, { keys: [], lost, tracking: changed('2026-04-30T23:55:00.001Z') })).toEqual([why]);
    expect(stepsOn(day, { keys: [], lost, tracking: changed('2026-04-30T23:55:00Z') })).toEqual([
      gone(1),
      gone(2),
      why,
    ]);
  });
});
