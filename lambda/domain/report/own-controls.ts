import { instantOf } from '../past/recorded-time.ts';
import { DAY } from '../time.ts';
import { count, MOST_EXCEPTIONS, subjectOf, verdictOf, were } from './control-words.ts';
import type { Findings } from './findings.ts';
import type { Control, Exception } from './model.ts';
import { isWithin } from './rotations.ts';

const OWN = "Keyturn's own rule";
const MOST_EXEMPT_DAYS = 365;

/** Whether whoever owns a key was told before it stopped. */
export function notice({ rotations, period }: Findings): Control {
  const disabled = rotations.filter(
    ({ disabledAt, disabledBy }) =>
      disabledBy === 'keyturn' && isWithin(period, disabledAt === undefined ? undefined : instantOf(disabledAt)),
  );
  const untold = disabled.filter(({ proof }) => proof === 'none');
  const atOnce = disabled.filter(({ proof }) => proof === 'at-once').length;
  return {
    id: 'notice',
    title: 'Nothing was disabled before somebody had been told',
    asks: [{ framework: OWN, ids: 'a delivered notice before each disabling' }],
    verdict: verdictOf(untold.length, 0, true),
    finding:
      `${count(disabled.length, 'key')} ${were(disabled.length)} disabled by Keyturn; for ${untold.length} no receipt is ` +
      `older than the disabling. ${count(atOnce, 'key')} ${were(atOnce)} disabled at once because somebody asked for it.`,
    inScope: disabled.length,
    against: untold.length,
    excepted: 0,
    exceptions: untold.slice(0, MOST_EXCEPTIONS).map((row) => ({
      subject: subjectOf(row),
      why: `disabled on ${row.disabledAt?.slice(0, 10)} without a receipt`,
    })),
  };
}

/** Whether each exemption is what it should be. */
export function exemption({ exemptions }: Findings): Control {
  const against = exemptions.flatMap(({ id, approver, reason, grantedAt, expiresAt }): Exception[] => {
    const days = Math.round((instantOf(expiresAt) - instantOf(grantedAt)) / DAY);
    if (approver.trim() === '' || reason.trim() === '') return [{ subject: id, why: 'no approver or no reason' }];
    return days > MOST_EXEMPT_DAYS ? [{ subject: id, why: `granted for ${days} days` }] : [];
  });
  return {
    id: 'exemptions',
    title: 'Each exemption has an approver, a reason and an end within a year',
    asks: [{ framework: OWN, ids: 'recorded, reasoned, expiring' }],
    verdict: verdictOf(against.length, 0, true),
    finding: `${count(exemptions.length, 'exemption')} held in the period; ${against.length} of them not so.`,
    inScope: exemptions.length,
    against: against.length,
    excepted: 0,
    exceptions: against.slice(0, MOST_EXCEPTIONS),
  };
}

/** Whether runs reached whom they were to reach. */
export function coverage({ runs }: Findings): Control {
  const expected = runs.reduce((sum, run) => sum + run.expected, 0);
  const gaps = runs.reduce((sum, run) => sum + run.gapCount, 0);
  const broken = runs.filter(({ begun }) => begun !== 'whole');
  const exceptions: Exception[] = [
    ...broken.map(({ runId, errors }) => ({
      subject: runId,
      why: `could not begin: ${errors.join('; ') || 'in part'}`,
    })),
    ...runs.flatMap(({ at, gaps }) =>
      gaps.map(({ account, outcome }) => ({ subject: account, why: `${at.slice(0, 10)}: ${outcome}` })),
    ),
  ];
  return {
    id: 'coverage',
    title: 'Every account that was expected was swept in every run',
    asks: [{ framework: OWN, ids: 'no failure looks like nothing to do' }],
    verdict: verdictOf(gaps + broken.length, 0, runs.length > 0),
    finding:
      `${count(runs.length, 'run')} expected ${count(expected, 'sweep')} of accounts; ${gaps} did not come to their end, and ` +
      `${count(broken.length, 'run')} did not begin as a whole.`,
    inScope: expected,
    against: gaps + broken.length,
    excepted: 0,
    exceptions: exceptions.slice(0, MOST_EXCEPTIONS),
  };
}
