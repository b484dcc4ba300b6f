import * as fc from 'fast-check';
import { type ChangeWindow, isOpen } from '../../../lambda/domain/change-window.ts';
import { type Policy, presets } from '../../../lambda/domain/policy.ts';
import { policyErrors } from '../../../lambda/domain/validate-policy.ts';
import { onDay } from './calendar.ts';

const window: fc.Arbitrary<ChangeWindow> = fc.record({
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  fromHour: fc.integer({ min: 0, max: 12 }),
  toHour: fc.integer({ min: 13, max: 24 }),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
  freezeDates: fc
    .uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 5 })
    .map((days) => days.map((day) => new Date(onDay(day)).toISOString().slice(0, 10))),
});

/** Short lives, so that a story sees many of them; every one would be accepted at synth. */
const shortPolicy: fc.Arbitrary<Policy> = fc
  .record({
    rotateAfterDays: fc.integer({ min: 3, max: 20 }),
    disableGap: fc.integer({ min: 1, max: 5 }),
    deleteGap: fc.integer({ min: 1, max: 5 }),
    warnBeforeDays: fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 2 }),
    neverUsed: fc.constantFrom('rotate', 'rotate', 'retire'),
    disable: fc.record(
      { maxHoldDays: fc.integer({ min: 0, max: 8 }), onlyWhenIdleDays: fc.integer({ min: 1, max: 6 }) },
      { requiredKeys: ['maxHoldDays'] },
    ),
    maxStepsPerSweep: fc.constantFrom(50, 1, 2),
    changeWindow: fc.option(window, { nil: undefined, freq: 3 }),
  })
  .map(({ disableGap, deleteGap, changeWindow, ...rest }): Policy => {
    const { rotateAfterDays, warnBeforeDays } = rest;
    const gap = Math.min(disableGap, rotateAfterDays - 2);
    const disableAfterDays = rotateAfterDays + gap;
    const deleteAfterDays = disableAfterDays + Math.min(deleteGap, rotateAfterDays - gap - 1);
    const warnings = warnBeforeDays.filter((days) => days < rotateAfterDays);
    const policy = { ...rest, disableAfterDays, deleteAfterDays, warnBeforeDays: warnings };
    return changeWindow === undefined ? policy : { ...policy, changeWindow };
  });

export const anyPolicy: fc.Arbitrary<Policy> = fc
  .oneof({ weight: 12, arbitrary: shortPolicy }, fc.constantFrom(presets.default, presets.cis))
  .filter((policy) => policyErrors(policy).length === 0);

/** As at synth: a window that is closed whenever the run comes would never let anything happen. */
const isReached = (policy: Policy, runHour: number): boolean =>
  [0, 180].every((season) =>
    [0, 1, 2, 3, 4, 5, 6].some((day) => {
      const window = policy.changeWindow && { ...policy.changeWindow, freezeDates: [] };
      return isOpen(window, onDay(season + day, runHour));
    }),
  );

/** The policy, with its window open all day if it would be closed whenever the run comes. */
export const withOpenHours = (policy: Policy, runHour: number): Policy =>
  policy.changeWindow === undefined || isReached(policy, runHour)
    ? policy
    : { ...policy, changeWindow: { ...policy.changeWindow, fromHour: 0, toHour: 24 } };
