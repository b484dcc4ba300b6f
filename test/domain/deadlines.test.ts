import { deleteAt, disableAt, roomNeededAt, rotateAt } from '../../lambda/domain/deadlines.ts';
import { presets } from '../../lambda/domain/policy.ts';
import { toIso } from '../../lambda/domain/time.ts';
import type { Retirement } from '../../lambda/domain/tracking.ts';
import { aRetirement, at } from '../support/builders.ts';

const key = { createdAt: at('2026-01-01T00:00:00Z') };
const on = (now: number) => toIso(now).slice(0, 10);
const retired = (startedAt: string, promisedAt: string, overrides: Partial<Retirement> = {}) =>
  aRetirement({ startedAt: at(startedAt), promisedAt: at(promisedAt), ...overrides });
const disabledOn = (retirement: Retirement) => on(disableAt(key, retirement, presets.default));
const deletedOn = (retirement: Retirement) => on(deleteAt(key, retirement, presets.default));

describe('the dates of a key made on 1 January', () => {
  test('rotated at 90 days, or at 75 with cis', () => {
    expect(on(rotateAt(key, presets.default))).toBe('2026-04-01');
    expect(on(rotateAt(key, presets.cis))).toBe('2026-03-17');
  });

  test('the place beside it is needed one delete gap before', () => {
    expect(on(roomNeededAt(key, presets.default))).toBe('2026-03-22');
    expect(on(roomNeededAt(key, presets.cis))).toBe('2026-03-10');
  });

  test.each([
    ['replaced on time', '2026-04-01', '2026-04-11', '2026-04-11', '2026-04-21'],
    ['replaced ahead of time, its age decides', '2026-03-01', '2026-04-11', '2026-04-11', '2026-04-21'],
    ['replaced late, the gap decides', '2026-05-01', '2026-05-11', '2026-05-11', '2026-05-21'],
    ['promised a later date, the promise decides', '2026-04-01', '2026-05-01', '2026-05-01', '2026-05-11'],
    ['promised an earlier date, the policy decides', '2026-04-01', '2026-04-02', '2026-04-11', '2026-04-21'],
  ])('%s', (_rule, startedAt, promisedAt, disabling, deletion) => {
    expect(disabledOn(retired(startedAt, promisedAt))).toBe(disabling);
    expect(deletedOn(retired(startedAt, promisedAt))).toBe(deletion);
  });

  test.each([
    ['disabled on time', '2026-04-11', '2026-04-21', '2026-04-21'],
    ['disabled ahead of time, its age decides', '2026-04-02', '2026-04-21', '2026-04-21'],
    ['disabled late, the gap decides', '2026-05-07', '2026-05-17', '2026-05-17'],
    ['promised a later deletion, the promise decides', '2026-04-11', '2026-06-01', '2026-06-01'],
    ['promised an earlier deletion, the policy decides', '2026-04-11', '2026-04-12', '2026-04-21'],
  ])('%s', (_rule, disabledAt, promisedAt, deletion) => {
    expect(deletedOn(retired('2026-04-01', promisedAt, { disabledAt: at(disabledAt) }))).toBe(deletion);
  });

  test('blocking the slot, it goes one delete gap after it was found, however young', () => {
    expect(deletedOn(retired('2026-01-05', '2026-01-15', { why: 'blocks-slot' }))).toBe('2026-01-15');
  });

  test('the last of a user without Active keys, it must also be old enough', () => {
    expect(deletedOn(retired('2026-01-05', '2026-01-15', { why: 'inactive-only' }))).toBe('2026-04-21');
    expect(deletedOn(retired('2026-06-01', '2026-06-11', { why: 'inactive-only' }))).toBe('2026-06-11');
  });
});

test('a key 400 days old when Keyturn arrives is rotated on day 0, disabled on day 10, deleted on day 20', () => {
  const old = { createdAt: at('2024-11-27T00:00:00Z') };
  const arrival = '2026-01-01T00:00:00Z';
  const replaced = retired(arrival, '2026-01-11T00:00:00Z');
  const disabled = { ...replaced, disabledAt: at('2026-01-11T00:00:00Z'), promisedAt: at('2026-01-21T00:00:00Z') };
  expect(rotateAt(old, presets.default)).toBeLessThan(at(arrival));
  expect(on(disableAt(old, replaced, presets.default))).toBe('2026-01-11');
  expect(on(deleteAt(old, disabled, presets.default))).toBe('2026-01-21');
});
