import type { ChangeWindow } from './change-window.ts';
import { deleteGapDays, disableGapDays, type Policy } from './policy.ts';

/** Everything that is wrong with a policy, one sentence each that names the setting; empty when it can work. */
export function policyErrors(policy: Policy): readonly string[] {
  const errors = [...numberErrors(policy), ...windowErrors(policy.changeWindow)];
  if (!['rotate', 'retire'].includes(policy.neverUsed)) {
    errors.push(`neverUsed must be 'rotate' or 'retire', not '${policy.neverUsed}'`);
  }
  // Order and gaps mean something only between numbers that are right by themselves.
  return numberErrors(policy).length === 0 ? [...errors, ...orderErrors(policy)] : errors;
}

function numberErrors(policy: Policy): string[] {
  const settings: [string, number, number][] = [
    ['rotateAfterDays', policy.rotateAfterDays, 1],
    ['disableAfterDays', policy.disableAfterDays, 1],
    ['deleteAfterDays', policy.deleteAfterDays, 1],
    ['disable.maxHoldDays', policy.disable.maxHoldDays, 0],
    ['maxStepsPerSweep', policy.maxStepsPerSweep, 1],
  ];
  if (policy.disable.onlyWhenIdleDays !== undefined) {
    settings.push(['disable.onlyWhenIdleDays', policy.disable.onlyWhenIdleDays, 1]);
  }
  policy.warnBeforeDays.forEach((days, index) => {
    settings.push([`warnBeforeDays[${index}]`, days, 1]);
  });
  return settings
    .filter(([, value, least]) => !Number.isSafeInteger(value) || value < least)
    .map(([name, value, least]) => `${name} must be a whole number of at least ${least}, not ${value}`);
}

function orderErrors(policy: Policy): string[] {
  const { rotateAfterDays, disableAfterDays, deleteAfterDays, warnBeforeDays } = policy;
  const errors: string[] = [];
  if (disableGapDays(policy) < 1) {
    errors.push(
      `disableAfterDays (${disableAfterDays}) must be at least one day after rotateAfterDays (${rotateAfterDays})`,
    );
  }
  if (deleteGapDays(policy) < 1) {
    errors.push(
      `deleteAfterDays (${deleteAfterDays}) must be at least one day after disableAfterDays (${disableAfterDays})`,
    );
  }
  if (deleteAfterDays - rotateAfterDays >= rotateAfterDays) {
    errors.push(
      `deleteAfterDays (${deleteAfterDays}) must be less than twice rotateAfterDays (${rotateAfterDays}): ` +
        'otherwise the next rotation would begin before this one has ended',
    );
  }
  for (const days of warnBeforeDays) {
    if (days >= rotateAfterDays) {
      errors.push(`warnBeforeDays: ${days} must be less than rotateAfterDays (${rotateAfterDays})`);
    }
  }
  if (new Set(warnBeforeDays).size < warnBeforeDays.length) {
    errors.push(`warnBeforeDays: [${warnBeforeDays.join(', ')}] names a day twice`);
  }
  return errors;
}

function windowErrors(window: ChangeWindow | undefined): string[] {
  if (window === undefined) return [];
  const errors: string[] = [];
  const { weekdays, fromHour, toHour, timeZone, freezeDates } = window;
  if (weekdays.length === 0) errors.push('changeWindow.weekdays is empty: nothing could ever be disabled or deleted');
  for (const weekday of weekdays) {
    if (!Number.isInteger(weekday) || weekday < 1 || weekday > 7) {
      errors.push(`changeWindow.weekdays: ${weekday} is not a weekday (1 = Monday … 7 = Sunday)`);
    }
  }
  if (!Number.isInteger(fromHour) || fromHour < 0 || fromHour > 23) {
    errors.push(`changeWindow.fromHour must be a whole hour from 0 to 23, not ${fromHour}`);
  }
  if (!Number.isInteger(toHour) || toHour < 1 || toHour > 24) {
    errors.push(`changeWindow.toHour must be a whole hour from 1 to 24, not ${toHour}`);
  }
  if (fromHour >= toHour) {
    errors.push(`changeWindow is empty: fromHour (${fromHour}) must be before toHour (${toHour})`);
  }
  if (!isTimeZone(timeZone)) {
    errors.push(`changeWindow.timeZone: '${timeZone}' is not a known time zone (such as 'Europe/Berlin')`);
  }
  for (const date of freezeDates) {
    if (!isDate(date)) errors.push(`changeWindow.freezeDates: '${date}' is not a date (such as '2026-12-24')`);
  }
  return errors;
}

/** Whether the text is an IANA time zone name that this runtime knows. */
export function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().slice(0, 10) === text;
