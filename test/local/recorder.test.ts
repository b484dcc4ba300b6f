import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateSecretCommand, DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Recorder, startRecorder } from '../../local/recorder.ts';
import { awsError } from '../../local/wire.ts';
import { createQueue } from './throwaway.ts';

let emulator: Emulator;
let recorder: Recorder;

beforeAll(async () => {
  emulator = await startEmulator();
  recorder = await startRecorder({ target: emulator.url, now: emulator.clock.now });
}, 600_000);
afterAll(async () => {
  await recorder?.stop();
  await emulator?.stop();
});
beforeEach(() => recorder.clear());
afterEach(() => recorder.intercept(undefined));

const through = () => ({ ...emulator.client(), endpoint: recorder.url });
const withoutRetries = () => ({ ...through(), maxAttempts: 1 });

test('notes who called what, when, and how it ended', async () => {
  await emulator.clock.set(new Date('2027-03-01T00:00:00Z'));
  await new STSClient(through()).send(new GetCallerIdentityCommand({}));
  await new IAMClient(through()).send(new CreateUserCommand({ UserName: 'ada' }));
  const secrets = new SecretsManagerClient(through());
  await expect(secrets.send(new DescribeSecretCommand({ SecretId: 'none' }))).rejects.toThrow();

  const calls = recorder.calls().map(({ service, action, params, status, errorCode, principalArn }) => {
    return { service, action, params, status, errorCode, principalArn };
  });
  const principalArn = 'arn:aws:sts::123456789012:assumed-role/Administrator/local';
  expect(calls).toEqual([
    { service: 'sts', action: 'GetCallerIdentity', params: {}, status: 200, errorCode: undefined, principalArn },
    {
      service: 'iam',
      action: 'CreateUser',
      params: { UserName: 'ada' },
      status: 200,
      errorCode: undefined,
      principalArn,
    },
    {
      service: 'secretsmanager',
      action: 'DescribeSecret',
      params: { SecretId: 'none' },
      status: 404,
      errorCode: 'ResourceNotFoundException',
      principalArn,
    },
  ]);
  expect(recorder.calls()[1]?.region).toBe('us-east-1');
  expect(recorder.calls()[1]?.time.toISOString()).toMatch(/^2027-03-01T00:00:/);
});

test('a secret passes through and is noted nowhere', async () => {
  const iam = new IAMClient(through());
  await iam.send(new CreateUserCommand({ UserName: 'grace' }));
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: 'grace' }));
  const secretKey = key?.SecretAccessKey ?? '';
  expect(secretKey).not.toBe('');

  const secrets = new SecretsManagerClient(through());
  await secrets.send(new CreateSecretCommand({ Name: 'grace', SecretString: JSON.stringify({ secretKey }) }));
  await secrets.send(new CreateSecretCommand({ Name: 'grace-2', SecretBinary: Buffer.from(secretKey) }));
  await new SSMClient(through()).send(new PutParameterCommand({ Name: '/g', Type: 'SecureString', Value: secretKey }));

  const noted = JSON.stringify(recorder.calls());
  expect(noted).toContain('"SecretString":"(redacted)"');
  expect(noted).not.toContain(secretKey);
  expect(noted).not.toContain(Buffer.from(secretKey).toString('base64'));
  const read = await new SSMClient(through()).send(new GetParameterCommand({ Name: '/g', WithDecryption: true }));
  expect(read.Parameter?.Value).toBe(secretKey);
});

test('queue URLs learnt through it lead back through it', async () => {
  const { url } = await createQueue({ ...emulator, client: through }, 'seen');
  expect(url).toBe(`${recorder.url}/123456789012/seen`);
});

describe('faults', () => {
  const userExists = async (name: string) => {
    recorder.intercept(undefined);
    const again = new IAMClient(emulator.client()).send(new CreateUserCommand({ UserName: name }));
    return again.then(
      () => false,
      ({ name: code }) => code === 'EntityAlreadyExistsException',
    );
  };
  const create = (name: string) => new IAMClient(withoutRetries()).send(new CreateUserCommand({ UserName: name }));

  test('an answer in the emulator’s place is one that the SDK understands, and nothing is done', async () => {
    recorder.intercept((call) => (call.action === 'CreateUser' ? awsError(call, 'Throttling', 400) : 'pass'));
    await expect(create('throttled')).rejects.toMatchObject({ name: 'Throttling' });
    expect(recorder.calls().at(-1)).toMatchObject({ action: 'CreateUser', status: 400, errorCode: 'Throttling' });

    recorder.intercept((call) => awsError(call, 'InternalServiceError', 500));
    const secrets = new SecretsManagerClient(withoutRetries());
    await expect(secrets.send(new DescribeSecretCommand({ SecretId: 'x' }))).rejects.toMatchObject({
      name: 'InternalServiceError',
    });
    expect(await userExists('throttled')).toBe(false);
  });

  test('a call lost on its way is not done', async () => {
    recorder.intercept(() => 'drop-before');
    await expect(create('lost')).rejects.toThrow();
    expect(recorder.calls().at(-1)).not.toHaveProperty('status');
    expect(await userExists('lost')).toBe(false);
  });

  test('a call whose answer is lost is done', async () => {
    recorder.intercept(() => 'drop-after');
    await expect(create('unanswered')).rejects.toThrow();
    expect(await userExists('unanswered')).toBe(true);
  });
});
