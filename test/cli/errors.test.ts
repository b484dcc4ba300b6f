import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import picocolors from 'picocolors';
import { awsConnection } from '../../cli/connect.ts';
import { run } from '../../cli/run.ts';
import { type Answer, type AnsweringServer, answering, deployed } from './aws-answers.ts';
import { FakeCli } from './fake-cli.ts';

/** The real connection, against a server that speaks as AWS does. */
jest.mock('../../lambda/platform/aws-clients.ts', () => {
  const real = jest.requireActual('../../lambda/platform/aws-clients.ts');
  return { ...real, clientSettings: { ...real.clientSettings, maxAttempts: 1 } };
});

let server: AnsweringServer | undefined;
let home: string;
const environment = { ...process.env };

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'keyturn-cli-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIAFAKE000000000001',
    AWS_SECRET_ACCESS_KEY: 'fake-secret-of-a-test',
    AWS_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(home, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
  });
});

afterEach(async () => {
  process.env = { ...environment };
  await server?.close();
  server = undefined;
  await rm(home, { recursive: true, force: true });
});

const { deployment } = new FakeCli().session;

/** Runs `keyturn <argv>` against a server with these answers. */
async function keyturn(answers: Readonly<Record<string, Answer>>, ...argv: readonly string[]) {
  server = await answering({ ...deployed(deployment), ...answers });
  process.env.AWS_ENDPOINT_URL ??= server.url;
  const [out, err, asked]: [string[], string[], string[]] = [[], [], []];
  const terminal = {
    screen: { width: 80, paint: picocolors.createColors(false) },
    out: (text: string) => void out.push(text),
    stream: async () => undefined,
    page: async (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    ask: async (question: string) => {
      asked.push(question);
      return '123456';
    },
  };
  const { clock } = new FakeCli();
  const cli = { terminal, connect: awsConnection({ terminal, version: '0.1.0' }), clock, version: '0.1.0' };
  const exitCode = await run(argv, cli);
  return { exitCode, out: out.join('\n'), err: err.join('\n'), asked };
}

const fault = (code: string, message: string, status = 400): Answer => ({ kind: 'fault', code, message, status });

const denied = (action: string, resource: string) =>
  `User: arn:aws:iam::111122223333:user/ada is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`;

describe('one clear sentence', () => {
  test.each<[string, Readonly<Record<string, Answer>>, string]>([
    [
      'no deployment',
      { GetParameter: fault('ParameterNotFound', '') },
      "Keyturn is not deployed here: there is no SSM parameter '/keyturn/deployment' in eu-central-1. Deploy it with 'npx cdk deploy', or name where it is with --region, --profile or --deployment.",
    ],
    [
      'a parameter that is something else',
      { GetParameter: { kind: 'result', body: { Parameter: { Value: 'hello' } } } },
      "SSM parameter '/keyturn/deployment' holds nothing that this version of keyturn (0.1.0) understands: use the version that was deployed, or name the right parameter with --deployment.",
    ],
    [
      'expired credentials',
      { GetParameter: fault('ExpiredTokenException', 'The security token included in the request is expired') },
      'Your AWS credentials have expired: sign in again (such as with aws sso login), or name another profile with --profile.',
    ],
    [
      'expired credentials, as STS says it',
      { GetCallerIdentity: fault('ExpiredToken', 'The security token included in the request is expired', 403) },
      'Your AWS credentials have expired: sign in again (such as with aws sso login), or name another profile with --profile.',
    ],
    [
      'credentials that AWS does not know',
      {
        GetCallerIdentity: fault('InvalidClientTokenId', 'The security token included in the request is invalid.', 403),
      },
      'AWS does not accept your credentials: check the access key of your profile or environment, or name another with --profile.',
    ],
    [
      'a wrong secret',
      { GetParameter: fault('InvalidSignatureException', 'The request signature we calculated does not match') },
      'AWS does not accept your credentials: check the access key of your profile or environment, or name another with --profile.',
    ],
    [
      'no permission for the parameter',
      {
        GetParameter: fault(
          'AccessDeniedException',
          denied('ssm:GetParameter', 'arn:aws:ssm:eu-central-1:111122223333:parameter/keyturn/deployment'),
        ),
      },
      'Access denied: arn:aws:iam::111122223333:user/ada may not perform ssm:GetParameter on arn:aws:ssm:eu-central-1:111122223333:parameter/keyturn/deployment (no identity-based policy allows the ssm:GetParameter action): ask for that permission, or use another --profile.',
    ],
    [
      'no permission, by a service control policy',
      {
        Query: fault(
          'AccessDeniedException',
          'User: arn:aws:iam::111122223333:user/ada is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:eu-central-1:111122223333:table/history with an explicit deny in a service control policy',
        ),
      },
      'Access denied: arn:aws:iam::111122223333:user/ada may not perform dynamodb:Query on arn:aws:dynamodb:eu-central-1:111122223333:table/history (with an explicit deny in a service control policy): ask for that permission, or use another --profile.',
    ],
    [
      'a table that is gone',
      { Query: fault('ResourceNotFoundException', 'Requested resource not found') },
      'A table of the deployment does not exist (any more): check that the stack is deployed, and that --deployment names the right one.',
    ],
    [
      'throttling',
      { Query: fault('ProvisionedThroughputExceededException', 'Too fast') },
      'AWS throttled the calls again and again: wait a minute and run the command again.',
    ],
    [
      'throttling of SSM',
      { GetParameter: fault('ThrottlingException', 'Rate exceeded') },
      'AWS throttled the calls again and again: wait a minute and run the command again.',
    ],
    [
      'a fault of AWS',
      { GetParameter: fault('InternalServerError', 'Something broke', 500) },
      'AWS answered with a fault (InternalServerError: Something broke): try again in a minute.',
    ],
    [
      'the credentials of another account',
      {
        GetCallerIdentity: {
          kind: 'result',
          body: { Arn: 'arn:aws:iam::444455556666:user/ada', Account: '444455556666', UserId: 'x' },
        },
      },
      'Your credentials are those of account 444455556666, but Keyturn is deployed in 111122223333: name a profile of that account with --profile, and that of another account with --member-profile.',
    ],
  ])('for %s', async (_, answers, sentence) => {
    const { exitCode, out, err } = await keyturn(answers, 'history');
    expect({ exitCode, out, err }).toEqual({ exitCode: 1, out: '', err: `keyturn: ${sentence}` });
  });

  test('for an answer that is no answer of AWS', async () => {
    const { exitCode, err } = await keyturn(
      { GetParameter: { kind: 'page', html: '<html>Sign in</html>' } },
      'history',
    );
    expect(exitCode).toBe(1);
    expect(err).toBe('keyturn: What answered is not AWS: check AWS_ENDPOINT_URL and any proxy on the way.');
  });

  test('for no Region at all', async () => {
    delete process.env.AWS_REGION;
    const { exitCode, err } = await keyturn({}, 'history');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^keyturn: No valid AWS Region is set: name one with --region/);
  });

  test('for no credentials at all', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    const { exitCode, err } = await keyturn({}, 'history');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^keyturn: There are no AWS credentials: sign in/);
  });

  test('for a profile that does not exist', async () => {
    const { exitCode, err } = await keyturn({}, 'history', '--profile', 'nobody');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^keyturn: There are no AWS credentials for profile 'nobody'/);
  });

  test('as JSON, when JSON was asked for', async () => {
    const { exitCode, out, err } = await keyturn({ GetParameter: fault('ParameterNotFound', '') }, 'history', '--json');
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(JSON.parse(err)).toEqual({ error: expect.stringMatching(/^Keyturn is not deployed here/) });
  });
});

