import type { TrailEvent } from '../../cli/trail.ts';
import type { PastStatusReport } from '../../cli/verbs/status-at.ts';
import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { ACCOUNT, someSettings } from '../support/builders.ts';
import { DAY_0, onDay, SweepStory } from '../workflows/support/sweep-story.ts';
import { FakeCli } from './fake-cli.ts';

/** A command line over what a story left behind. */
class PastCli extends FakeCli {
  override readonly ledger: SweepStory['ledger'];
  override readonly iam: SweepStory['iam'];
  override readonly owners: SweepStory['owners'];

  constructor(story: SweepStory) {
    super();
    this.ledger = story.ledger;
    this.iam = story.iam;
    this.owners = story.owners;
    this.settings = someSettings({ mode: 'enforce' });
    this.clock.set(story.clock.now());
  }
}

/** One user whose key was created on day 0, and one whose key was 400 days old then; swept daily up to that day. */
async function lived(to: number) {
  const story = new SweepStory();
  story.settings = someSettings({ mode: 'enforce' });
  const young = story.userWithKey('young', 0);
  const old = story.userWithKey('old', 400);
  for (let day = 0; day <= to; day += 1) await story.sweepOn(day);
  return { story, cli: new PastCli(story), young, old };
}

const dateOf = (day: number): string => new Date(onDay(day) + 60_000).toISOString();

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

describe('keyturn explain', () => {
  test('tells the story of a key, with its events, its policy and who was told', async () => {
    const { cli, old } = await lived(25);
    const { out, exitCode } = await cli.run('explain', '--key', old.keyId);
    expect(exitCode).toBe(0);
    const told = out.replaceAll(/\s+/g, ' ');
    expect(told).toMatch(/2026-01-01 06:00 Replaced by \w+; .*, policy 90\/100\/110, run-2026-01-01 \[[0-9A-Z]{26}\]/);
    expect(told).toMatch(/- operators was told by sns on 2026-01-01 \d\d:\d\d \[[0-9A-Z]{26}\]/);
    expect(told).toMatch(/2026-01-11 06:00 Disabled by Keyturn/);
    expect(told).toMatch(/2026-01-21 06:00 Deleted by Keyturn/);
    expect(told).toContain('It is older than its first event: Keyturn did not make it.');
  });

  test('of a key that nobody knows is a clear mistake', async () => {
    const { cli } = await lived(0);
    const { exitCode, err } = await cli.run('explain', '--key', 'AKIAFAKE999999999999');
    expect(exitCode).toBe(1);
    expect(err).toContain('History knows nothing of key AKIAFAKE999999999999');
  });
});

describe('keyturn reconcile', () => {
  const KEYTURN = `arn:aws:sts::${ACCOUNT}:assumed-role/KeyturnMember/run-2026-01-01`;
  let count = 0;
  const change = (day: number, keyId: AccessKeyId, what: TrailEvent['change'], actor = KEYTURN): TrailEvent => {
    count += 1;
    const userName = 'old' as TrailEvent['userName'];
    return { id: `trail-${count}`, at: onDay(day) + 5_000, change: what, keyId, userName, actor };
  };

  /** CloudTrail as it would be after 25 days. */
  async function traced() {
    const { story, cli, old } = await lived(25);
    const [incoming] = (await story.iam.keys(old.userName)).map(({ keyId }) => keyId);
    if (incoming === undefined) throw new Error('the old key has a successor');
    const trail = [change(0, incoming, 'created'), change(10, old.keyId, 'disabled'), change(20, old.keyId, 'deleted')];
    cli.trail = trail;
    return { story, cli, old, incoming, trail };
  }

  test('finds that all agree', async () => {
    const { cli } = await traced();
    const { exitCode, out } = await cli.run('reconcile');
    expect(out).toContain('✔ History and AWS agree.');
    expect(out).toContain('3 changes by Keyturn found in both');
    expect(exitCode).toBe(0);
  });

  test('names an act of Keyturn that history does not tell of', async () => {
    const { cli, trail, incoming } = await traced();
    cli.trail = [...trail, change(15, incoming, 'disabled')];
    const { exitCode, out } = await cli.run('reconcile');
    expect(exitCode).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toContain(`Key ${incoming} of old was disabled by Keyturn on 2026-01-16 06:00`);
  });

  test('names an event that CloudTrail does not know', async () => {
    const { cli, trail, old } = await traced();
    cli.trail = trail.slice(0, 2);
    const { exitCode, out } = await cli.run('reconcile');
    expect(exitCode).toBe(1);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      new RegExp(`Event \\w{26} \\(key-deleted of key ${old.keyId}, .*\\) is not in CloudTrail`),
    );
  });

  test('finds a key that is not as history says, and who did it', async () => {
    const { story, cli, trail, incoming } = await traced();
    story.iam.deactivate(incoming);
    const mallory = `arn:aws:iam::${ACCOUNT}:user/mallory`;
    cli.trail = [...trail, change(25, incoming, 'disabled', mallory)];
    const { exitCode, out } = await cli.run('reconcile');
    expect(exitCode).toBe(1);
    const told = out.replaceAll(/\s+/g, ' ');
    expect(told).toContain(`Key ${incoming} of old is Active by history and Inactive in IAM: disabled by ${mallory}`);
    expect(told).toContain('Changed by others:');
  });

  test('without the right to read CloudTrail compares the rest, and says so', async () => {
    const { cli } = await traced();
    cli.trail = new AccessDeniedError('AWS denied cloudtrail:LookupEvents: no policy allows it.');
    const { exitCode, out } = await cli.run('reconcile');
    expect(exitCode).toBe(0);
    expect(out).toContain('CloudTrail was left out: AWS denied cloudtrail:LookupEvents');
  });
});
