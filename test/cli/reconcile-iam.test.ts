import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { AccessDeniedError, UnavailableError, UserGoneError } from '../../lambda/ports.ts';
import { ACCOUNT, anAccountEvent } from '../support/builders.ts';
import { DAY_0, onDay, type SweepStory } from '../workflows/support/sweep-story.ts';
import { inOneLine } from './past-cli.ts';
import { traced } from './traced.ts';

describe('keyturn reconcile, between history and IAM', () => {
  describe.each([
    ['without CloudTrail', false],
    ['with CloudTrail', true],
  ])('%s', (_name, allowed) => {
    async function compared(change: (world: Awaited<ReturnType<typeof traced>>) => void) {
      const world = await traced();
      if (!allowed) world.cli.trail = new AccessDeniedError('AWS denied cloudtrail:LookupEvents: no policy allows it.');
      change(world);
      const { exitCode, out } = await world.cli.run('reconcile');
      return { exitCode, told: inOneLine(out) };
    }

    test('finds a key that history calls deleted and IAM still has', async () => {
      const { exitCode, told } = await compared(({ story: { iam }, old }) => {
        const listed = iam.keys.bind(iam);
        iam.keys = async (userName) => [
          ...(await listed(userName)),
          ...(userName === old.userName ? [{ ...old, status: 'Active' as const, createdAt: DAY_0 - 400 * DAY }] : []),
        ];
      });
      expect(told).toMatch(/Key \w+ of old is gone by history since 2026-01-21 06:00 and Active in IAM/);
      expect(exitCode).toBe(1);
    });

    test('finds a key that is older than the last inventory and not in history', async () => {
      let made = '';
      const { exitCode, told } = await compared(({ story, young }) => {
        made = story.iam.createKeyByHand(young.userName, { createdAt: DAY_0 - DAY });
      });
      expect(told).toContain(`Key ${made} of young, Active in IAM and created 2025-12-31 06:00, is not in history`);
      expect(exitCode).toBe(1);
    });

    test('finds a user that history knows nothing of', async () => {
      const { exitCode, told } = await compared(({ story }) => {
        story.userWithKey('brandnew', 300);
      });
      expect(told).toMatch(/Key \w+ of brandnew, Active in IAM/);
      expect(exitCode).toBe(1);
    });

    test('does not call it a difference that a key is younger than the last inventory; it is told', async () => {
      const { exitCode, told } = await compared(({ story, young }) => {
        story.iam.createKeyByHand(young.userName, { createdAt: onDay(25) });
      });
      expect(told).toMatch(
        /Not in history yet, because they are younger than the inventory of 2026-01-2\d 06:00.*: \w+ of young/,
      );
      expect(exitCode).toBe(0);
    });

    test('finds a key that is gone from IAM although history has it', async () => {
      const { exitCode, told } = await compared(({ story, young }) => story.iam.deleteKeyByHand(young.keyId));
      expect(told).toMatch(/Key \w+ of young is Active by history and gone in IAM/);
      expect(exitCode).toBe(1);
    });
  });

  test('what a sweep changes while the two are read is no difference', async () => {
    const {
      story: { iam },
      cli,
      young,
    } = await traced();
    const listed = iam.keys.bind(iam);
    let readings = 0;
    iam.keys = async (userName) => {
      const keys = await listed(userName);
      if (userName !== young.userName) return keys;
      readings += 1;
      return readings > 1 ? keys : keys.map((key) => ({ ...key, status: 'Inactive' as const }));
    };
    const { exitCode, out } = await cli.run('reconcile');
    expect(out).toContain('✔ History and AWS agree.');
    expect([exitCode, readings]).toEqual([0, 2]);
  });

  test('a key whose user has another name by now is compared under both, also when read again', async () => {
    const {
      story: { iam },
      cli,
      young,
    } = await traced();
    const [names, listed] = [iam.users.bind(iam), iam.keys.bind(iam)];
    const renamed = parseUserName('young-2');
    iam.users = async function* () {
      for await (const user of names()) yield user.userName === young.userName ? { ...user, userName: renamed } : user;
    };
    iam.keys = (userName) => {
      if (userName === young.userName) return Promise.reject(new UserGoneError(userName));
      return listed(userName === renamed ? young.userName : userName);
    };
    expect((await cli.run('reconcile')).exitCode).toBe(0);
    iam.deactivate(young.keyId);
    const { out, exitCode } = await cli.run('reconcile');
    expect(inOneLine(out)).toContain(
      `Key ${young.keyId} of young (in IAM of young-2) is Active by history and Inactive in IAM`,
    );
    expect(exitCode).toBe(1);
  });

  test('says of an unknown key that the last inventory could not read its user', async () => {
    const { story, cli } = await traced();
    const time = new Date(onDay(25) + 60_000).toISOString();
    const { userName } = story.userWithKey('unread', 100);
    await story.ledger.append([
      anAccountEvent('inventory-taken', {
        ...{ account: ACCOUNT, time },
        details: { part: { number: 1, of: 1 }, startedAt: time, users: await usersIn(story), unread: [userName] },
      }),
    ]);
    cli.clock.advance(DAY);
    const { out, exitCode } = await cli.run('reconcile');
    expect(inOneLine(out)).toMatch(
      /of unread, Active in IAM and .*, is not in history: the inventory of 2026-01-26 06:01 could not read its user/,
    );
    expect(exitCode).toBe(1);
  });

  test('a user that cannot be read is named, and the comparison is not called whole', async () => {
    const {
      story: { iam },
      cli,
      young,
    } = await traced();
    const listed = iam.keys.bind(iam);
    iam.keys = (userName) =>
      userName === young.userName
        ? Promise.reject(new UnavailableError('iam:ListAccessKeys failed'))
        : listed(userName);
    const { exitCode, out, err } = await cli.run('reconcile');
    expect(inOneLine(out)).toContain('young: iam:ListAccessKeys failed');
    expect(out).not.toContain('young is Active by history');
    expect(exitCode).toBe(1);
    expect(err).toContain('Not everything could be compared');
  });

  test('when users cannot be listed those of history are compared, and the rest is said to be missing', async () => {
    const {
      story: { iam },
      cli,
    } = await traced();
    iam.users = async function* () {
      yield* [];
      throw new AccessDeniedError('AWS denied iam:ListUsers: no policy allows it.');
    };
    const { exitCode, out } = await cli.run('reconcile');
    expect(inOneLine(out)).toContain('AWS denied iam:ListUsers');
    expect(inOneLine(out)).toContain('2 keys of 2 users');
    expect(exitCode).toBe(1);
  });
});

/** What an inventory lists of users that history has heard of. */
async function usersIn({ iam }: SweepStory): Promise<HistoryEvent<'inventory-taken'>['details']['users']> {
  const found: HistoryEvent<'inventory-taken'>['details']['users'][number][] = [];
  for await (const { userName, userId } of iam.users()) {
    if (userName === 'unread') continue;
    const keys = await iam.keys(userName);
    found.push({
      userName,
      userId,
      keys: keys.map((key) => ({ ...key, createdAt: new Date(key.createdAt).toISOString() })),
    });
  }
  return found;
}