describe('plan with too few rights', () => {
  test('says which, instead of showing a shortened list', async () => {
    const { exitCode, out, err } = await keyturn(
      {
        Query: { kind: 'result', body: { Items: [], Count: 0 } },
        ListUsers: fault('AccessDenied', denied('iam:ListUsers', 'arn:aws:iam::111122223333:user/'), 403),
      },
      'plan',
    );
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(/^keyturn: Access denied: .*may not perform iam:ListUsers on arn:aws:iam::111122223333:user\//);
  });
});

describe('a profile that wants a second factor', () => {
  test('asks for the code once, for all the services it calls', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    await writeFile(
      join(home, 'config'),
      [
        '[profile base]',
        'aws_access_key_id = AKIAFAKE000000000002',
        'aws_secret_access_key = fake-secret-of-a-test',
        '[profile security]',
        'role_arn = arn:aws:iam::111122223333:role/Security',
        'source_profile = base',
        'mfa_serial = arn:aws:iam::111122223333:mfa/ada',
        'region = eu-west-1',
      ].join('\n'),
    );
    const assumed = {
      Credentials: {
        AccessKeyId: 'ASIAFAKE000000000003',
        SecretAccessKey: 'fake-secret-of-a-test',
        SessionToken: 'fake-token-of-a-test',
        Expiration: '2099-01-01T00:00:00Z',
      },
      AssumedRoleUser: { Arn: 'arn:aws:sts::111122223333:assumed-role/Security/ada', AssumedRoleId: 'AROAFAKE:ada' },
    };
    const { exitCode, out, asked, err } = await keyturn(
      { AssumeRole: { kind: 'result', body: assumed }, Query: { kind: 'result', body: { Items: [], Count: 0 } } },
      'history',
      '--profile',
      'security',
    );
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(asked).toEqual(['MFA code for arn:aws:iam::111122223333:mfa/ada']);
    expect(server?.calls.filter((call) => call === 'AssumeRole')).toHaveLength(1);
    expect(out).toContain('0 events, oldest first.');
  });
});
