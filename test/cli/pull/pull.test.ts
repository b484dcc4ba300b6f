import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NEW, OLD, OwnersWorld, profile, stored } from './owners-world.ts';

let world: OwnersWorld;
beforeEach(async () => {
  world = await OwnersWorld.begin();
});
afterEach(() => world.end());

const AFTER = `${profile('build', NEW)}\n${profile('build-previous')}`;
const yes = ['--profile', 'build', '--yes'];

describe('keyturn pull', () => {
  test('puts the new key in the place of the old one and says what else holds that', async () => {
    await world.write(world.credentialsFile, profile('build') + profile('elsewhere'));
    await world.write(
      world.configFile,
      `[profile site]\naws_access_key_id = ${OLD.id}\n[profile tool]\ncredential_process = /opt/tool --key secret\n`,
    );
    await world.write(join(world.home, '.s3cfg'), `access_key = ${OLD.id}\nsecret_key = ${OLD.secret}\n`);
    const { exitCode, out, err } = await world.pull(yes, { DEPLOY_KEY: OLD.id });
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(await world.credentials()).toBe(
      `${profile('build', NEW)}${profile('elsewhere')}\n${profile('build-previous')}`,
    );
    expect(out).toBe(`In profile 'build' of ${world.credentialsFile} is now
key ${NEW.id}, the current one of user build-bot in account 111122223333. AWS accepts it.
The old key ${OLD.id} is kept as profile 'build-previous'.

Still holding ${OLD.id}:
  profile 'elsewhere' in ${world.credentialsFile}
  profile 'site' in ${world.configFile}
  environment variable DEPLOY_KEY
  ${join(world.home, '.s3cfg')}
It may also be in what these run:
  the command (credential_process) of profile 'tool' in ${world.configFile}

Not to be seen from here: variables of CI pipelines, Docker and Kubernetes secrets,
Terraform variables, other computers.
When the old key stops working stands in your notice; it was replaced on 2026-11-14 05:12 UTC.`);
    expect(world.calls).toEqual([
      `${OLD.id} GetCallerIdentity`,
      `${OLD.id} GetSecretValue`,
      `${NEW.id} GetCallerIdentity`,
    ]);
  });

  test('says so when the profile has the new key already, and asks for no more', async () => {
    await world.write(world.credentialsFile, profile('build', NEW));
    const { exitCode, out } = await world.pull(['--profile', 'build']);
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: `You already have it: profile 'build' of ${world.credentialsFile} holds key ${NEW.id}, the current one of user build-bot in account 111122223333. Nothing was changed.`,
    });
    expect(await world.credentials()).toBe(profile('build', NEW));
  });

  test('--dry-run fetches and proves the key, and changes nothing', async () => {
    await world.write(world.credentialsFile, profile('build'));
    const { exitCode, out } = await world.pull(['--profile', 'build', '--dry-run']);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Dry run, nothing was changed\. .*would be\nkey AKIAFAKE000000000002/);
    expect(out).toContain(`Nothing else was found on this computer that holds ${OLD.id}.`);
    expect(world.calls.at(-1)).toBe(`${NEW.id} GetCallerIdentity`);
    expect(await world.credentials()).toBe(profile('build'));
  });

  test.each([
    ['y', 0, AFTER, ''],
    ['n', 1, profile('build'), 'keyturn: Nothing was changed, as you wish.'],
    [
      undefined,
      1,
      profile('build'),
      'keyturn: Nothing was changed: there is nobody to say yes. Where that is meant, add --yes.',
    ],
  ])('asks before it changes the file; answer %s', async (answer, exitCode, content, sentence) => {
    await world.write(world.credentialsFile, profile('build'));
    world.answerTo = answer;
    const ended = await world.pull(['--profile', 'build']);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.err).toContain(`replace ${OLD.id} in profile 'build'`);
    expect(ended.err).toContain(sentence);
    expect(await world.credentials()).toBe(content);
  });

  test('--json tells the same for programs, without the secret', async () => {
    await world.write(world.credentialsFile, profile('build'));
    const { out } = await world.pull([...yes, '--json']);
    expect(JSON.parse(out)).toEqual({
      outcome: 'written',
      account: '111122223333',
      userName: 'build-bot',
      profile: 'build',
      file: world.credentialsFile,
      keyId: NEW.id,
      storedAt: '2026-11-14T05:12:00.000Z',
      old: { keyId: OLD.id, keptAs: 'build-previous', holders: [] },
    });
  });

  test('waits a little for a new key that AWS does not know yet', async () => {
    await world.write(world.credentialsFile, profile('build'));
    world.unknownYet.set(NEW.id, 1);
    expect(await world.pull(yes)).toMatchObject({ exitCode: 0 });
    expect(await world.credentials()).toBe(AFTER);
  });

  test('takes the profile that AWS_PROFILE names, else default', async () => {
    await world.write(world.credentialsFile, profile('default') + profile('build'));
    await world.pull(['--yes'], { AWS_PROFILE: 'build' });
    expect(await world.credentials()).toContain('[build-previous]');
    expect(await world.credentials()).not.toContain('[default-previous]');
    await world.pull(['--yes']);
    expect(await world.credentials()).toContain('[default-previous]');
  });

  test('changes the config file when the key is there', async () => {
    await world.write(world.configFile, `${profile('profile build')}region = eu-west-1\n`, 0o644);
    expect(await world.pull(yes)).toMatchObject({ exitCode: 0 });
    expect(await readFile(world.configFile, 'utf8')).toBe(
      `${profile('profile build', NEW)}region = eu-west-1\n\n${profile('profile build-previous')}`,
    );
  });

  test('finds the secret by --secret, and its Region in the ARN', async () => {
    const arn = 'arn:aws:secretsmanager:eu-west-3:999988887777:secret:keyturn/111122223333/build-bot-AbCdEf';
    await world.write(world.credentialsFile, profile('build'));
    world.secrets.clear();
    world.secrets.set(arn, stored());
    expect(await world.pull([...yes, '--secret', arn], { AWS_REGION: '' })).toMatchObject({ exitCode: 0 });
    expect(await world.credentials()).toBe(AFTER);
  });
});

describe('a wrong command line', () => {
  test.each([
    [['--exec', 'x', '--print'], /Option '--exec <command>' cannot be used with option '--print'/],
    [['--print', '--yes'], /Option '--print' cannot be used with option '--yes'/],
    [['--secret', 'arn:aws:s3:::x'], /is neither the name nor the ARN of a secret/],
    [['build'], /Too many arguments for 'pull'.*'keyturn pull --help' shows how/],
  ])('%j is told in one sentence', async (argv, sentence) => {
    const { exitCode, err } = await world.pull(argv);
    expect(exitCode).toBe(2);
    expect(err).toMatch(sentence);
    expect(world.calls).toEqual([]);
  });
});

describe('its help', () => {
  test('fits 80 columns, and every example in it is a command line that is understood', async () => {
    const { exitCode, out } = await world.pull(['--help']);
    expect(exitCode).toBe(0);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const examples = out.split('\n').filter((line) => line.startsWith('  keyturn pull '));
    expect(examples.length).toBeGreaterThan(3);
    for (const line of examples) {
      const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
      // There is no such profile here, and nothing worse the matter.
      const { exitCode: code, err } = await world.pull(words.slice(2));
      expect({ line, code, err }).toMatchObject({ code: 1, err: expect.stringMatching(/There is no profile/) });
    }
  });
});
