import type { PastStatusReport } from '../../cli/verbs/status-at.ts';
import type { PastStatusOfAll } from '../../cli/verbs/status-at-all.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { type AccountId, parseAccessKeyId, parseAccountId, parseEventId, parseRunId } from '../../lambda/domain/ids.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { ACCOUNT, anAccountEvent, OTHER_ACCOUNT, someSettings } from '../support/builders.ts';
import { DAY_0, onDay, SweepStory } from '../workflows/support/sweep-story.ts';
import { dateOf, inOneLine, lived, PastCli } from './past-cli.ts';

describe('keyturn status --at', () => {
  test('shows every key as it was', async () => {
    const { cli, old } = await lived(25);
    const report = (await cli.json('status', '--at', dateOf(12))) as PastStatusReport;
    const states = report.keys.map(({ userName, status, state }) => [userName, status, state]);
    expect(states).toEqual([
      ['old', 'Inactive', 'retiring'],
      ['old', 'Active', 'current'],
      ['young', 'Active', 'current'],
    ]);
    expect(report.keys[0]).toMatchObject({ keyId: old.keyId, told: { to: 'operators' }, next: { step: 'delete' } });
  });

  test('on 80 columns says what it rests on', async () => {
    const { cli } = await lived(12);
    const { out } = await cli.run('status', '--at', dateOf(5));
    expect(out).toContain(
      `Account ${ACCOUNT} as of 2026-01-06 06:01 UTC, from history alone; mode enforce, policy 90/100/110 days`,
    );
    expect(out).toContain('Every key that was there on 2026-01-01');
    expect(out).toMatch(/3 keys of 2 users\.$/);
  });

  test('before anything was known has no keys, and says why', async () => {
    const { cli } = await lived(0);
    const { out } = await cli.run('status', '--at', '2025-12-01');
    expect(out).toContain('No inventory was on record by then');
    expect(out).toContain('0 keys of 0 users.');
  });

  test('of what has not come yet is refused; today is not', async () => {
    const { cli } = await lived(5);
    const { exitCode, err, out } = await cli.run('status', '--at', '2028-01-01');
    expect(exitCode).toBe(2);
    expect(out).toBe('');
    expect(inOneLine(err)).toContain('2028-01-01 00:00 UTC has not come yet (it is 2026-01-06 06:00 UTC)');
    expect((await cli.run('status', '--at', '2026-01-06')).exitCode).toBe(0);
  });

  test('tells who was warned of a rotation, and until when a key is exempt and by whom', async () => {
    const { cli, story } = await lived(77);
    cli.clock.set(onDay(77) + 60_000);
    await cli.run('exempt', 'add', '--name-pattern', 'o*', '--reason', 'vendor', '--approver', 'Dana', '--for', '60d');
    await story.sweepOn(78);
    cli.clock.set(story.clock.now());
    const { keys } = (await cli.json('status', '--at', dateOf(77))) as PastStatusReport;
    expect(keys.find(({ userName }) => userName === 'young')).toMatchObject({
      state: 'warned',
      told: { to: 'operators', at: expect.stringMatching(/^2026-03-1[78]/) },
    });
    const later = (await cli.json('status', '--at', new Date(cli.clock.now()).toISOString())) as PastStatusReport;
    expect(later.keys.find(({ userName }) => userName === 'old')).toMatchObject({
      state: 'exempt',
      exemption: { approver: 'Dana', reason: 'vendor', until: expect.stringMatching(/^2026-05-18/) },
    });
    expect((await cli.run('status', '--at', new Date(cli.clock.now()).toISOString())).out).toContain('exempt');
  });

  test('agrees with what IAM had, day by day, while people interfere', async () => {
    const story = new SweepStory();
    story.settings = someSettings({ mode: 'enforce' });
    story.userWithKey('young', 0);
    const old = story.userWithKey('old', 400);
    const twin = story.userWithKey('twin', 300);
    story.iam.createKeyByHand(twin.userName, { createdAt: DAY_0 - 200 * DAY });
    const idle = story.userWithKey('idle', 500);
    story.iam.deactivate(idle.keyId);
    const real: string[][] = [];
    const asOf: number[] = [];
    for (let day = 0; day <= 130; day += 1) {
      // What people do is known from the sweep on that finds it.
      if (day === 12) story.iam.reactivate(old.keyId);
      await story.sweepOn(day);
      real.push(await keysIn(story));
      asOf.push(story.clock.now());
    }
    const cli = new PastCli(story);
    for (const [day, at] of asOf.entries()) {
      const { keys } = (await cli.json('status', '--at', new Date(at).toISOString())) as PastStatusReport;
      expect({ day, keys: keys.map(({ keyId, status }) => `${keyId} ${status}`).toSorted() }).toEqual({
        day,
        keys: real[day],
      });
    }
  });
});

