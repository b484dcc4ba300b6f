import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateQueueCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import picocolors from 'picocolors';
import { awsConnection } from '../../cli/connect.ts';
import { run } from '../../cli/run.ts';
import { parseAccountId } from '../../lambda/domain/ids.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';
import { FakeCli } from './fake-cli.ts';

/** The real connection, to accounts of the local AWS. */
const { emulator, freshAccount } = emulated();
const REGION = 'eu-central-1';
const environment = { ...process.env };
let home: string;

afterEach(async () => {
  process.env = { ...environment };
  await rm(home, { recursive: true, force: true });
});

/** A deployment in one account, a user in another, and a profile for each. */
async function aWorld() {
  const hub = parseAccountId(freshAccount());
  const member = parseAccountId(freshAccount());
  const here = { ...emulator().client(hub), region: REGION };
  const { session } = new FakeCli();
  const deployment = {
    ...session.deployment,
    settings: { ...session.deployment.settings, hub },
    tables: await createTables(new DynamoDBClient(here)),
    queues: { sweeps: await queue(here, 'sweeps'), deadLetters: `${emulator().url}/${hub}/elsewhere` },
  };
  const parameter = { Name: '/keyturn/deployment', Value: JSON.stringify(deployment), Type: 'String' } as const;
  await new SSMClient(here).send(new PutParameterCommand(parameter));
  await new IAMClient(here).send(new CreateUserCommand({ UserName: 'of-the-hub', Path: '/hub/' }));
  await new IAMClient(emulator().client(member)).send(
    new CreateUserCommand({ UserName: 'of-the-member', Path: '/m/' }),
  );

  home = await mkdtemp(join(tmpdir(), 'keyturn-cli-'));
  const profiles = await Promise.all([profile('hub', hub), profile('member', member)]);
  await writeFile(join(home, 'credentials'), profiles.join('\n'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: emulator().url,
    AWS_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(home, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(home, 'credentials'),
  });
  return { hub, member };
}

async function queue(config: SQSClientConfig, QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await new SQSClient(config).send(new CreateQueueCommand({ QueueName }));
  return QueueUrl;
}

async function profile(name: string, account: string): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = await emulator().credentials(account);
  return [
    `[${name}]`,
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    `aws_session_token = ${sessionToken}`,
    '',
  ].join('\n');
}

async function keyturn(...argv: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    screen: { width: 80, paint: picocolors.createColors(false) },
    out: (text: string) => void out.push(text),
    stream: async () => {
      throw new Error('nothing is to be streamed here');
    },
    page: async () => {
      throw new Error('nothing is to be paged here');
    },
    err: (text: string) => void err.push(text),
    ask: () => Promise.reject(new Error('nothing is to be asked here')),
  };
  const { clock } = new FakeCli();
  const cli = { terminal, connect: awsConnection({ terminal, version: '0.1.0' }), clock, version: '0.1.0' };
  const exitCode = await run([...argv, '--json'], cli);
  return { exitCode, out: out.join('\n'), err: err.join('\n') };
}

const who = (user: string, ...more: readonly string[]) =>
  keyturn('owners', 'who', '--user', user, '--profile', 'hub', ...more);

test('--profile reads the tables and IAM of the hub, --member-profile IAM of the account it leads to', async () => {
  const { hub, member } = await aWorld();
  const here = await who('of-the-hub');
  expect({ err: here.err, exitCode: here.exitCode }).toEqual({ err: '', exitCode: 0 });
  expect(JSON.parse(here.out)).toMatchObject({ account: hub, path: '/hub/', pathFrom: 'iam' });
  const there = await who('of-the-member', '--member-profile', 'member');
  expect({ err: there.err, exitCode: there.exitCode }).toEqual({ err: '', exitCode: 0 });
  expect(JSON.parse(there.out)).toMatchObject({ account: member, path: '/m/', pathFrom: 'iam' });
});

test('a profile that there is not is named', async () => {
  await aWorld();
  const { exitCode, err } = await who('of-the-member', '--member-profile', 'elsewhere');
  expect(exitCode).toBe(1);
  expect(JSON.parse(err).error).toMatch(/'elsewhere'/);
});

test('doctor and runs look at the deployment for real', async () => {
  await aWorld();
  const runs = await keyturn('runs', '--profile', 'hub');
  expect({ err: runs.err, report: JSON.parse(runs.out) }).toEqual({ err: '', report: { runs: [], more: false } });
  const { exitCode, out } = await keyturn('doctor', '--profile', 'hub');
  expect(exitCode).toBe(1);
  const verdicts = JSON.parse(out).findings.map((one: { check: string; verdict: string }) => [one.check, one.verdict]);
  // Of all that is deployed there are only the tables, without recovery, and one queue in this account.
  expect(Object.fromEntries(verdicts)).toEqual({
    settings: 'ok',
    stack: 'fail',
    'owners table': 'warn',
    'state table': 'warn',
    'history table': 'warn',
    'operators topic': 'fail',
    'notices topic': 'fail',
    'sweep queue': 'ok',
    'dead letters': 'fail',
    'sweeps are begun': 'fail',
    'events are heard': 'fail',
    'events are sealed': 'fail',
    'notices are sent': 'ok',
    'member role here': 'fail',
    'credential report': 'ok',
    'last run': 'warn',
  });
});
