import { readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NEW, OLD, OwnersWorld, profile } from './owners-world.ts';

let world: OwnersWorld;
beforeEach(async () => {
  world = await OwnersWorld.begin();
});
afterEach(() => world.end());

const AFTER = `${profile('build', NEW)}\n${profile('build-previous')}`;
const yes = ['--profile', 'build', '--yes'];

describe('odd files', () => {
  const outcome = async (content: string | Buffer, ...argv: readonly string[]) => {
    await world.write(world.credentialsFile, content);
    return world.pull(argv.length === 0 ? yes : argv);
  };

  test('a file that others may read becomes private', async () => {
    await world.write(world.credentialsFile, profile('build'), 0o644);
    await world.pull(yes);
    expect((await stat(world.credentialsFile)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(world.home, '.aws'))).toEqual(['credentials']);
  });

  test('a link stays a link, and what it leads to is changed', async () => {
    const real = join(world.home, 'dotfiles', 'aws-credentials');
    await world.write(real, profile('build'));
    await world.write(world.configFile, '');
    await symlink('../dotfiles/aws-credentials', world.credentialsFile);
    expect(await world.pull(yes)).toMatchObject({ exitCode: 0 });
    expect(await readlink(world.credentialsFile)).toBe('../dotfiles/aws-credentials');
    expect(await readFile(real, 'utf8')).toBe(AFTER);
  });

  test('a file elsewhere, as AWS_SHARED_CREDENTIALS_FILE says', async () => {
    const file = join(world.home, 'mine');
    await world.write(file, profile('build'));
    await world.pull(yes, { AWS_SHARED_CREDENTIALS_FILE: '~/mine' });
    expect(await readFile(file, 'utf8')).toBe(AFTER);
  });

  test('bytes that are no text survive', async () => {
    const odd = Buffer.concat([Buffer.from(profile('build')), Buffer.from([0x23, 0xff, 0xfe, 0x80, 0x0d, 0x0a])]);
    expect(await outcome(odd)).toMatchObject({ exitCode: 0 });
    expect(
      Buffer.from(await world.credentials(), 'latin1').includes(Buffer.from([0x23, 0xff, 0xfe, 0x80, 0x0d, 0x0a])),
    ).toBe(true);
  });

  test.each<[string, string | Buffer, RegExp]>([
    [
      'the profile twice',
      profile('build') + profile('x') + profile('build'),
      /Profile 'build' is in \S+ twice, in lines 1 and 7/,
    ],
    [
      'half a profile twice',
      '[build]\naws_access_key_id = a\naws_access_key_id = b\n',
      /The section in line 1, \[build\], has aws_access_key_id twice/,
    ],
    [
      'a name as in the config file',
      profile('profile build'),
      /has a section \[profile build\] in line 1, but .* to be called \[build\]: rename it/,
    ],
    ['another profile only', profile('other'), /There is no profile 'build' in \S+ or \S+ \(there are other\)/],
    ['nothing', '', /There is no profile 'build' .*\(there are none\)/],
    [
      'no secret access key',
      `[build]\naws_access_key_id = ${OLD.id}\n`,
      /holds an aws_access_key_id, but no aws_secret_access_key/,
    ],
    [
      'both halves mixed up',
      `[build]\naws_access_key_id = ${OLD.secret}\naws_secret_access_key = ${OLD.id}\n`,
      /holds no access key ID \(AKIA…\) as aws_access_key_id/,
    ],
    ['temporary credentials', `${profile('build')}aws_session_token = x\n`, /holds temporary credentials/],
    [
      'a role',
      '[build]\nrole_arn = arn\nsource_profile = base\n',
      /holds no access key: it takes a role, with the credentials of profile 'base'/,
    ],
    ['UTF-16', Buffer.from(`\ufeff${profile('build')}`, 'utf16le'), /is not in UTF-8/],
  ])('with %s are left alone, and the sentence says why', async (_, content, sentence) => {
    const { exitCode, out, err } = await outcome(content);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(sentence);
    expect(err).not.toContain(OLD.secret);
    expect(await world.credentials()).toBe(Buffer.from(content).toString('latin1'));
    expect(world.calls).toEqual([]);
  });

  test('no file at all, and a directory in its place', async () => {
    expect((await world.pull(yes)).err).toMatch(/There is no profile 'build'/);
    await world.write(join(world.credentialsFile, 'x'), '');
    expect((await world.pull(yes)).err).toMatch(/credentials cannot be read: it is a directory/);
  });

  test('a file that is changed while the new key is fetched is taken as it is then', async () => {
    await world.write(world.credentialsFile, profile('build'));
    const grown = `${profile('build')}[added]\nregion = eu-west-1\n`;
    world.onCall = () => writeFile(world.credentialsFile, grown);
    expect(await world.pull(yes)).toMatchObject({ exitCode: 0 });
    expect(await world.credentials()).toBe(
      `${grown.replace(OLD.id, NEW.id).replace(OLD.secret, NEW.secret)}\n${profile('build-previous')}`,
    );
  });

  test('a profile that gets another key meanwhile is left alone', async () => {
    await world.write(world.credentialsFile, profile('build'));
    const other = profile('build', { id: 'AKIAFAKE000000000009', secret: 'by-somebody-else' });
    world.onCall = () => writeFile(world.credentialsFile, other);
    const { exitCode, err } = await world.pull(yes);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/Profile 'build' in \S+ has been changed meanwhile/);
    expect(await world.credentials()).toBe(other);
  });
});
