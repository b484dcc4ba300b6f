import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type Answer, type AnsweringServer, answering, deployed } from './aws-answers.ts';
import { FakeCli } from './fake-cli.ts';

const root = resolve(__dirname, '../..');
let server: AnsweringServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Runs the real `keyturn` in a process of its own, without any of this process's AWS settings. */
async function keyturn(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const started = spawn(resolve(root, 'node_modules/.bin/node'), [resolve(root, 'cli/main.ts'), ...argv], {
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      AWS_ACCESS_KEY_ID: 'AKIAFAKE000000000001',
      AWS_SECRET_ACCESS_KEY: 'fake-secret-of-a-test',
      AWS_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  started.stdout.on('data', (data) => {
    out += data;
  });
  started.stderr.on('data', (data) => {
    err += data;
  });
  const exitCode = await new Promise((done) => started.on('close', done));
  return { exitCode, out, err };
}

async function aws(answers: Readonly<Record<string, Answer>>): Promise<Readonly<Record<string, string>>> {
  server = await answering({ ...deployed(new FakeCli().session.deployment), ...answers });
  return { AWS_ENDPOINT_URL: server.url };
}

describe('keyturn as a process', () => {
  test('prints its help and its version without an AWS account', async () => {
    const help = await keyturn(['--help']);
    expect(help).toMatchObject({ exitCode: 0, err: '' });
    expect(help.out).toContain('Usage: keyturn [options] [command]');
    expect(await keyturn(['--version'])).toEqual({ exitCode: 0, out: '0.1.0\n', err: '' });
  });

  test('ends with 2 and one line for a wrong argument', async () => {
    expect(await keyturn(['status', '--jsn'])).toEqual({
      exitCode: 2,
      out: '',
      err: "keyturn: Unknown option '--jsn'; did you mean --json? 'keyturn status --help' shows how.\n",
    });
  });

  test('ends with 1 and one line when Keyturn is not deployed', async () => {
    const env = await aws({ GetParameter: { kind: 'fault', code: 'ParameterNotFound', message: '' } });
    const { exitCode, out, err } = await keyturn(['status', '--deployment', '/elsewhere'], env);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(
      /^keyturn: Keyturn is not deployed here: there is no SSM parameter '\/elsewhere' in eu-central-1\..*\n$/,
    );
  });

  test('shows where an error came from when KEYTURN_DEBUG=1 asks for it, and only then', async () => {
    const env = await aws({ GetParameter: { kind: 'fault', code: 'ExpiredTokenException', message: 'expired' } });
    expect((await keyturn(['status'], env)).err).not.toMatch(/^ {4}at /m);
    expect((await keyturn(['status'], { ...env, KEYTURN_DEBUG: '1' })).err).toMatch(/^ {4}at /m);
  });

  test.each([
    ['http://127.0.0.1:9', /^keyturn: The AWS endpoint could not be reached \(.*127\.0\.0\.1:9\): check the network/],
    ['http://aws.invalid', /^keyturn: \S*aws\.invalid could not be found: check the network, the Region \(--region\)/],
  ])('says so when %s cannot be reached', async (url, message) => {
    const { exitCode, out, err } = await keyturn(['status'], { AWS_ENDPOINT_URL: url });
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(message);
  });

  test('reads IAM and the tables with the services’ own protocols', async () => {
    const user = {
      UserName: 'ci-deploy',
      UserId: 'AIDAFAKE0000000000001',
      Path: '/',
      Arn: 'arn:aws:iam::111122223333:user/ci-deploy',
      CreateDate: '2026-01-01T00:00:00Z',
    };
    const key = {
      UserName: 'ci-deploy',
      AccessKeyId: 'AKIAFAKE000000000002',
      Status: 'Active',
      CreateDate: '2020-01-01T00:00:00Z',
    };
    const env = await aws({
      Query: { kind: 'result', body: { Items: [], Count: 0 } },
      ListUsers: { kind: 'result', body: { Users: [user], IsTruncated: false } },
      ListAccessKeys: { kind: 'result', body: { AccessKeyMetadata: [key], IsTruncated: false } },
    });
    const { exitCode, out, err } = await keyturn(['status', '--json'], env);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      keys: [{ userName: 'ci-deploy', keyId: 'AKIAFAKE000000000002', state: 'due' }],
    });
  });
});
