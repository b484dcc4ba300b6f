import type { HoldReason } from '../../lambda/domain/forecast/held-up.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import { DAY, type Instant, toIso } from '../../lambda/domain/time.ts';
import { dayOf, daysBetween } from '../dates.ts';
import type { ForecastSource } from './forecast-report.ts';

/** Why users are held up, for a person. */
export const holdInWords: Readonly<Record<HoldReason, string>> = {
  'slot-busy': 'a second key takes the place of the new one, and has to go first',
  'in-use': 'the old key is still in use',
  'window-closed': 'the change window is closed on the day',
  'notice-undelivered': 'nobody can be told',
  'too-many-keys': 'more keys (or certificates) than IAM allows: nothing is touched',
  exempt: 'exempt',
  'inactive-only': 'only Inactive keys: they are deleted, and no new key is made',
};

const dollars = '$0.40 a month for each user’s secret, $0.05 for 10,000 calls';

/** What a forecast takes for granted. */
export function assumptions(
  source: ForecastSource,
  policies: readonly Policy[],
  { runAt, hasOwners }: { readonly runAt: string; readonly hasOwners: boolean },
): readonly string[] {
  const idle = policies.some(({ disable }) => disable.onlyWhenIdleDays !== undefined);
  return [
    `One run a day at ${runAt} UTC, mode enforce from the first one on; nobody touches keys by hand.`,
    'Every notice is delivered; owners install each new key at once and stop using the old one.',
    ...(source.kind === 'live' ? [] : ['There are no exemptions.']),
    ...(hasOwners ? [] : ['Owners are not known: each user counts as an owner of its own.']),
    ...(idle
      ? ['Keys are used no later than they have been so far: a key that stays in use holds its disabling up.']
      : []),
    `Cost is that of Secrets Manager alone (${dollars}); Lambda, DynamoDB and alarms add a few dollars.`,
  ];
}

/** In any account in use a key is used or changed more often. */
const OLD_AFTER_DAYS = 4;

const ofReports: readonly string[] = [
  'A credential report has no creation dates: it tells when a key was created or last changed. A key that was switched off and on again is older than it looks, and may be rotated sooner than shown.',
  'It has no key IDs: a user whose key Keyturn is replacing already looks like one with two keys.',
  'It shows two keys of each user, and is up to four hours old.',
  'Where a cap defers keys that were made on the same day, which of them goes first is not known.',
];

/** What the source leaves open. `newest`: the latest date that reports tell of. */
export function uncertainties(source: ForecastSource, start: Instant, newest: Instant | undefined): readonly string[] {
  if (source.kind !== 'live') return [...ofReports, ...ageOfReports(start, newest)];
  return [
    'Secrets that exist already are not in the cost.',
    'Requests to rotate, restore or snooze that wait for the next sweep are left out.',
  ];
}

/** A report does not say when it was made. */
function ageOfReports(start: Instant, newest: Instant | undefined): readonly string[] {
  if (newest === undefined || start - newest < OLD_AFTER_DAYS * DAY) return [];
  const date = dayOf(toIso(newest));
  return [
    `The newest date in it is ${date}, ${daysBetween(newest, start)} days before the first run: if it is that old, take a new one, or begin then with --from.`,
  ];
}

/** Where the keys come from. */
export function sourceInWords(source: ForecastSource): string {
  switch (source.kind) {
    case 'sample':
      return 'the sample report that comes with keyturn, of an invented account';
    case 'live':
      return `account ${source.account}, as read now`;
    case 'files':
      return source.files.length === 1 ? `${source.files[0]}` : `${source.files.length} credential reports`;
    default:
      return source satisfies never;
  }
}

/** `90/100/110 days, at most 50 of each a run`. */
export function policyInWords(policy: Policy): string {
  const { rotateAfterDays, disableAfterDays, deleteAfterDays, maxStepsPerSweep } = policy;
  return `rotate at ${rotateAfterDays}, disable at ${disableAfterDays}, delete at ${deleteAfterDays} days; at most ${maxStepsPerSweep} of each in an account and run`;
}
