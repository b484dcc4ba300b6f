import type { ChangeWindow } from './change-window.ts';
import { deleteGapDays, disableGapDays, type Policy } from './policy.ts';

/**
 * Everything that is wrong with a policy, one sentence each that names the setting; empty when it can work.
 *
 * @param unread settings whose values could not be read and are stood in for: of these nothing is said.
 */
export function policyErrors(policy: Policy, unread: ReadonlySet<keyof Policy> = new Set()): readonly string[] {
  const isRead = (setting: keyof Policy) => !unread.has(setting);
  const numbers = numberErrors(policy).filter(({ setting }) => isRead(setting));
  const wrong = new Set(numbers.map(({ setting }) => setting));
  const errors = numbers.map(({ error }) => error);
  if (isRead('changeWindow')) errors.push(...windowErrors(policy.changeWindow));
  if (!['rotate', 'retire'].includes(policy.neverUsed)) {
    errors.push(`neverUsed must be 'rotate' or 'retire', not '${policy.neverUsed}'`);
  }
  // Order and gaps mean something only between numbers that are right by themselves.
  const between = orderErrors(policy).filter(({ of }) => of.every((setting) => isRead(setting) && !wrong.has(setting)));
  return [...errors, ...between.map(({ error }) => error)];
}

function numberErrors(policy: Policy): readonly { readonly setting: keyof Policy; readonly error: string }[] {
  const { rotateAfterDays, disableAfterDays, deleteAfterDays, warnBeforeDays, disable, maxStepsPerSweep } = policy;
  const numbers: [setting: keyof Policy, part: string, value: number | undefined, least: number][] = [
    ['rotateAfterDays', '', rotateAfterDays, 1],
    ['disableAfterDays', '', disableAfterDays, 1],
    ['deleteAfterDays', '', deleteAfterDays, 1],
    ['disable', '.maxHoldDays', disable.maxHoldDays, 0],
    ['maxStepsPerSweep', '', maxStepsPerSweep, 1],
    ['disable', '.onlyWhenIdleDays', disable.onlyWhenIdleDays, 1],
    ...warnBeforeDays.map((days, n): [keyof Policy, string, number, number] => ['warnBeforeDays', `[${n}]`, days, 1]),
  ];
  return numbers
    .filter(([, , value, least]) => value !== undefined && (!Number.isSafeInteger(value) || value < least))
    .map(([setting, part, value, least]) => ({
      setting,
      error: `${setting}${part} must be a whole number of at least ${least}, not ${value}`,
    }));
}

/** Contradictions, each with the settings that it is between. */
function orderErrors(policy: Policy): readonly { readonly of: readonly (keyof Policy)[]; readonly error: string }[] {
  const { rotateAfterDays, disableAfterDays, deleteAfterDays, warnBeforeDays } = policy;
  const errors: { of: (keyof Policy)[]; error: string }[] = [];
  const mistake = (of: (keyof Policy)[], error: string) => errors.push({ of, error });
  if (disableGapDays(policy) < 1) {
    mistake(
      ['disableAfterDays', 'rotateAfterDays'],
      `disableAfterDays (${disableAfterDays}) must be at least one day after rotateAfterDays (${rotateAfterDays})`,
    );
  }
  if (deleteGapDays(policy) < 1) {
    mistake(
      ['deleteAfterDays', 'disableAfterDays'],
      `deleteAfterDays (${deleteAfterDays}) must be at least one day after disableAfterDays (${disableAfterDays})`,
    );
  }
  if (deleteAfterDays - rotateAfterDays >= rotateAfterDays) {
    mistake(
      ['deleteAfterDays', 'rotateAfterDays'],
      `deleteAfterDays (${deleteAfterDays}) must be less than twice rotateAfterDays (${rotateAfterDays}): ` +
        'otherwise the next rotation would begin before this one has ended',
    );
  }
  for (const days of warnBeforeDays) {
    if (days >= rotateAfterDays) {
      const error = `warnBeforeDays: ${days} must be less than rotateAfterDays (${rotateAfterDays})`;
      mistake(['warnBeforeDays', 'rotateAfterDays'], error);
    }
  }
  if (new Set(warnBeforeDays).size < warnBeforeDays.length) {
    mistake(['warnBeforeDays'], `warnBeforeDays: [${warnBeforeDays.join(', ')}] names a day twice`);
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
