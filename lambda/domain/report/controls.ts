import type { KeyPast } from '../past/key-past.ts';
import { count, MOST_EXCEPTIONS, subjectOf, verdictOf, were } from './control-words.ts';
import type { Findings } from './findings.ts';
import { LIMIT_DAYS, overLimit, twoActive } from './limits.ts';
import type { Control, Exception, ReportModel } from './model.ts';
import { coverage, exemption, notice } from './own-controls.ts';
import type { Span } from './rotations.ts';

/** Every question that the report answers, in the order in which it is read. */
export const controlsOf = (findings: Findings): readonly Control[] => [
  age(findings),
  oneActive(findings),
  frequency(findings),
  notice(findings),
  exemption(findings),
  coverage(findings),
  unused,
];

function age({ past, period, basis }: Findings): Control {
  const over: { key: KeyPast; days: number; exempt: boolean }[] = [];
  let [inScope, atEnd, excepted] = [0, 0, 0];
  for (const key of past.keys.values()) {
    if (wasActive(key, period)) inScope += 1;
    const found = overLimit(past, key, period);
    if (found === undefined) continue;
    over.push({ key, ...found });
    if (found.exempt) excepted += 1;
    if (key.status === 'Active') atEnd += 1;
  }
  const exceptions = over
    .toSorted((a, b) => b.days - a.days)
    .slice(0, MOST_EXCEPTIONS)
    .map(({ key, days, exempt }): Exception => {
      const exemptionId = exempt ? past.exemptions.of(key, period.to - 1)?.id : undefined;
      const why = `Active and older than ${LIMIT_DAYS} days on ${count(days, 'day')} of the period`;
      return { subject: subjectOf(key), why, ...(exemptionId && { exemptionId }) };
    });
  return {
    id: 'age',
    title: `No Active key is older than ${LIMIT_DAYS} days, at any time of the period`,
    asks: [
      { framework: 'CIS AWS Foundations', ids: '1.14 (v1.4–4.0), 1.13 (v5.0), 2.13 (v6.0), 2.12 (v7.0)' },
      { framework: 'AWS Security Hub', ids: 'IAM.3 (NIST 800-53 r5 AC-2(1), AC-2(3), AC-3(15))' },
      { framework: 'AWS Config', ids: 'access-keys-rotated (maxAccessKeyAge 90)' },
      { framework: 'PCI DSS 4.0.1', ids: '8.3.9' },
    ],
    verdict: verdictOf(over.length, excepted, isKnown(basis) && inScope > 0),
    finding:
      `${count(over.length, 'key')} of ${inScope} Active in the period ${were(over.length)} older at some time, ` +
      `${atEnd} at its end; ${excepted} under an exemption.${unknownAges(basis)}`,
    inScope,
    against: over.length,
    excepted,
    exceptions,
  };
}

function oneActive({ past, period, basis }: Findings): Control {
  const users = Map.groupBy(past.keys.values(), ({ account, userName }) => `${account}/${userName}`);
  const [ever, exceptions]: [string[], Exception[]] = [[], []];
  let [atEnd, inScope] = [0, 0];
  for (const [user, keys] of users) {
    if (!keys.some((key) => wasActive(key, period))) continue;
    inScope += 1;
    const found = twoActive(keys, period);
    if (!found.ever && !found.atEnd) continue;
    ever.push(user);
    if (found.atEnd) atEnd += 1;
    const inRotation = keys.some(({ retirement }) => retirement?.successorKeyId !== undefined);
    const why = inRotation ? 'two Active keys during a rotation' : 'two Active keys, not of a rotation';
    if (exceptions.length < MOST_EXCEPTIONS) exceptions.push({ subject: user, why });
  }
  return {
    id: 'one-active-key',
    title: 'Each user has one Active key only, at any time of the period',
    asks: [{ framework: 'CIS AWS Foundations', ids: '1.13 (v3.0, v4.0), 1.12 (v5.0), 2.12 (v6.0)' }],
    verdict: verdictOf(ever.length, 0, isKnown(basis) && inScope > 0),
    finding:
      `${count(ever.length, 'user')} of ${inScope} had two Active keys at some time, ${atEnd} at the end. A rotation without ` +
      'outage has two from the publication of the new key to the disabling of the old one; the policy says how long.',
    inScope,
    against: ever.length,
    excepted: 0,
    exceptions,
  };
}

function frequency({ past, period, lateSteps, basis }: Findings): Control {
  const late = lateSteps.filter(({ step }) => step === 'rotate');
  const excepted = late.filter(({ exemptionId }) => exemptionId !== undefined).length;
  const inScope = [...past.keys.values()].filter(
    (key) => wasActive(key, period) && past.accounts.get(key.account)?.mode === 'enforce',
  ).length;
  return {
    id: 'frequency',
    title: 'Keys are changed as often as the policy in force demands',
    asks: [{ framework: 'PCI DSS 4.0.1', ids: '8.6.3' }],
    verdict: verdictOf(late.length, excepted, isKnown(basis) && inScope > 0),
    finding:
      `${count(late.length, 'rotation')} came more than two days after the policy's date or ${late.length === 1 ? 'is' : 'are'} ` +
      `still to come; ${excepted} under an exemption. In scope are the ${inScope} keys of accounts that enforce.`,
    inScope,
    against: late.length,
    excepted,
    exceptions: late.slice(0, MOST_EXCEPTIONS).map(({ account, userName, keyId, daysLate, cause }) => ({
      subject: subjectOf({ account, userName, keyId }),
      why: `${count(daysLate, 'day')} late: ${cause}`,
    })),
  };
}

const unused: Control = {
  id: 'unused',
  title: 'Keys unused for 45 days are disabled',
  asks: [{ framework: 'CIS AWS Foundations', ids: '2.11 (v6.0)' }],
  verdict: 'not-assessed',
  finding: 'History does not tell when each key was last used: the credential report of each account does.',
  inScope: 0,
  against: 0,
  excepted: 0,
  exceptions: [],
};

/** Whether the keys of every account are known, with their ages. */
const isKnown = ({ withoutInventory, keysOfUnknownAge }: ReportModel['basis']): boolean =>
  withoutInventory.length === 0 && keysOfUnknownAge === 0;

function unknownAges({ withoutInventory, keysOfUnknownAge }: ReportModel['basis']): string {
  const parts = [
    ...(keysOfUnknownAge === 0 ? [] : [`${count(keysOfUnknownAge, 'key')} of unknown age`]),
    ...(withoutInventory.length === 0 ? [] : [`${count(withoutInventory.length, 'account')} without an inventory`]),
  ];
  return parts.length === 0 ? '' : ` Not known: ${parts.join(', ')}.`;
}

const wasActive = ({ active }: KeyPast, { from, to }: Span): boolean =>
  active.some((span) => span.from < to && (span.until === undefined || span.until > from));
