import type { HistoryEvent } from '../../events.ts';
import { code, quote, say } from '../phrase.ts';
import type { Voice, Wording } from './wording.ts';

/** Exemptions are facts in either mode: people grant and revoke them, and time ends them. */

export const exemptionEnding = (
  { details: { expiresAt } }: HistoryEvent<'exemption-ending'>,
  { when, day }: Voice,
): Wording => ({
  heading: 'Exemption ends',
  subject: `Exemption ends on ${day(expiresAt)}`,
  deadline: expiresAt,
  lines: [say`The exemption from rotation ends on ${when(expiresAt)}. A key that is overdue then is replaced at once.`],
  advice: [say`Be ready to switch to a new key. If that is impossible, ask for a new exemption before then.`],
});

export const exemptionGranted = ({ actor, details }: HistoryEvent<'exemption-granted'>, { when }: Voice): Wording => ({
  heading: 'Exemption granted',
  lines: [
    say`Until ${when(details.expiresAt)} Keyturn leaves the keys of ${code(quote(details.match, 200))} as they are.`,
    say`Reason: ${quote(details.reason)}`,
    say`Approved by ${quote(details.approver, 100)}, recorded by ${code(quote(actor, 200))}.`,
  ],
  advice: [say`Nothing to do. You are told again before it ends.`],
});

export const exemptionRevoked = ({ actor, details }: HistoryEvent<'exemption-revoked'>): Wording => ({
  heading: 'Exemption revoked',
  lines: [
    say`The exemption from rotation of ${code(quote(details.match, 200))} no longer holds. A key that is overdue is replaced in the next run.`,
    say`Reason: ${quote(details.reason)}`,
    say`Revoked by ${code(quote(actor, 200))}.`,
  ],
  advice: [say`Be ready to switch to a new key.`],
});
