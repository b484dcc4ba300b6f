import type { KeyPast } from '../past/key-past.ts';
import { count, MOST_EXCEPTIONS, subjectOf, verdictOf, were } from './control-words.ts';
import { doubtsOfKeys } from './doubts.ts';
import type { Findings } from './findings.ts';
import { LIMIT_DAYS, type OverLimit, overLimit, twoActive } from './limits.ts';
import type { Control, Exception } from './model.ts';
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

function age(findings: Findings): Control {
  const { past, period } = findings;
  const over: ({ readonly key: KeyPast } & OverLimit)[] = [];
  const inScope: KeyPast[] = [];
  let [atEnd, excepted] = [0, 0];
  for (const key of past.keys.values()) {
    if (wasActive(key, period)) inScope.push(key);
    const found = overLimit(past, key, period);
    if (found === undefined) continue;
    over.push({ key, ...found });
    if (found.bareDays === 0) excepted += 1;
    if (key.status === 'Active') atEnd += 1;
  }
  const exceptions = over
    .toSorted((a, b) => b.days - a.days)
    .slice(0, MOST_EXCEPTIONS)
    .map(({ key, days, bareDays, exemptionId }): Exception => {
      const bare = exemptionId === undefined || bareDays === 0 ? '' : `, ${bareDays} of them under no exemption`;
      const why = `Active and older than ${LIMIT_DAYS} days on ${count(days, 'day')} of the period${bare}`;
      return { subject: subjectOf(key), why, ...(exemptionId && { exemptionId }) };
    });
  const { unknown, sentence } = doubtsOfKeys(findings, 'throughout', inScope, 'age');
  return {
    id: 'age',
    title: `No Active key is older than ${LIMIT_DAYS} days, at any time of the period`,
    asks: [
      { framework: 'CIS AWS Foundations', ids: '1.14 (v1.4–4.0), 1.13 (v5.0), 2.13 (v6.0), 2.12 (v7.0)' },
      { framework: 'AWS Security Hub', ids: 'IAM.3 (NIST 800-53 r5 AC-2(1), AC-2(3), AC-3(15))' },
      { framework: 'AWS Config', ids: 'access-keys-rotated (maxAccessKeyAge 90)' },
      { framework: 'PCI DSS 4.0.1', ids: '8.3.9' },
    ],
    verdict: verdictOf(over.length, excepted, unknown),
    finding:
      `${count(over.length, 'key')} of ${inScope.length} Active in the period ${were(over.length)} older at some time, ` +
      `${atEnd} at its end; ${excepted} under an exemption all the time.${sentence}`,
    inScope: inScope.length,
    against: over.length,
    excepted,
    exceptions,
    unknown: unknown.slice(0, MOST_EXCEPTIONS),
  };
}

function oneActive(findings: Findings): Control {
  const { past, period } = findings;
  const users = Map.groupBy(past.keys.values(), ({ account, userName }) => `${account}/${userName}`);
  const [ever, exceptions]: [string[], Exception[]] = [[], []];
  const keysInScope: KeyPast[] = [];
  let [atEnd, inScope] = [0, 0];
  for (const [user, keys] of users) {
    if (!keys.some((key) => wasActive(key, period))) continue;
    inScope += 1;
    keysInScope.push(...keys);
    const found = twoActive(keys, period);
    if (!found.ever && !found.atEnd) continue;
    ever.push(user);
    if (found.atEnd) atEnd += 1;
    const inRotation = keys.some(({ retirement }) => retirement?.successorKeyId !== undefined);
    const why = inRotation ? 'two Active keys during a rotation' : 'two Active keys, not of a rotation';
    if (exceptions.length < MOST_EXCEPTIONS) exceptions.push({ subject: user, why });
  }
  const { unknown, sentence } = doubtsOfKeys(findings, 'throughout', keysInScope, 'status');
  return {
    id: 'one-active-key',
    title: 'Each user has one Active key only, at any time of the period',
    asks: [{ framework: 'CIS AWS Foundations', ids: '1.13 (v3.0, v4.0), 1.12 (v5.0), 2.12 (v6.0)' }],
    verdict: verdictOf(ever.length, 0, unknown),
    finding:
      `${count(ever.length, 'user')} of ${inScope} had two Active keys at some time, ${atEnd} at the end. A rotation without ` +
      `outage has two from the publication of the new key to the disabling of the old one; the policy says how long.${sentence}`,
    inScope,
    against: ever.length,
    excepted: 0,
    exceptions,
    unknown: unknown.slice(0, MOST_EXCEPTIONS),
  };
}

function frequency(findings: Findings): Control {
  const { past, period, lateSteps } = findings;
  const late = lateSteps.filter(({ step }) => step === 'rotate');
  const excepted = late.filter(({ exemptionId }) => exemptionId !== undefined).length;
  const inScope = [...past.keys.values()].filter(
    (key) => wasActive(key, period) && past.accounts.get(key.account)?.mode === 'enforce',
  );
  const { unknown, sentence } = doubtsOfKeys(findings, 'at the end', inScope, 'age');
  return {
    id: 'frequency',
    title: 'Keys are changed as often as the policy in force demands',
    asks: [{ framework: 'PCI DSS 4.0.1', ids: '8.6.3' }],
    verdict: verdictOf(late.length, excepted, unknown),
    finding:
      `${count(late.length, 'rotation')} came more than two days after the policy's date or ${late.length === 1 ? 'is' : 'are'} ` +
      `still to come; ${excepted} under an exemption. In scope: ${count(inScope.length, 'key')} of accounts that enforce.${sentence}`,
    inScope: inScope.length,
    against: late.length,
    excepted,
    exceptions: late.slice(0, MOST_EXCEPTIONS).map(({ account, userName, keyId, daysLate, cause, exemptionId }) => ({
      subject: subjectOf({ account, userName, keyId }),
      why: `${count(daysLate, 'day')} late: ${cause}`,
      ...(exemptionId && { exemptionId }),
    })),
    unknown: unknown.slice(0, MOST_EXCEPTIONS),
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
  unknown: [],
};

const wasActive = ({ active }: KeyPast, { from, to }: Span): boolean =>
  active.some((span) => span.from < to && (span.until === undefined || span.until > from));
