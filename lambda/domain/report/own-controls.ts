import { instantOf } from '../past/recorded-time.ts';
import { DAY, toIso } from '../time.ts';
import { count, MOST_EXCEPTIONS, namesInWords, spansInWords, subjectOf, verdictOf } from './control-words.ts';
import { doubtsOfRuns } from './doubts.ts';
import type { Findings } from './findings.ts';
import type { Control, Exception } from './model.ts';

const OWN = "Keyturn's own rule";
const MOST_EXEMPT_DAYS = 365;

/** Whether whoever owns a key was told before it stopped. */
export function notice({ disablings, coverage }: Findings): Control {
  const untold = disablings.filter(({ proof }) => proof === 'none');
  const atOnce = disablings.filter(({ proof }) => proof === 'at-once').length;
  const keys = new Set(disablings.map(({ keyId }) => keyId)).size;
  const again = keys < disablings.length ? ` (of ${count(keys, 'key')}: some were Active again in between)` : '';
  const { unknown, sentence } = doubtsOfRuns(coverage);
  return {
    id: 'notice',
    title: 'Nothing was disabled before somebody had been told',
    asks: [{ framework: OWN, ids: 'a delivered notice before each disabling' }],
    verdict: verdictOf(untold.length, 0, unknown),
    finding:
      `${count(disablings.length, 'disabling')} by Keyturn${again}; for ${untold.length} no receipt is older than the ` +
      `disabling. ${count(atOnce, 'disabling')} came at once because somebody asked for it.${sentence}`,
    inScope: disablings.length,
    against: untold.length,
    excepted: 0,
    exceptions: untold.slice(0, MOST_EXCEPTIONS).map((row) => ({
      subject: subjectOf(row),
      why: `disabled on ${toIso(row.at).slice(0, 10)} without a receipt`,
    })),
    unknown,
  };
}

/** Whether each exemption is what it should be. */
export function exemption({ exemptions, coverage }: Findings): Control {
  const { unknown, sentence } = doubtsOfRuns(coverage);
  const against = exemptions.flatMap(({ id, approver, reason, grantedAt, expiresAt }): Exception[] => {
    const days = Math.round((instantOf(expiresAt) - instantOf(grantedAt)) / DAY);
    if (approver.trim() === '' || reason.trim() === '') return [{ subject: id, why: 'no approver or no reason' }];
    return days > MOST_EXEMPT_DAYS ? [{ subject: id, why: `granted for ${days} days` }] : [];
  });
  return {
    id: 'exemptions',
    title: 'Each exemption has an approver, a reason and an end within a year',
    asks: [{ framework: OWN, ids: 'recorded, reasoned, expiring' }],
    verdict: verdictOf(against.length, 0, unknown),
    finding: `${count(exemptions.length, 'exemption')} held in the period; ${against.length} of them not so.${sentence}`,
    inScope: exemptions.length,
    against: against.length,
    excepted: 0,
    exceptions: against.slice(0, MOST_EXCEPTIONS),
    unknown,
  };
}

/** Whether runs began when they were due, and reached whom they were to reach. */
export function coverage({ runs, swept, coverage: { ran, accounts, daysWithoutRun, scopeFrom } }: Findings): Control {
  const expected = runs.reduce((sum, run) => sum + run.expected, 0);
  const gaps = runs.reduce((sum, run) => sum + run.gapCount, 0);
  const broken = runs.filter(({ begun }) => begun !== 'whole');
  const unswept = accounts.filter((account) => !swept.has(account));
  const asked = new Set(runs.flatMap((run) => run.gaps.map(({ account }) => account)));
  const exceptions: Exception[] = [
    ...daysWithoutRun.map((day) => ({ subject: day, why: 'no run began' })),
    ...unswept
      .filter((account) => !asked.has(account))
      .map((account) => ({ subject: account, why: 'not swept in the period' })),
    ...broken.map(({ runId, errors }) => ({
      subject: runId,
      why: `could not begin: ${errors.join('; ') || 'in part'}`,
    })),
    ...runs.flatMap(({ at, gaps }) =>
      gaps.map(({ account, outcome }) => ({ subject: account, why: `${at.slice(0, 10)}: ${outcome}` })),
    ),
  ];
  const against = daysWithoutRun.length + gaps + broken.length;
  const { unknown, sentence } = doubtsOfRuns({ ran, accounts });
  const finding = [
    `${count(runs.length, 'run')} expected ${count(expected, 'sweep')} of accounts; ${gaps} did not come to their end, and ` +
      `${count(broken.length, 'run')} did not begin as a whole.`,
    ...(daysWithoutRun.length === 0
      ? []
      : [
          `No run began on ${count(daysWithoutRun.length, 'day')}: ${namesInWords(spansInWords(daysWithoutRun), '; ')}.`,
        ]),
    ...(unswept.length === 0 ? [] : [`Not swept at all: ${namesInWords(unswept)}.`]),
    ...(scopeFrom === undefined
      ? []
      : [`Before the first run, on ${toIso(scopeFrom).slice(0, 10)}, nothing is in scope.`]),
  ];
  return {
    id: 'coverage',
    title: 'A run began whenever one was due, and swept every account that was expected',
    asks: [{ framework: OWN, ids: 'no failure looks like nothing to do' }],
    verdict: verdictOf(against, 0, unknown),
    finding: finding.join(' ') + sentence,
    inScope: expected + daysWithoutRun.length + broken.length,
    against,
    excepted: 0,
    exceptions: exceptions.slice(0, MOST_EXCEPTIONS),
    unknown,
  };
}
