import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NEW, OLD, OwnersWorld, profile } from './owners-world.ts';

let world: OwnersWorld;
beforeEach(async () => {
  world = await OwnersWorld.begin();
});
afterEach(() => world.end());

describe('--print', () => {
  test('prints what credential_process wants, and nothing else', async () => {
    await world.write(world.credentialsFile, profile('bootstrap'));
    const { exitCode, out, err } = await world.pull(['--profile', 'bootstrap', '--print']);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(JSON.parse(out)).toEqual({
      Version: 1,
      AccessKeyId: NEW.id,
      SecretAccessKey: NEW.secret,
      Expiration: '2026-11-20T18:00:00.000Z',
    });
    expect(await world.credentials()).toBe(profile('bootstrap'));
  });

  test('prints nothing on stdout when it fails', async () => {
    await world.write(world.credentialsFile, profile('bootstrap'));
    world.secrets.clear();
    expect(await world.pull(['--profile', 'bootstrap', '--print'])).toMatchObject({ exitCode: 1, out: '' });
  });

  test('works for a key in the environment, which could not be replaced there', async () => {
    const env = { AWS_ACCESS_KEY_ID: OLD.id, AWS_SECRET_ACCESS_KEY: OLD.secret };
    expect(JSON.parse((await world.pull(['--print'], env)).out)).toMatchObject({ AccessKeyId: NEW.id });
    expect((await world.pull(['--yes'], env)).err).toMatch(/comes from the environment .* name the profile/);
  });
});

describe('--exec', () => {
  const result = () => readFile(join(world.home, 'result'), 'utf8');

  test('gives the new key to a command and changes nothing', async () => {
    await world.write(world.credentialsFile, profile('build'));
    const { exitCode, out, err } = await world.pull(
      [
        '--profile',
        'build',
        '--exec',
        'printf "%s %s %s" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_PROFILE$AWS_SESSION_TOKEN" > "$HOME/result"',
      ],
      { AWS_PROFILE: 'other', AWS_SESSION_TOKEN: 'of-another-key' },
    );
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: '' });
    expect(err).toBe(`The command had key ${NEW.id} of user build-bot and succeeded; keyturn itself wrote nothing.`);
    expect(await result()).toBe(`${NEW.id} ${NEW.secret} `);
    expect(await world.credentials()).toBe(profile('build'));
  });

  test.each([
    ['exit 7', 7],
    ['kill -TERM $$', 143],
  ])('ends as the command does: %s', async (line, code) => {
    await world.write(world.credentialsFile, profile('build'));
    expect(await world.pull(['--profile', 'build', '--exec', line])).toEqual({ exitCode: code, out: '', err: '' });
  });

  test('runs nothing when there is no new key to be had', async () => {
    await world.write(world.credentialsFile, profile('build'));
    world.secrets.clear();
    expect(await world.pull(['--profile', 'build', '--exec', 'touch "$HOME/result"'])).toMatchObject({ exitCode: 1 });
    await expect(result()).rejects.toThrow('ENOENT');
  });
});
