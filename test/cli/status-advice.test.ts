import { blankTracking } from '../../lambda/domain/tracking.ts';
import { KeyGoneError, UnavailableError } from '../../lambda/ports.ts';
import { aRecord, at, USER } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';

/** Keys of one user, oldest first; today is 2026-06-01. */
function aUserWithKeys(...created: readonly string[]) {
  const cli = new FakeCli();
  cli.iam.addUser(USER);
  const keys = created.map((day) => cli.iam.createKeyByHand(USER, { createdAt: at(`${day}T00:00:00.000Z`) }));
  return { cli, keys };
}

describe('keyturn status --advice', () => {
  test('tells of each Active key what it was last used for, and the likely ways to do without it', async () => {
    const { cli, keys } = aUserWithKeys('2026-05-20');
    const [keyId] = keys;
    if (keyId) cli.iam.useKey(keyId, { at: at('2026-05-31T14:02:00.000Z'), service: 'ecr', region: 'eu-west-1' });
    const { out, exitCode } = await cli.run('status', '--advice');
    expect(exitCode).toBe(0);
    expect(out).toContain(
      [
        'What may take the place of these keys (a guess, by what each was last used for):',
        '',
        'AKIAFAKE223333000002 of ci-deploy: last used 2026-05-31 14:02 UTC for ecr in eu-west-1',
        '  likely: OpenID Connect of the pipeline. Images and packages are mostly pushed and pulled by pipelines.',
        '    docs/leaving-access-keys.md#github-gitlab-and-bitbucket-pipelines',
        '  or: IAM Roles Anywhere. ',
      ].join('\n'),
    );
  });

  test('in JSON too', async () => {
    const { cli, keys } = aUserWithKeys('2026-05-20');
    const [keyId] = keys;
    expect(await cli.json('status', '--advice')).toMatchObject({
      advice: [
        {
          userName: USER,
          keyId,
          lastUse: { kind: 'never' },
          ways: [{ id: 'delete-it', guide: 'docs/leaving-access-keys.md#a-key-that-nobody-uses' }],
        },
      ],
    });
  });

  test("takes Keyturn's own proof of a key that it made for no use", async () => {
    const { cli, keys } = aUserWithKeys('2026-05-20');
    const [keyId] = keys;
    if (keyId === undefined) throw new Error('there is no key');
    cli.iam.useKey(keyId, { at: at('2026-05-20T00:00:12.000Z'), service: 'sts', region: 'us-east-1' });
    const { userId } = await cli.iam.user(USER);
    const madeByKeyturn = aRecord({ userId, tracking: { ...blankTracking, made: [keyId] } });
    expect(await cli.json('status', '--advice')).toMatchObject({ advice: [{ lastUse: { kind: 'used' } }] });
    cli.ledger.seed(madeByKeyturn);
    expect(await cli.json('status', '--advice')).toMatchObject({
      advice: [{ keyId, lastUse: { kind: 'never' }, ways: [{ id: 'delete-it' }] }],
    });
  });

  test('asks nothing about an Inactive key', async () => {
    const { cli, keys } = aUserWithKeys('2026-05-20');
    const [keyId] = keys;
    if (keyId) cli.iam.deactivate(keyId);
    expect((await cli.run('status', '--advice')).out).toContain('No key is Active, so there is none to replace.');
    expect(cli.iam.calls.of('iam.lastUse')).toEqual([]);
  });

  test('without the flag asks nothing, and advises nothing', async () => {
    const { cli } = aUserWithKeys('2026-05-20');
    expect(await cli.json('status')).not.toHaveProperty('advice');
    expect(cli.iam.calls.of('iam.lastUse')).toEqual([]);
  });

  test('a last use that cannot be read is no reason to hold back the rest, and fails at the end', async () => {
    const { cli, keys } = aUserWithKeys('2026-05-20', '2026-05-25');
    const [, refused] = keys;
    const error = new UnavailableError('AWS denied iam:GetAccessKeyLastUsed');
    cli.iam.calls.failOn('iam.lastUse', { when: 'before', error, times: 9, where: (keyId) => keyId === refused });
    const { out, err, exitCode } = await cli.run('status', '--advice');
    expect(out).toContain(`${refused} of ci-deploy: last use unknown: AWS denied iam:GetAccessKeyLastUsed`);
    expect(out).toContain('docs/leaving-access-keys.md#which-way-is-yours');
    expect(out).toContain('never used');
    expect(err).toContain('The last use of 1 key could not be read');
    expect(exitCode).toBe(1);
  });

  test('a key that went meanwhile is left out', async () => {
    const { cli } = aUserWithKeys('2026-05-20');
    const error = new KeyGoneError('gone');
    cli.iam.calls.failOn('iam.lastUse', { when: 'before', error, times: 9 });
    expect(await cli.json('status', '--advice')).toMatchObject({ advice: [] });
  });
});
