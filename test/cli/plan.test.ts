import { AWKWARD_USER, anExemption, at, someSettings } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';

/** An old key and a young one on 2026-06-01, with the defaults of 90, 100 and 110 days. */
function aWorld(): FakeCli {
  const cli = new FakeCli();
  cli.iam.addUser('ci-deploy');
  cli.iam.createKeyByHand('ci-deploy', { createdAt: at('2026-02-20T00:00:00.000Z') });
  cli.iam.addUser('web');
  cli.iam.createKeyByHand('web', { createdAt: at('2026-05-20T00:00:00.000Z') });
  return cli;
}

describe('keyturn plan', () => {
  test('shows each step with its reason, and counts users with nothing to do', async () => {
    const { exitCode, out, err } = await aWorld().run('plan');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toBe(
      [
        'Account 111122223333, mode enforce, as of 2026-06-01 00:00 UTC',
        '',
        'USER       KEY                   STEP    WHY',
        'ci-deploy  AKIAFAKE223333000002  rotate  101 days old; keys are replaced at 90',
        '                                         days',
        '',
        'The next sweep: 1 rotate. 2 users, 1 with nothing to do.',
      ].join('\n'),
    );
  });

  test('with --all shows those with nothing to do too', async () => {
    const { out } = await aWorld().run('plan', '--all');
    expect(out).toContain('web        AKIAFAKE223333000004  nothing  not old enough until 2026-08-18');
  });

  test('on a narrow screen sets the steps of a user under its name and cuts no key ID', async () => {
    const cli = aWorld();
    cli.iam.addUser(AWKWARD_USER);
    cli.iam.createKeyByHand(AWKWARD_USER, { createdAt: at('2025-02-20T00:00:00.000Z') });
    cli.iam.createKeyByHand(AWKWARD_USER, { createdAt: at('2025-02-21T00:00:00.000Z') });
    const { out } = await cli.run('plan');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).toContain(
      [
        '  KEY                   STEP    WHY',
        AWKWARD_USER,
        '  AKIAFAKE223333000006  retire  both keys are old, and this one is the less',
      ].join('\n'),
    );
  });

  test('without a terminal keeps every step on one line', async () => {
    const cli = aWorld();
    cli.width = undefined;
    const { out } = await cli.run('plan', '--all');
    expect(out).toContain('ci-deploy  AKIAFAKE223333000002  rotate   101 days old; keys are replaced at 90 days\n');
  });

  test('colours only where it may', async () => {
    const cli = aWorld();
    expect((await cli.run('plan')).out).not.toContain('\u001b[');
    cli.colours = true;
    expect((await cli.run('plan')).out).toContain('\u001b[32mrotate\u001b[39m');
  });

  test('as JSON tells kind, reason code and words of every step', async () => {
    expect(await aWorld().json('plan')).toEqual({
      account: '111122223333',
      mode: 'enforce',
      at: '2026-06-01T00:00:00.000Z',
      rootKeys: 0,
      summary: { users: 2, steps: { rotate: 1 }, nothingToDo: 1, gone: 0, unread: 0 },
      users: [
        {
          userName: 'ci-deploy',
          steps: [
            {
              kind: 'rotate',
              keyId: 'AKIAFAKE223333000002',
              reason: 'due',
              action: 'rotate',
              why: '101 days old; keys are replaced at 90 days',
            },
          ],
        },
      ],
      gone: [],
      stray: [],
      unasked: [],
      unread: [],
    });
  });

  test('says what it could not read: root keys without a report, and requests', async () => {
    const cli = aWorld();
    cli.iam.activeRootKeys = undefined;
    cli.owners.unreadableRequests.push("Item 'REQUEST', '111122223333#x' cannot be read.");
    const { out } = await cli.run('plan');
    expect(out).toContain('There is no credential report, so nothing is known of the root user (AWS');
    expect(out.replaceAll(/\s+/g, ' ')).toContain("Could not be read, and stay on the list: 1 request Item 'REQUEST'");
    expect(out).toContain('The next sweep: 1 rotate.');
    expect(await cli.json('plan')).toMatchObject({
      reportMissing: 'AWS had none ready in time',
      unreadRequests: [expect.any(String)],
    });
  });

  test('--at plans as if the sweep ran then', async () => {
    const { out } = await aWorld().run('plan', '--at', '2026-08-18');
    expect(out).toContain('as of 2026-08-18 00:00 UTC');
    expect(out).toContain('web        AKIAFAKE223333000004  rotate  90 days old');
  });

  test('in observe says that nothing is changed', async () => {
    const cli = aWorld();
    cli.settings = someSettings({ mode: 'observe' });
    const { out } = await cli.run('plan');
    expect(out).toContain('mode observe (nothing is changed)');
    expect(out).toContain('The next sweep would, if it were to act: 1 rotate.');
  });

  test('leaves an exempt user alone', async () => {
    const cli = aWorld();
    await cli.owners.putExemption(anExemption({ expiresAt: at('2026-09-01T00:00:00.000Z') }));
    expect((await cli.run('plan')).out).toContain('The next sweep: nothing to do. 2 users, 2 with nothing to do.');
    expect((await cli.run('plan', '--all')).out).toContain('nothing  exempt until 2026-09-01');
  });

  test('reports Active keys of the root user', async () => {
    const cli = aWorld();
    cli.iam.activeRootKeys = 1;
    expect((await cli.run('plan')).out).toContain('The root user has 1 Active access key: delete them');
  });

  test('a user who cannot be read is shown as unknown, and the command fails', async () => {
    const cli = aWorld();
    cli.iam.calls.failOn('iam.keys', {
      when: 'before',
      error: new Error('iam:ListAccessKeys failed'),
      where: (userName) => userName === 'web',
    });
    const { exitCode, out, err } = await cli.run('plan');
    expect(exitCode).toBe(1);
    expect(out).toContain('Could not be read, so nothing is known of their keys:\n  web: iam:ListAccessKeys failed');
    expect(out).toContain('2 users, 0 with nothing to do, 1 unread.');
    expect(err).toBe('keyturn: 1 user could not be read, so what is shown is not all: the causes are in the output.');
  });

  test('when nobody can be read tells the cause instead of a list of unknowns', async () => {
    const cli = aWorld();
    cli.iam.calls.failOn('iam.keys', { when: 'before', error: new Error('AWS denied iam:ListAccessKeys.'), times: 2 });
    const { exitCode, out, err } = await cli.run('plan', '--json');
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(JSON.parse(err)).toEqual({
      error: 'Not one of 2 users could be read; ci-deploy: AWS denied iam:ListAccessKeys.',
    });
  });

  test('a listing that breaks off fails the command: a part is never shown as the whole', async () => {
    const cli = aWorld();
    cli.iam.calls.failOn('iam.users', { when: 'after', error: new Error('connection lost') });
    const { exitCode, out } = await cli.run('plan');
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  });
});