async function keysIn({ iam }: SweepStory): Promise<string[]> {
  const found: string[] = [];
  for await (const { userName } of iam.users()) {
    for (const { keyId, status } of await iam.keys(userName)) found.push(`${keyId} ${status}`);
  }
  return found.toSorted();
}

describe('keyturn status --at --all-accounts', () => {
  const THIRD = parseAccountId('777788889999');
  /** What the hub's account lived through, told of another one too; a third was expected until day 2. */
  async function several() {
    const { story, cli } = await lived(12);
    cli.clock.advance(DAY);
    const moved = story.ledger.events().map((event) => inAccount(event, OTHER_ACCOUNT));
    await story.ledger.append(moved);
    const started = (day: number, expectedAccounts: readonly AccountId[]) =>
      anAccountEvent('run-started', {
        account: ACCOUNT,
        time: new Date(onDay(day)).toISOString(),
        runId: parseRunId(`run-of-day-${day}`),
        details: { part: { number: 1, of: 1 }, expectedAccounts, enforcingAccounts: [], skippedAccounts: [] },
      });
    await story.ledger.append([
      started(1, [ACCOUNT]),
      started(2, [ACCOUNT, OTHER_ACCOUNT, THIRD]),
      started(12, [ACCOUNT, OTHER_ACCOUNT]),
    ]);
    return { cli };
  }

  test('shows every account on record, tells how far it is, and which ones the runs no longer expect', async () => {
    const { cli } = await several();
    const { out, err, exitCode } = await cli.run('status', '--at', dateOf(12), '--all-accounts');
    expect(exitCode).toBe(0);
    expect(err.split('\n')).toEqual([
      `Account 1 of 3: ${ACCOUNT}`,
      `Account 2 of 3: ${OTHER_ACCOUNT}`,
      `Account 3 of 3: ${THIRD}`,
    ]);
    expect(out).toContain('3 accounts as of 2026-01-13 06:01 UTC, from history alone');
    expect(out).toMatch(new RegExp(`${OTHER_ACCOUNT}[^]*old`));
    expect(inOneLine(out)).toContain(`${THIRD}: no run has expected it since 2026-01-03 06:00`);
    expect(inOneLine(out)).toContain('6 keys of 4 users in 3 accounts.');
  });

  test('as JSON has a report for each', async () => {
    const { cli } = await several();
    const { out } = await cli.run('status', '--at', dateOf(12), '--all-accounts', '--json');
    const { at, accounts } = JSON.parse(out) as PastStatusOfAll;
    expect(at).toBe('2026-01-13T06:01:00.000Z');
    expect(accounts.map(({ account, keys }) => [account, keys.length])).toEqual([
      [ACCOUNT, 3],
      [OTHER_ACCOUNT, 3],
      [THIRD, 0],
    ]);
  });

  test('an account that came later is not there yet', async () => {
    const { cli } = await several();
    const { out } = await cli.run('status', '--at', dateOf(1), '--all-accounts');
    expect(out).toContain('1 account as of');
  });

  test('is nothing without --at, nor together with one account', async () => {
    const { cli } = await lived(0);
    const alone = await cli.run('status', '--all-accounts');
    expect([alone.exitCode, alone.err]).toEqual([2, expect.stringContaining('--all-accounts goes with --at')]);
    const both = await cli.run('status', '--at', dateOf(0), '--all-accounts', '--account', ACCOUNT);
    expect(both.exitCode).toBe(2);
    expect((await cli.run('status', '--at', dateOf(0), '--advice')).exitCode).toBe(2);
  });
});

const inAccount = (event: HistoryEvent, account: AccountId): HistoryEvent => ({
  ...event,
  account,
  id: parseEventId(`${event.id.slice(0, -1)}X`),
  ...(event.keyId && { keyId: parseAccessKeyId(`${event.keyId.slice(0, -1)}X`) }),
});
