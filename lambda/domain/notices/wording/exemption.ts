import type { HistoryEvent } from '../../events.ts';
import { code, type Phrase, quote } from '../phrase.ts';
import type { Words } from '../words.ts';
import type { Voice, Wording } from './wording.ts';

/** Exemptions are facts in either mode: people grant and revoke them, and time ends them. */

export const exemptionEnding = (
  { details: { expiresAt, retiring = [] } }: HistoryEvent<'exemption-ending'>,
  { words, when, day }: Voice,
): Wording => {
  const keys = retiring.map(({ keyId, step, at }) =>
    words(`exemption-ending.lines.${step}`, { key: code(keyId), at: when(at) }),
  );
  return {
    heading: words('exemption-ending.heading'),
    subject: words('exemption-ending.subject', { day: day(expiresAt) }),
    deadline: expiresAt,
    lines: [words('exemption-ending.lines.until', { expiresAt: when(expiresAt) }), ...keys],
    brief: { lines: [words('exemption-ending.short', { expiresAt: when(expiresAt) }), ...keys] },
    advice: [words('exemption-ending.advice.ready')],
  };
};

export const exemptionEnded = ({ words }: Voice): Wording => ({
  heading: words('exemption-ended.heading'),
  lines: [words('exemption-ended.lines.what'), words('exemption-ended.lines.retiring')],
  brief: { lines: [words('exemption-ended.short')] },
  advice: [words('exemption-ended.advice.ready')],
});

export const exemptionGranted = (
  { userName, actor, details }: HistoryEvent<'exemption-granted'>,
  { words, when }: Voice,
): Wording => ({
  heading: words('exemption-granted.heading'),
  lines: [
    words('exemption-granted.lines.until', {
      expiresAt: when(details.expiresAt),
      match: matchOf(details, words),
    }),
    words('exemption-granted.lines.reason', { reason: quote(details.reason) }),
    words('exemption-granted.lines.who', {
      approver: quote(details.approver, 100),
      actor: code(quote(actor, 200)),
    }),
  ],
  advice: [userName === undefined ? words('exemption-granted.advice.pattern') : words('exemption-granted.advice.none')],
});

export const exemptionRevoked = (
  { userName, actor, details }: HistoryEvent<'exemption-revoked'>,
  { words }: Voice,
): Wording => ({
  heading: words('exemption-revoked.heading'),
  lines: [
    words('exemption-revoked.lines.what', { match: matchOf(details, words) }),
    words('exemption-ended.lines.retiring'),
    words('exemption-revoked.lines.reason', { reason: quote(details.reason) }),
    words('exemption-revoked.lines.who', { actor: code(quote(actor, 200)) }),
  ],
  advice: [
    userName === undefined ? words('exemption-revoked.advice.pattern') : words('exemption-revoked.advice.ready'),
  ],
});

/** Whose keys it is about. */
function matchOf(
  { match, covers }: HistoryEvent<'exemption-granted' | 'exemption-revoked'>['details'],
  words: Words,
): Phrase {
  const users = code(quote(match, 200));
  return covers?.account === '*' ? words('exemption.everywhere', { match: users }) : [users];
}
