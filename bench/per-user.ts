import pLimit from 'p-limit';
import type { SweepMessage } from '../lambda/contracts/messages.ts';
import type { LastUse } from '../lambda/domain/facts.ts';
import type { AccessKeyId, UserName } from '../lambda/domain/ids.ts';
import { fromIso } from '../lambda/domain/time.ts';
import type { IamUser, MemberAccount } from '../lambda/ports.ts';
import { decideUser } from '../lambda/workflows/decide-user.ts';
import type { SweepWorld } from '../lambda/workflows/sweep-part.ts';
import { hasWork, sweepUser } from '../lambda/workflows/sweep-user.ts';

/** What the sweep needs beside what Keyturn needs: who owns a user stands in its tags. */
export interface PerUserMember extends MemberAccount {
  userTags(userName: UserName): Promise<unknown>;
}

export interface PerUserWorld extends Omit<SweepWorld, 'openAccount'> {
  openAccount(...args: Parameters<SweepWorld['openAccount']>): Promise<PerUserMember>;
}

/** Beyond what is planned nothing is taken. */
const none = { rotate: 0, disable: 0, delete: 0 };

/**
 * The sweep that other rotators do, every day: the list of users, and for each user its keys, the last use of each key and
 * its tags. Who is due is then handled by Keyturn's own code. Answers with what failed.
 */
export async function perUserSweep(
  world: PerUserWorld,
  { account, runId, now: runTime, mode }: SweepMessage,
  concurrency: number,
): Promise<readonly string[]> {
  const now = fromIso(runTime);
  const settings = { ...world.settings, mode };
  const member = await world.openAccount(account, runId);
  const { records } = await world.state.load(account);
  const context = { now, clock: world.clock, settings, exemptions: [], requests: [], reported: new Map() };
  const users: IamUser[] = [];
  for await (const user of member.iam.users()) users.push(user);
  const limit = pLimit(concurrency);
  const failures = await Promise.all(
    users.map((user) =>
      limit(async (): Promise<readonly string[]> => {
        const keys = await member.iam.keys(user.userName);
        const lastUses = new Map<AccessKeyId, LastUse>();
        for (const { keyId } of keys) lastUses.set(keyId, await member.iam.lastUse(keyId));
        await member.userTags(user.userName);
        const reading = { account, ...user, keys, fingerprint: '', readAt: world.clock.now() };
        // What it has read already it does not ask for again.
        const iam = { lastUse: async (keyId: AccessKeyId) => lastUses.get(keyId) ?? member.iam.lastUse(keyId) };
        const plan = await decideUser({ ...world, iam }, context, reading, records.get(user.userName));
        if (!hasWork(plan)) return [];
        const { outcomes } = await sweepUser({ ...world, settings, member, spare: none }, { runId, now }, plan);
        return outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.error] : []));
      }),
    ),
  );
  return failures.flat();
}
