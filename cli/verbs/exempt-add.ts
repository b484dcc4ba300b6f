import type { AccountId } from '../../lambda/domain/ids.ts';
import type { Exemption } from '../../lambda/domain/owners.ts';
import { toIso } from '../../lambda/domain/time.ts';
import { describeMatch } from '../../lambda/domain/user-match.ts';
import { CommandError } from '../errors.ts';
import type { ExemptionTerms } from '../exemption-terms.ts';
import { accountAbout } from '../member-account.ts';
import { eventByCaller, exemptUser, type Subject, subjectOf } from '../record.ts';
import type { Session } from '../session.ts';
import { type ExemptionReport, reported } from './exempt-list.ts';

export interface ExemptAddOptions extends ExemptionTerms {
  /** Default: the account whose IAM is read. */
  readonly account?: AccountId | '*';
  readonly reason: string;
  readonly approver: string;
}

/** Records an exemption, in history first: none ever holds of which history does not know. */
export async function exemptAdd(session: Session, options: ExemptAddOptions): Promise<ExemptionReport> {
  const now = session.clock.now();
  const terms: Exemption = {
    id: session.ids.exemption(now),
    account: accountAbout(session, options.account),
    match: options.match,
    reason: options.reason,
    approver: options.approver,
    grantedBy: session.callerArn,
    grantedAt: now,
    expiresAt: options.expiresAt,
  };
  const { id: exemptionId, reason, approver, expiresAt } = terms;
  const match = describeMatch(terms.match);
  const user = await exemptUser(session, terms);
  if (user === 'gone') {
    throw new CommandError(`There is no such IAM ${match} in account ${terms.account}: check the name.`);
  }
  // Another user who is given the name later is not exempt.
  const ofThisUser = user === undefined ? {} : { userId: user.userId };
  const exemption: Exemption = { ...terms, ...ofThisUser };
  const subject = await subjectOf(session, exemption, user);
  const covers = { account: exemption.account, match: exemption.match, ...ofThisUser };
  const details = { exemptionId, match, covers, reason, approver, expiresAt: toIso(expiresAt) };
  await session.history.append([eventByCaller(session, 'exemption-granted', details, subject)]);
  try {
    await session.owners.putExemption(exemption);
  } catch (cause) {
    await takeBack(session, exemption, subject, cause);
    throw cause;
  }
  return reported(exemption, now);
}

/** History told of an exemption that may not have been stored: make sure that it is not, and say so there. */
async function takeBack(session: Session, exemption: Exemption, subject: Subject, cause: unknown): Promise<void> {
  try {
    await session.owners.deleteExemption(exemption);
    const { id: exemptionId, account, match } = exemption;
    const covers = { account, match };
    const details = { exemptionId, match: describeMatch(match), covers, reason: 'it was never stored' };
    await session.history.append([eventByCaller(session, 'exemption-revoked', details, subject)]);
  } catch {
    throw new CommandError(
      `Exemption ${exemption.id} is in history, but whether it was stored is unknown: ` +
        `look with 'keyturn exempt list', then revoke it or add it again.`,
      { cause },
    );
  }
}
