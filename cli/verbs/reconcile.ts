import type { AccountId, UserName } from '../../lambda/domain/ids.ts';
import { DAY, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { compareWithIam, explained, type IamComparison, type IamDifference } from '../compare-iam.ts';
import {
  actsSince,
  compareWithTrail,
  isKeyturn,
  type TrailDifference,
  type TrailMissing,
  trailSince,
} from '../compare-trail.ts';
import { accountToRead } from '../member-account.ts';
import { pastOf } from '../rebuilt-past.ts';
import type { Session } from '../session.ts';
import type { TrailEvent } from '../trail.ts';

export interface ReconcileOptions {
  readonly account?: AccountId;
  readonly days?: number;
}

/** Something that history and AWS do not agree on. */
export type Difference = IamDifference | TrailDifference;

export interface ReconcileReport extends Omit<IamComparison, 'differences'> {
  readonly account: AccountId;
  readonly at: IsoTime;
  /** From when on changes are compared with CloudTrail. */
  readonly since: IsoTime;
  /** Those with IAM first. */
  readonly differences: readonly Difference[];
  /** Changes by Keyturn that both history and CloudTrail know of. */
  readonly agreed: number;
  /** Changes by anybody else, oldest first. */
  readonly byOthers: readonly TrailEvent[];
  /** Absent: CloudTrail was compared. */
  readonly trailMissing?: TrailMissing;
}

/** What a sweep changed between the two readings is no difference: that is what is still so when both are read again. */
async function withIam(session: Session, account: AccountId, say: (line: string) => void): Promise<IamComparison> {
  const { clock, member } = session;
  const past = () => pastOf(session, account, clock.now(), { goneToo: true });
  const found = await compareWithIam(member.iam, await past(), account, say);
  if (found.differences.length === 0) return found;
  const among = new Set(found.differences.flatMap(namesIn));
  const again = await compareWithIam(member.iam, await past(), account, say, among);
  return { ...found, differences: again.differences, unread: [...found.unread, ...again.unread] };
}

/** Whoever has another name in IAM is read under both. */
const namesIn = (difference: IamDifference): readonly UserName[] => [
  difference.userName,
  ...('nameInIam' in difference ? [difference.nameInIam] : []),
];

/**
 * Compares history with the keys that are there, and with what CloudTrail says of who changed them; changes nothing. What
 * cannot be read is in the report, and the rest is compared all the same.
 *
 * @param say is told how far it is, for whoever waits.
 */
export async function reconcile(
  session: Session,
  options: ReconcileOptions,
  say: (line: string) => void,
): Promise<ReconcileReport> {
  const account = accountToRead(session, options.account);
  const now = session.clock.now();
  const since = now - (options.days ?? 90) * DAY;
  const { differences, ...iam } = await withIam(session, account, say);
  const acts = await actsSince(session, account, since);
  const trail = await trailSince(session, since);
  const byOthers = trail.events.filter((change) => !isKeyturn(session, account, change));
  const own = trail.events.filter((change) => isKeyturn(session, account, change));
  const compared =
    trail.missing === undefined ? compareWithTrail({ since, now }, acts, own) : { agreed: 0, differences: [] };
  return {
    account,
    at: toIso(now),
    since: toIso(since),
    ...iam,
    differences: [...differences.map((each) => explained(each, byOthers)), ...compared.differences],
    agreed: compared.agreed,
    byOthers,
    ...(trail.missing && { trailMissing: trail.missing }),
  };
}
