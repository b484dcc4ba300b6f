import { jsonError } from '../../support/aws-answers.ts';
import { NEW, OLD, OwnersWorld, profile, SECRET, stored } from './owners-world.ts';

jest.mock('../../../lambda/platform/aws-clients.ts', () => {
  const real = jest.requireActual('../../../lambda/platform/aws-clients.ts');
  return { ...real, clientSettings: { ...real.clientSettings, maxAttempts: 1 } };
});

let world: OwnersWorld;
beforeEach(async () => {
  world = await OwnersWorld.begin();
});
afterEach(() => world.end());

const yes = ['--profile', 'build', '--yes'];

describe('when AWS refuses', () => {
  const refused = async (...argv: readonly string[]) => {
    await world.write(world.credentialsFile, profile('build'));
    const ended = await world.pull(['--profile', 'build', '--yes', ...argv]);
    expect(ended).toMatchObject({ exitCode: 1, out: '' });
    expect(await world.credentials()).toBe(profile('build'));
    return ended.err.split('\n')[0];
  };

  test('the old key, it says whom to ask for what', async () => {
    world.callers.delete(OLD.id);
    expect(await refused()).toBe(
      `keyturn: AWS does not accept key ${OLD.id} of profile 'build' in eu-central-1: it has been disabled or deleted. Ask your Keyturn operators for 'keyturn restore --key ${OLD.id}', or whoever manages the IAM user to activate that key in the IAM console, and then run keyturn pull again; docs/pull.md says what else can be done.`,
    );
  });

  test('the old key between two calls, it says the same', async () => {
    world.secrets.set(SECRET, jsonError(400, 'UnrecognizedClientException', 'The security token is invalid.'));
    expect(await refused()).toMatch(/it has been disabled or deleted\. Ask your Keyturn operators/);
  });

  test.each<[string, string, string, RegExp]>([
    [
      'there is no secret',
      'ResourceNotFoundException',
      "can't find the specified secret",
      /There is no new key for user build-bot of account 111122223333 in eu-central-1/,
    ],
    [
      'the user may not know whether there is one',
      'AccessDeniedException',
      'no identity-based policy allows',
      /There is no new key for user build-bot .*or this user may not read it/,
    ],
    [
      'the secret is about to go',
      'InvalidRequestException',
      'because it was marked for deletion',
      /is about to be deleted: tell your Keyturn operators/,
    ],
    ['the secret is throttled', 'ThrottlingException', 'Rate exceeded', /AWS throttled the calls/],
  ])(
    'because %s',
    async (_, code, message, sentence) => {
      world.secrets.set(SECRET, jsonError(400, code, message));
      expect(await refused()).toMatch(sentence);
    },
    40_000,
  );

  test('a secret in another account, it names the policy that is missing', async () => {
    const arn = 'arn:aws:secretsmanager:eu-west-3:999988887777:secret:keyturn/111122223333/build-bot-AbCdEf';
    world.secrets.set(arn, jsonError(400, 'AccessDeniedException', 'no identity-based policy allows'));
    expect(await refused('--secret', arn)).toMatch(
      /may not read the secret in account 999988887777: have the managed policy KeyturnReadSecrets of account 111122223333 attached/,
    );
  });

  test.each([
    ['of another user', { UserName: 'other' }, /is not that of user build-bot in account 111122223333/],
    ['of another account', { Account: '444455556666' }, /is not that of user build-bot in account 111122223333/],
    ['in another form', { Version: 2 }, /does not hold a key in the form that Keyturn stores/],
    ['that would break the file', { SecretAccessKey: `${NEW.secret}\n[evil]` }, /does not hold a key in the form/],
    ['that is no key', { AccessKeyId: '*' }, /does not hold a key in the form/],
  ])('nothing, but the secret holds a key %s', async (_, changes, sentence) => {
    world.secrets.set(SECRET, stored(changes));
    expect(await refused()).toMatch(sentence);
  });

  test('nothing, but the new key is that of somebody else', async () => {
    world.callers.set(NEW.id, 'arn:aws:iam::111122223333:user/other');
    expect(await refused()).toMatch(/The new key AKIAFAKE000000000002 is not a working key of user build-bot/);
  });

  test('a role, as only users have keys that Keyturn rotates', async () => {
    world.callers.set(OLD.id, 'arn:aws:sts::111122223333:assumed-role/Deploy/ada');
    expect(await refused()).toMatch(/assumed-role\/Deploy\/ada, which is no IAM user/);
  });

  test('or no Region is known', async () => {
    await world.write(world.credentialsFile, profile('build'));
    const { exitCode, err } = await world.pull(yes, { AWS_REGION: '' });
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^keyturn: No AWS Region is set: name the one that Keyturn's notice/);
    await world.write(world.configFile, '[profile build]\nregion = eu-west-1\n');
    expect(await world.pull(yes, { AWS_REGION: '' })).toMatchObject({ exitCode: 0 });
  });
});

describe('the secret access keys', () => {
  const everything = async (argv: readonly string[], answer: Parameters<typeof world.secrets.set>[1]) => {
    await world.write(world.credentialsFile, profile('build'));
    world.secrets.set(SECRET, answer);
    const { out, err } = await world.pull(argv);
    return out + err;
  };

  const broken = { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' } };
  test.each<[string, Parameters<OwnersWorld['secrets']['set']>[1]]>([
    ['all is well', stored()],
    ['the value is broken off', stored().slice(0, -20)],
    ['the value is no JSON', `x${NEW.secret}`],
    ['the value has a wrong field', stored({ Account: 5 })],
    ["AWS's answer is broken off", { ...broken, body: `{"SecretString":"${NEW.secret}` }],
    ["AWS's answer is no JSON", { ...broken, body: `${NEW.secret} {` }],
  ])('are in no output when %s, not even when debugging', async (_, answer) => {
    for (const argv of [yes, [...yes, '--json'], ['--profile', 'build', '--dry-run']]) {
      const said = await everything(argv, answer);
      expect(said).not.toBe('');
      for (const { secret } of [OLD, NEW]) {
        // Node's messages quote a few characters only; the keys of tests end alike.
        for (let at = 0; at + 8 <= secret.indexOf('+'); at += 1) expect(said).not.toContain(secret.slice(at, at + 8));
      }
    }
  });
});
