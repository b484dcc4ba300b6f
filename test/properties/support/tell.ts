/** A story in lines that a person can read. */

import type { Policy } from '../../../lambda/domain/policy.ts';
import { type Deed, dayOf, type Happening, type Story, userNames } from './story.ts';

export function linesOf(story: Story): readonly string[] {
  const { policy, mode, users, days, happenings, runHour } = story;
  return [
    `${mode}; ${policyWords(policy)}; swept daily at ${timeOf(runHour)} UTC for ${days} days${odds(story)}`,
    ...users.map(({ reach, keys }, n) => {
      const all = keys.map(({ ageDays, status, usedDaysAgo }) => {
        const use = usedDaysAgo === undefined ? 'never used' : `used ${usedDaysAgo} days ago`;
        return `${ageDays} days old, ${status}, ${use}`;
      });
      return `${userNames[n]}: ${all.length === 0 ? 'no key' : all.map((words, k) => `key ${k} ${words}`).join('; ')} (${reach})`;
    }),
    ...happenings
      .filter((one) => dayOf(one) < days)
      .toSorted((a, b) => dayOf(a) - dayOf(b))
      .map((one) => `day ${dayOf(one)}: ${wordsOf(one, users.length)}`),
  ];
}

const timeOf = (hour: number): string => `${Math.floor(hour)}:${hour % 1 === 0 ? '00' : '30'}`;

const odds = ({ lagSeconds, oldReports, leases, comesAgainAfter }: Story): string =>
  [
    lagSeconds > 0 && `; IAM lags ${lagSeconds} s`,
    oldReports && '; reports are hours old',
    !leases && '; leases keep nobody away',
    `; failed messages come again after ${comesAgainAfter} minutes`,
  ]
    .filter(Boolean)
    .join('');

function policyWords(policy: Policy): string {
  const { rotateAfterDays, disableAfterDays, deleteAfterDays, ...rest } = policy;
  return `${rotateAfterDays}/${disableAfterDays}/${deleteAfterDays} days ${JSON.stringify(rest)}`;
}

function wordsOf(one: Happening, users: number): string {
  switch (one.kind) {
    case 'deed':
      return `${one.hour} h after the run, ${deedWords(one.deed, users)}`;
    case 'deed during':
      return `right ${one.when} Keyturn’s ${moment(one.at)}, ${deedWords(one.deed, users)}`;
    case 'trouble':
      return `Keyturn’s ${moment(one.at)} ${one.trouble}${one.times > 1 ? `, ${one.times} times` : ''}`;
    case 'no run':
      return 'no run is scheduled';
    case 'scheduled twice':
      return 'the schedule event comes twice';
    case 'delivered again':
      return `the queue delivers the message twice${one.atOnce ? ', at once' : ''}`;
    case 'delivered late':
      return `the queue delivers the message ${one.hours} hours late`;
    case 'no report':
      return 'IAM makes no credential report';
    case 'short of time':
      return `the worker has ${one.seconds} seconds`;
    case 'stream late':
      return `the stream brings nothing for ${one.days} days`;
    case 'stream again':
      return 'the stream brings what it brought before, too';
    case 'stream reversed':
      return 'the stream brings its events in reverse order';
    default:
      return one satisfies never;
  }
}

const moment = ({ call, after }: { readonly call: string; readonly after: number }): string =>
  after === 0 ? `next ${call}` : `${call} after ${after} others`;

function deedWords(deed: Deed, users: number): string {
  if (deed.what === 'mode') return `somebody deploys mode ${deed.mode}`;
  if (deed.what === 'policy') return `somebody deploys the policy ${policyWords(deed.policy)}`;
  const who = userNames[deed.user % users];
  switch (deed.what) {
    case 'create':
      return `the owner of ${who} creates a key`;
    case 'create beside another':
      return `the owner of ${who} creates a key in a race, beyond the quota`;
    case 'exempt':
      return `${who} is exempted for ${deed.days} days`;
    case 'revoke':
      return `the exemptions of ${who} are revoked`;
    case 'use':
    case 'activate':
    case 'deactivate':
    case 'delete':
      return `the owner of ${who} ${deed.what}s key ${deed.which}`;
    case 'ask to rotate':
    case 'ask to stop':
      return `the owner of ${who} asks to ${deed.what === 'ask to stop' ? 'replace and stop' : 'rotate'} ${deed.which < 2 ? `key ${deed.which}` : 'the key'}`;
    case 'ask to restore':
      return `the owner of ${who} asks to restore key ${deed.which} for ${deed.amount} hours`;
    case 'ask to snooze':
      return `the owner of ${who} asks to snooze key ${deed.which} for ${deed.amount} days`;
    case 'delete the user':
    case 're-create the user':
      return `somebody ${deed.what === 'delete the user' ? 'deletes' : 're-creates'} the user ${who}`;
    default:
      return deed satisfies never;
  }
}
