import type { ExemptionId } from '../../lambda/domain/ids.ts';
import type { Exemption } from '../../lambda/domain/owners.ts';
import { describeMatch } from '../../lambda/domain/user-match.ts';
import { CommandError } from '../errors.ts';
import { eventByCaller, exemptUser, subjectOf } from '../record.ts';
import type { Session } from '../session.ts';
import { type ExemptionReport, reported } from './exempt-list.ts';

export interface ExemptRevokeOptions {
  readonly id: ExemptionId;
  readonly reason: string;
}

/** Ends an exemption at once; it is told in history first, so running it again after a failure is harmless. */
export async function exemptRevoke(session: Session, options: ExemptRevokeOptions): Promise<ExemptionReport> {
  const exemption = await find(session, options.id);
  const { account, match } = exemption;
  const covers = { account, match };
  const details = { exemptionId: exemption.id, match: describeMatch(match), covers, reason: options.reason };
  const subject = await subjectOf(session, exemption, await exemptUser(session, exemption));
  await session.history.append([eventByCaller(session, 'exemption-revoked', details, subject)]);
  await session.owners.deleteExemption(exemption);
  return { ...reported(exemption, session.clock.now()), valid: false };
}

async function find(session: Session, id: ExemptionId): Promise<Exemption> {
  for await (const exemption of session.owners.allExemptions()) if (exemption.id === id) return exemption;
  throw new CommandError(`There is no exemption ${id}: 'keyturn exempt list --all' lists those there are.`);
}
