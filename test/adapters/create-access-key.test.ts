import { inspect } from 'node:util';
import { IAMClient } from '@aws-sdk/client-iam';
import { AwsIam } from '../../lambda/adapters/iam.ts';
import { KeyQuotaError, NotCreatedError, UnavailableError, UserGoneError } from '../../lambda/ports.ts';
import { denied, queryAnswer, queryError, throttled } from '../support/aws-answers.ts';
import { AWKWARD_USER, keyId, USER } from '../support/builders.ts';
import { fakePause } from '../support/fake-pause.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { stub, asked, clientConfig } = stubbed();
const SECRET = 'fakeSecretAccessKeyThatMustNotBeSeen0001';
const whole = queryAnswer(
  'CreateAccessKey',
  `<AccessKey><UserName>x</UserName><AccessKeyId>${keyId(1)}</AccessKeyId><Status>Active</Status>` +
    `<SecretAccessKey>${SECRET}</SecretAccessKey><CreateDate>2026-01-01T00:00:07Z</CreateDate></AccessKey>`,
);

function creating(...answers: StubAnswer[]) {
  stub().prepare(...answers);
  const { pause, waits } = fakePause();
  const { maxAttempts: _, ...config } = clientConfig();
  // As in operation: `retrying` would repeat an unanswered call, `single` must be the one that is used.
  const iam = new AwsIam({ retrying: new IAMClient(config), single: new IAMClient(clientConfig()) }, { pause });
  return { result: iam.createKey(AWKWARD_USER), waits };
}

const failure = (answer: Promise<unknown>) => answer.then(() => undefined).catch((error: unknown) => error);

test('a key is created for the named user', async () => {
  const { result } = creating(whole);
  const created = await result;
  expect(created).toMatchObject({ keyId: keyId(1), createdAt: Date.parse('2026-01-01T00:00:07Z') });
  expect(created.secret.reveal()).toBe(SECRET);
  expect(asked('UserName')).toEqual([AWKWARD_USER]);
});

describe('throttling, which certainly creates nothing,', () => {
  test('is waited for with growing pauses, and then the key is created once', async () => {
    const { result, waits } = creating(throttled, queryError(429, 'TooManyRequestsException', 'Slow down'), whole);
    expect((await result).keyId).toBe(keyId(1));
    expect(stub().requests).toHaveLength(3);
    expect(waits).toHaveLength(2);
    expect(waits[0]).toBeGreaterThanOrEqual(250);
    expect(waits[0]).toBeLessThanOrEqual(500);
    expect(waits[1]).toBeGreaterThanOrEqual(500);
    expect(waits[1]).toBeLessThanOrEqual(1_000);
  });

  test('that does not end is given up after five tries', async () => {
    const { result } = creating(throttled);
    expect(await failure(result)).toBeInstanceOf(NotCreatedError);
    expect(stub().requests).toHaveLength(5);
  });
});

describe('a certain refusal is told as one, after a single call:', () => {
  test.each<[string, StubAnswer, new (message: string) => Error]>([
    ['the quota', queryError(409, 'LimitExceeded', 'Cannot exceed quota for AccessKeysPerUser: 2'), KeyQuotaError],
    ['a user that is gone', queryError(404, 'NoSuchEntity', 'The user cannot be found.'), UserGoneError],
    ['missing permission', denied('iam:CreateAccessKey'), NotCreatedError],
    ['expired credentials', queryError(403, 'ExpiredToken', 'The security token is expired'), NotCreatedError],
    ['a bad request', queryError(400, 'ValidationError', 'No good'), NotCreatedError],
  ])('%s', async (_name, answer, kind) => {
    const { result } = creating(answer);
    const error = await failure(result);
    expect(error?.constructor).toBe(kind);
    expect(stub().requests).toHaveLength(1);
  });

  test('missing permission names the action', async () => {
    const { result } = creating(denied('iam:CreateAccessKey'));
    await expect(result).rejects.toThrow(/AWS denied iam:CreateAccessKey/);
  });
});

describe('when a key may have been created, the call is not repeated and nothing is claimed:', () => {
  test.each<[string, StubAnswer]>([
    ['AWS fails inside', queryError(500, 'ServiceFailure', 'Internal')],
    ['AWS is unavailable', queryError(503, 'ServiceUnavailable', 'Later')],
    ['AWS ran out of time', queryError(400, 'RequestTimeout', 'Too slow')],
    ['the connection breaks', 'drop'],
    ['no answer comes', 'hang'],
    ['the answer is no XML', { status: 200, body: `${SECRET} {{{` }],
    [
      'the answer has no secret',
      queryAnswer('CreateAccessKey', `<AccessKey><AccessKeyId>${keyId(1)}</AccessKeyId></AccessKey>`),
    ],
    [
      'the answer has no key ID',
      queryAnswer('CreateAccessKey', `<AccessKey><SecretAccessKey>${SECRET}</SecretAccessKey></AccessKey>`),
    ],
    [
      'the answer has a date that is none',
      queryAnswer(
        'CreateAccessKey',
        `<AccessKey><AccessKeyId>${keyId(1)}</AccessKeyId><SecretAccessKey>${SECRET}</SecretAccessKey><CreateDate>${SECRET}</CreateDate></AccessKey>`,
      ),
    ],
    [
      'the answer breaks off',
      {
        status: 200,
        body: `<CreateAccessKeyResponse><CreateAccessKeyResult><AccessKey><SecretAccessKey>${SECRET}</Secre`,
      },
    ],
  ])('%s', async (_name, answer) => {
    const { result } = creating(answer);
    const error = await failure(result);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(stub().requests).toHaveLength(1);
    // Whatever a log prints of the error, with every hidden property and cause, the secret is not in it.
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
  });
});

test('deleting a key whose first deletion was not answered is harmless', async () => {
  const { maxAttempts: _, ...config } = clientConfig();
  const iam = new AwsIam({ retrying: new IAMClient(config), single: new IAMClient(clientConfig()) });
  stub().prepare('drop', queryError(404, 'NoSuchEntity', 'The Access Key cannot be found'));
  await iam.deleteKey(USER, keyId(1));
  expect(stub().requests).toHaveLength(2);
});
