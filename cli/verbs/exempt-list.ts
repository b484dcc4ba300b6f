import type { AccountId, ExemptionId } from '../../lambda/domain/ids.ts';
import type { Exemption } from '../../lambda/domain/owners.ts';
import { type Instant, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { describeMatch } from '../../lambda/domain/user-match.ts';
import type { Session } from '../session.ts';

export interface ExemptionReport {
  readonly id: ExemptionId;
  readonly account: AccountId | '*';
  /** The rule in words: `users named ci-*`. */
  readonly match: string;
  readonly reason: string;
  readonly approver: string;
  readonly grantedBy: string;
  readonly grantedAt: IsoTime;
  readonly expiresAt: IsoTime;
  readonly valid: boolean;
}

/** Exemptions that hold now, the next to end first; with `all` those that have ended too. */
export async function exemptList(
  session: Session,
  options: { readonly all?: boolean },
): Promise<{ readonly at: IsoTime; readonly exemptions: readonly ExemptionReport[] }> {
  const now = session.clock.now();
  const exemptions: ExemptionReport[] = [];
  for await (const exemption of session.owners.allExemptions()) exemptions.push(reported(exemption, now));
  return {
    at: toIso(now),
    exemptions: exemptions
      .filter(({ valid }) => options.all || valid)
      .toSorted((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1)),
  };
}

export const reported = (exemption: Exemption, now: Instant): ExemptionReport => ({
  id: exemption.id,
  account: exemption.account,
  match: describeMatch(exemption.match),
  reason: exemption.reason,
  approver: exemption.approver,
  grantedBy: exemption.grantedBy,
  grantedAt: toIso(exemption.grantedAt),
  expiresAt: toIso(exemption.expiresAt),
  valid: now < exemption.expiresAt,
});
