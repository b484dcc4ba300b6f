import { parseUserName } from '../../lambda/domain/ids.ts';
import {
  ACCOUNT,
  anAccountEvent,
  anEvent,
  keyId,
  OTHER_ACCOUNT,
  someSettings,
  USER,
  userId,
} from '../support/builders.ts';
import { onDay, SweepStory } from '../workflows/support/sweep-story.ts';
import { CALLER } from './fake-cli.ts';
import { inOneLine, lived, PastCli } from './past-cli.ts';

describe('keyturn explain', () => {
  test('tells the story of a key, with its events, its policy and who was told', async () => {
    const { cli, old } = await lived(25);
    const { out, exitCode } = await cli.run('explain', '--key', old.keyId);
    expect(exitCode).toBe(0);
    const told = inOneLine(out);
    expect(told).toMatch(
      /2026-01-01 06:00 Replaced by \w+; .*, by Keyturn, policy 90\/100\/110, run-2026-01-01 \[[0-9A-Z]{26}\]/,
    );
    expect(told).toMatch(/- the operators were told by sns on 2026-01-01 \d\d:\d\d \[[0-9A-Z]{26}\]/);
    expect(told).toMatch(/2026-01-11 06:00 Disabled by Keyturn/);
    expect(told).toMatch(/2026-01-21 06:00 Deleted by Keyturn/);
    expect(told).toMatch(
      /2024-11-27 06:00 Created, not by Keyturn; AWS told the date when the key was first listed \[[0-9A-Z]{26}\]/,
    );
    expect(told).toContain('It has been gone since 2026-01-21 06:00, 420 days old.');
  });

  test('looks for a key that nothing happened to in the inventories of every account on record', async () => {
    const { story, cli } = await lived(3);
    const at = { account: OTHER_ACCOUNT, time: new Date(onDay(2)).toISOString() };
    const expectedAccounts = [ACCOUNT, OTHER_ACCOUNT];
    const keys = [{ keyId: keyId(77), createdAt: '2024-11-29T06:00:00.000Z', status: 'Inactive' as const }];
    await story.ledger.append([
      anAccountEvent('run-started', {
        ...{ account: ACCOUNT, time: new Date(onDay(1)).toISOString() },
        details: { part: { number: 1, of: 1 }, expectedAccounts, enforcingAccounts: [], skippedAccounts: [] },
      }),
      anAccountEvent('inventory-taken', {
        ...at,
        details: {
          ...{ part: { number: 1, of: 1 }, startedAt: at.time, unread: [] },
          users: [{ userName: USER, userId: userId(1), keys }],
        },
      }),
    ]);
    const { out, err, exitCode } = await cli.run('explain', '--key', keyId(77));
    expect(exitCode).toBe(0);
    expect(inOneLine(out)).toContain(`Key ${keyId(77)} of user ${USER}, account ${OTHER_ACCOUNT}`);
    expect(inOneLine(out)).toMatch(/Created, not by Keyturn.*Found Inactive by the inventory of 2026-01-03 06:00/);
    expect(err).toContain(`Inventories of account 2 of 2: ${OTHER_ACCOUNT}`);
    expect((await cli.run('explain', '--key', keyId(77), '--account', ACCOUNT)).exitCode).toBe(1);
  });

  test('of a key that nobody knows is a clear mistake', async () => {
    const { cli } = await lived(0);
    const { exitCode, err } = await cli.run('explain', '--key', 'AKIAFAKE999999999999');
    expect(exitCode).toBe(1);
    expect(err).toContain('History knows nothing of key AKIAFAKE999999999999');
  });

  test('of a key that Keyturn made says so, and how it stands', async () => {
    const { story, cli, old } = await lived(25);
    const [made] = await story.keysOf(old.userName);
    const told = inOneLine((await cli.run('explain', '--key', made?.keyId ?? '')).out);
    expect(told).toMatch(/2026-01-01 06:00 Created by Keyturn, in secret \S+; replaces \w+/);
    expect(told).not.toContain('not by Keyturn');
    expect(told).toContain('By 2026-01-26 06:00 it is Active, 25 days old, current; rotate 2026-04-01.');
  });

  test('of the key that was replaced says that its successor is in use', async () => {
    const { story, cli, old } = await lived(3);
    const made = (await story.keysOf(old.userName)).find(({ keyId }) => keyId !== old.keyId);
    if (made === undefined) throw new Error('the old key has a successor');
    story.iam.useKey(made.keyId, { at: onDay(4) - 60_000 });
    await story.liveThrough(4, 9);
    cli.clock.set(story.clock.now());
    const told = inOneLine((await cli.run('explain', '--key', old.keyId)).out);
    expect(told).toContain(`Its successor ${made.keyId}: in use since`);
  });

  test('begins with an exemption that was granted before anything happened to the key: who, why, until when', async () => {
    const { cli, story, old } = await exempt(['--user', 'old']);
    await story.liveThrough(0, 75);
    cli.clock.set(story.clock.now());
    const told = inOneLine((await cli.run('explain', '--key', old.keyId)).out);
    expect(told).toMatch(/2024-11-27 06:00 Created, not by Keyturn/);
    expect(told).toContain(
      `2026-01-01 05:00 Exemption of user old until 2026-03-02 05:00, approved by Dana: vendor, by ${CALLER}`,
    );
    expect(told.indexOf('Exemption of user old')).toBeLessThan(told.indexOf('Exemption has ended'));
    expect(told).toMatch(/Disabled by Keyturn/);
  });

  test('of a key that nothing but a pattern kept from its rotation tells of the pattern', async () => {
    const { cli, story, old, young } = await exempt(['--name-pattern', 'o*']);
    await story.liveThrough(0, 25);
    cli.clock.set(story.clock.now());
    const { out, exitCode } = await cli.run('explain', '--key', old.keyId);
    expect(exitCode).toBe(0);
    const told = inOneLine(out);
    expect(told).toContain(
      `Exemption of users named o* until 2026-03-02 05:00, approved by Dana: vendor, by ${CALLER}`,
    );
    expect(told).toContain('By 2026-01-26 06:00 it is Active, 425 days old, exempt until 2026-03-02.');
    expect(inOneLine((await cli.run('explain', '--key', young.keyId)).out)).not.toContain('Exemption');
  });

  test('tells who was told of an exemption by pattern, which is on record of the account as a whole', async () => {
    const { cli, story, old } = await exempt(['--name-pattern', 'o*']);
    const [granted] = story.ledger.eventsOf('exemption-granted');
    if (granted === undefined) throw new Error('the exemption is on record');
    const time = new Date(onDay(0) - 1_800_000).toISOString();
    const details = { about: [granted.id], channel: 'slack', to: 'operators' } as const;
    await story.ledger.append([anAccountEvent('notice-delivered', { account: ACCOUNT, time, details })]);
    await story.liveThrough(0, 3);
    cli.clock.set(story.clock.now());
    const told = inOneLine((await cli.run('explain', '--key', old.keyId)).out);
    expect(told).toMatch(
      /Exemption of users named o\* .* \[\w{26}\] - the operators were told by slack on 2026-01-01 05:30/,
    );
  });

  test('follows a key to the new name of its user, which only an inventory tells', async () => {
    const { story, cli, young } = await lived(3);
    const renamed = parseUserName('young-2');
    const time = new Date(onDay(4)).toISOString();
    const listed = { keyId: young.keyId, createdAt: new Date(onDay(0)).toISOString(), status: 'Inactive' as const };
    await story.ledger.append([
      anEvent('rotation-upcoming', {
        ...{ keyId: young.keyId, userName: young.userName, account: ACCOUNT, time: new Date(onDay(3)).toISOString() },
        details: { rotateAt: new Date(onDay(90)).toISOString(), thresholdDays: 14 },
      }),
      anAccountEvent('inventory-taken', {
        ...{ account: ACCOUNT, time },
        details: {
          ...{ part: { number: 1, of: 1 }, startedAt: time, unread: [] },
          users: [{ userName: renamed, userId: userId(1), keys: [listed] }],
        },
      }),
    ]);
    cli.clock.set(onDay(5));
    const told = inOneLine((await cli.run('explain', '--key', young.keyId)).out);
    expect(told).toContain(`Key ${young.keyId} of user young-2`);
    expect(told).toMatch(/Its user is called young-2 by the inventory of 2026-01-05 06:00 .*Found Inactive by/);
    expect(told).toContain('it is Inactive, 5 days old');
  });

  test('tells of an exemption for all accounts, which is on record in the hub', async () => {
    const { cli, story, old } = await exempt(['--user', 'old', '--account', '*']);
    await story.liveThrough(0, 3);
    cli.clock.set(story.clock.now());
    cli.settings = someSettings({ mode: 'enforce', hub: ACCOUNT });
    expect(inOneLine((await cli.run('explain', '--key', old.keyId)).out)).toContain('Exemption of user old until');
  });

  test('tells of an exemption whose granter wrote the name in another case, as IAM allows', async () => {
    const story = new SweepStory();
    story.settings = someSettings({ mode: 'enforce' });
    const old = story.userWithKey('old', 400);
    const cli = new PastCli(story);
    cli.clock.set(onDay(0) - 3_600_000);
    const found = story.iam.user.bind(story.iam);
    story.iam.user = (userName) => found(parseUserName(userName.toLowerCase()));
    const why = ['--reason', 'vendor', '--approver', 'Dana', '--for', '60d'];
    expect((await cli.run('exempt', 'add', '--user', 'OLD', ...why)).exitCode).toBe(0);
    await story.liveThrough(0, 3);
    cli.clock.set(story.clock.now());
    const told = inOneLine((await cli.run('explain', '--key', old.keyId)).out);
    expect(told).toContain('Exemption of user OLD until 2026-03-02 05:00');
  });

  test('ends with the key: what befalls its user later is another key’s story', async () => {
    const { story, cli, old } = await lived(40);
    cli.clock.set(onDay(60));
    await cli.run('exempt', 'add', '--user', 'old', '--reason', 'later', '--approver', 'Dana', '--for', '60d');
    const told = inOneLine((await cli.run('explain', '--key', old.keyId)).out);
    expect(told).not.toContain('Exemption');
    const [made] = await story.keysOf(old.userName);
    expect(inOneLine((await cli.run('explain', '--key', made?.keyId ?? '')).out)).toContain('Exemption of user old');
  });

  test('tells what people did by hand from the inventory that found it', async () => {
    const { story, cli, young } = await lived(3);
    story.iam.deactivate(young.keyId);
    await story.liveThrough(4, 9);
    // With another one beside it: a user's last key is recorded as deleted.
    story.iam.createKeyByHand(young.userName);
    story.iam.deleteKeyByHand(young.keyId);
    await story.liveThrough(10, 20);
    cli.clock.set(story.clock.now());
    const told = inOneLine((await cli.run('explain', '--key', young.keyId)).out);
    expect(told).toMatch(/2026-01-01 06:00 Created, not by Keyturn/);
    expect(told).toMatch(/Found Inactive by the inventory of 2026-01-0\d 06:00: somebody made it so/);
    expect(told).toMatch(/Found gone by the inventory of 2026-01-1\d 06:00: somebody deleted it/);
  });

  test('tells of the request that led to its rotation, and who made it', async () => {
    const { story, cli, young } = await lived(3);
    cli.clock.set(onDay(3) + 3_600_000);
    await cli.run('rotate', '--user', 'young', '--reason', 'laptop lost');
    await story.sweepOn(4);
    cli.clock.set(story.clock.now());
    const told = inOneLine((await cli.run('explain', '--key', young.keyId)).out);
    expect(told).toContain(`Asked to rotate: laptop lost, by ${CALLER}`);
    expect(told).toMatch(/Replaced by/);
  });

  test('in observe what would have been done is told apart from what was', async () => {
    const story = new SweepStory();
    story.settings = someSettings({ mode: 'observe' });
    const old = story.userWithKey('old', 400);
    await story.liveThrough(0, 25);
    const told = inOneLine((await new PastCli(story).run('explain', '--key', old.keyId)).out);
    expect(told).toContain('(observed only) Deleted by Keyturn');
    expect(told).toContain('it is Active, 425 days old');
  });
});

/** A day 0 on which an exemption of 60 days was recorded an hour before the first run. */
async function exempt(range: readonly string[]) {
  const story = new SweepStory();
  story.settings = someSettings({ mode: 'enforce' });
  const old = story.userWithKey('old', 400);
  const young = story.userWithKey('young', 0);
  const cli = new PastCli(story);
  cli.clock.set(onDay(0) - 3_600_000);
  const why = ['--reason', 'vendor', '--approver', 'Dana', '--for', '60d'];
  const { exitCode, err } = await cli.run('exempt', 'add', ...range, ...why);
  if (exitCode !== 0) throw new Error(err);
  return { story, cli, old, young };
}
