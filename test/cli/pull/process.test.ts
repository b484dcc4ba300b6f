import { spawn } from 'node:child_process';
import { chmod, chown, readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NEW, OLD, OwnersWorld, profile } from './owners-world.ts';

const root = resolve(__dirname, '../../..');
const isRoot = process.getuid?.() === 0;
/** Rights mean nothing to root: then the process runs as nobody. */
const NOBODY = 65_534;

let world: OwnersWorld;
beforeEach(async () => {
  world = await OwnersWorld.begin();
});
afterEach(() => world.end());

/** Runs the real `keyturn` in a process of its own, as its owner does. */
async function keyturn(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(resolve(root, 'node_modules/.bin/node'), [resolve(root, 'cli/main.ts'), ...argv], {
    env: { ...world.env, ...env },
    cwd: world.home,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const exitCode = await new Promise((done) => child.on('close', done));
  return { exitCode, out, err };
}

async function give(...paths: readonly string[]): Promise<void> {
  if (isRoot) for (const path of paths) await chown(path, NOBODY, NOBODY);
}

async function givenCredentials(name: string): Promise<void> {
  await world.write(world.credentialsFile, profile(name));
  await give(world.home, join(world.home, '.aws'), world.credentialsFile);
}

test('pull as a process writes the file and asks nobody', async () => {
  await givenCredentials('build');
  const asked = await keyturn(['pull', '--profile', 'build']);
  expect(asked).toMatchObject({ exitCode: 1, out: '' });
  expect(asked.err).toContain('Nothing was changed: there is nobody to say yes. Where that is meant, add --yes.');
  const { exitCode, out, err } = await keyturn(['pull', '--profile', 'build', '--yes']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(out).toContain(`key ${NEW.id}, the current one of user build-bot`);
  expect(await world.credentials()).toBe(`${profile('build', NEW)}\n${profile('build-previous')}`);
});

test('a directory that is read-only is told in one sentence, and the file stays', async () => {
  await givenCredentials('build');
  await chmod(join(world.home, '.aws'), 0o500);
  const { exitCode, out, err } = await keyturn(['pull', '--profile', 'build', '--yes']);
  await chmod(join(world.home, '.aws'), 0o700);
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(err).toBe(
    `keyturn: The new key could not be written to ${world.credentialsFile}: you may not write to the directory ${join(world.home, '.aws')}, or the file belongs to somebody else. Nothing was changed. To get the new key without writing to that file, use --exec or --print.\n`,
  );
  expect(await world.credentials()).toBe(profile('build'));
  expect(await readdir(join(world.home, '.aws'))).toEqual(['credentials']);
});

test('a file that one may not read is told in one sentence', async () => {
  await givenCredentials('build');
  await chmod(world.credentialsFile, 0o000);
  const { exitCode, err } = await keyturn(['pull', '--profile', 'build', '--yes']);
  expect(exitCode).toBe(1);
  expect(err).toBe(
    `keyturn: ${world.credentialsFile} cannot be read: you have no right to; check its permissions (chmod 600) and whom it belongs to. Nothing was changed.\n`,
  );
});

test("AWS's own SDK takes the key that --print gives as credential_process", async () => {
  await givenCredentials('bootstrap');
  const keyturnLine = `${resolve(root, 'node_modules/.bin/node')} ${resolve(root, 'cli/main.ts')} pull --print --profile bootstrap`;
  const { fromProcess } = await import('@aws-sdk/credential-providers');
  const before = process.env;
  process.env = { ...world.env };
  // Node gives a child the real environment, not the one that a test sees.
  const pass = Object.entries(world.env).map(([name, value]) => `${name}='${value}'`);
  await world.write(world.configFile, `[profile build]\ncredential_process = env ${pass.join(' ')} ${keyturnLine}\n`);
  try {
    const found = await fromProcess({
      profile: 'build',
      configFilepath: world.configFile,
      filepath: world.credentialsFile,
      ignoreCache: true,
    })();
    expect(found).toMatchObject({ accessKeyId: NEW.id, secretAccessKey: NEW.secret, expiration: expect.any(Date) });
  } finally {
    process.env = before;
  }
});

test('--exec hands the key to a command of the shell, whose output and exit code are ours', async () => {
  await givenCredentials('build');
  const { exitCode, out, err } = await keyturn(
    [
      'pull',
      '--profile',
      'build',
      '--exec',
      'echo "$AWS_ACCESS_KEY_ID"; printf %s "$AWS_SECRET_ACCESS_KEY" > taken; exit 3',
    ],
    { AWS_SESSION_TOKEN: 'of-another-key', KEYTURN_DEBUG: '1' },
  );
  expect({ exitCode, out, err }).toEqual({ exitCode: 3, out: `${NEW.id}\n`, err: '' });
  expect(await readFile(join(world.home, 'taken'), 'utf8')).toBe(NEW.secret);
});

test('a disabled key is told in one sentence', async () => {
  await givenCredentials('build');
  world.callers.delete(OLD.id);
  const { exitCode, err } = await keyturn(['pull', '--profile', 'build']);
  expect(exitCode).toBe(1);
  expect(err).toMatch(
    new RegExp(`^keyturn: AWS does not accept key ${OLD.id} of profile 'build'.*keyturn restore --key ${OLD.id}.*\n$`),
  );
});

test('two pulls at the same time both end with the new key in place', async () => {
  await givenCredentials('build');
  const both = await Promise.all([1, 2].map(() => keyturn(['pull', '--profile', 'build', '--yes'])));
  // The slower one may find that the profile has changed under its hands, and says so.
  expect(both.map(({ exitCode }) => exitCode)).toContain(0);
  for (const { exitCode, err } of both) if (exitCode !== 0) expect(err).toMatch(/has been changed meanwhile/);
  expect(await world.credentials()).toBe(`${profile('build', NEW)}\n${profile('build-previous')}`);
  expect(await readdir(join(world.home, '.aws'))).toEqual(['credentials']);
});
