import pLimit from 'p-limit';
import type { KeyFacts, LastUse } from '../../lambda/domain/facts.ts';
import { LastUseUnknownError } from '../../lambda/domain/forecast/futures.ts';
import { ofEverybody, type PretendedUser } from '../../lambda/domain/forecast/pretended-user.ts';
import type { AccessKeyId, AccountId } from '../../lambda/domain/ids.ts';
import type { KnownUserPlan } from '../../lambda/domain/plan.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import { blankTracking } from '../../lambda/domain/tracking.ts';
import { exemptionFor, ownerFor } from '../../lambda/domain/user-match.ts';
import { planAccount } from '../../lambda/workflows/plan-account.ts';
import type { Session } from '../session.ts';
import { refuseIfNoneRead, type UnreadUser } from '../unread.ts';
import type { AccountMembers, Member } from './members.ts';

export interface LiveAccount {
  readonly members: AccountMembers;
  readonly unread: readonly UnreadUser[];
}

/** IAM throttles an account as a whole: more at once only wait for each other. */
const AT_ONCE = 8;
/** Each round names all keys that a user's future asks about at that point; it has two at most, and its successors are known. */
const MOST_ROUNDS = 4;

/** Reads an account as a plan does. `tries`: throws a LastUseUnknownError when a user's future rests on a last use that was not read. */
export async function liveMembers(
  session: Session,
  account: AccountId,
  policy: Policy,
  tries: (user: PretendedUser) => void,
): Promise<LiveAccount> {
  const now = session.clock.now();
  // As if it were enforced from now on: what observe has pretended so far has not happened.
  const settings = { ...session.deployment.settings, mode: 'enforce' as const, policy };
  const plan = await planAccount(session, { account, now, settings });
  const exemptions = await session.owners.exemptions(account);
  const assignments = await session.owners.assignments(account);
  const known = plan.users.filter((user) => user.kind === 'known');
  const unread = plan.users.flatMap((user) => (user.kind === 'unknown' ? [user.user] : []));
  refuseIfNoneRead(known, unread);
  const limit = pLimit(AT_ONCE);
  const members = await Promise.all(
    known.map((user) =>
      limit(async (): Promise<Member> => ({ user: await read(user), count: 1, example: user.user.userName })),
    ),
  );
  return {
    members: {
      account,
      users: known.length + unread.length,
      keys: known.reduce((sum, { user }) => sum + user.keys.length, 0),
      usersWithoutKeys: known.filter(({ user }) => user.keys.length === 0).length,
      rootKeys: plan.rootKeys ?? 0,
      members: members.filter(({ user }) => user.keys.length > 0),
      unknown: [],
    },
    unread,
  };

  async function read({ user, record }: KnownUserPlan): Promise<PretendedUser> {
    const tracking = record?.userId === user.userId ? record.tracking : blankTracking;
    const exemption = exemptionFor(exemptions, user, now);
    const uses = new Map<AccessKeyId, LastUse>();
    const pretended = (): PretendedUser => ({
      keys: user.keys.map(
        (key): KeyFacts => ({
          ...key,
          lastUse: uses.get(key.keyId) ?? key.lastUse,
          reportedUse: key.reportedUse ?? { kind: 'never' },
        }),
      ),
      tracking,
      exemptions: exemption === undefined ? [] : [ofEverybody(exemption)],
      hasSecret: Object.values(tracking.retirements).some(({ why }) => why === 'rotated'),
      owner: ownerFor(assignments, user) ?? 'operators',
    });
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      try {
        tries(pretended());
        return pretended();
      } catch (error) {
        if (!(error instanceof LastUseUnknownError)) throw error;
        for (const keyId of error.keyIds) uses.set(keyId, await session.member.iam.lastUse(keyId));
      }
    }
    throw new Error(`the last use of ${user.userName}'s keys is asked for again and again: this is a defect`);
  }
}
