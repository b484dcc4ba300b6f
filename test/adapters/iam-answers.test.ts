import { IAMClient } from '@aws-sdk/client-iam';
import { AwsIam } from '../../lambda/adapters/iam.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { denied, queryAnswer, queryError, throttled } from '../support/aws-answers.ts';
import { AWKWARD_USER, keyId, USER, userId } from '../support/builders.ts';
import { collect } from '../support/collect.ts';
import { fakePause } from '../support/fake-pause.ts';
import { stubbed } from '../support/stubbed.ts';

const { stub, asked, clientConfig } = stubbed();
const iam = () => {
  const client = new IAMClient(clientConfig());
  // One look for the credential report: what more of them find is in credential-report.test.ts.
  return new AwsIam({ retrying: client, single: client }, { reportBound: 0 });
};

const user = (name: string, n: number) =>
  `<member><UserName>${name}</UserName><UserId>${userId(n)}</UserId><Path>/</Path>` +
  `<Arn>arn:aws:iam::111122223333:user/${name}</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></member>`;
const key = (n: number, status = 'Active') =>
  `<member><UserName>x</UserName><AccessKeyId>${keyId(n)}</AccessKeyId><Status>${status}</Status>` +
  '<CreateDate>2026-01-01T00:00:07Z</CreateDate></member>';
const users = (members: string, rest: string) => queryAnswer('ListUsers', `<Users>${members}</Users>${rest}`);
const keys = (members: string, rest = '<IsTruncated>false</IsTruncated>') =>
  queryAnswer('ListAccessKeys', `<AccessKeyMetadata>${members}</AccessKeyMetadata>${rest}`);
const more = (marker: string) => `<IsTruncated>true</IsTruncated><Marker>${marker}</Marker>`;

describe('pages', () => {
  test('of users are read until the last, an empty one in between', async () => {
    stub().prepare(
      users(user('ada', 1), more('page-2')),
      users('', more('page-3')),
      users(user('bob', 2), '<IsTruncated>false</IsTruncated>'),
    );
    expect((await collect(iam().users())).map((one) => one.userName)).toEqual(['ada', 'bob']);
    expect(asked('Marker')).toEqual([null, 'page-2', 'page-3']);
  });

  test('of users that break off do not pass for all of them', async () => {
    stub().prepare(users(user('ada', 1), more('page-2')), queryError(503, 'ServiceUnavailable', 'Try later'));
    await expect(collect(iam().users())).rejects.toThrow(UnavailableError);
  });

  test('of users that should go on but do not say where do not pass for all of them', async () => {
    stub().prepare(users(user('ada', 1), '<IsTruncated>true</IsTruncated>'));
    await expect(collect(iam().users())).rejects.toThrow(/iam:ListUsers answered without the Marker/);
  });

  test('of keys are looked at again until a new one is among them, for twenty seconds at most', async () => {
    const { pause, waits } = fakePause();
    const client = new IAMClient(clientConfig());
    const patient = new AwsIam({ retrying: client, single: client }, { pause });
    stub().prepare(keys(key(1)), keys(key(1)), keys(key(1) + key(2)));
    expect((await patient.keysWith(USER, keyId(2))).map((one) => one.keyId)).toEqual([keyId(1), keyId(2)]);
    expect(waits).toEqual([2_000, 2_000]);
    stub().prepare(...Array.from({ length: 11 }, () => keys(key(1))));
    expect((await patient.keysWith(USER, keyId(2))).map((one) => one.keyId)).toEqual([keyId(1)]);
    expect(waits.slice(2)).toEqual(Array.from({ length: 10 }, () => 2_000));
  });

  test('of keys are read until the last, always for the named user', async () => {
    stub().prepare(keys(key(1), more('page-2')), keys(key(2)));
    expect((await iam().keys(AWKWARD_USER)).map((one) => one.keyId)).toEqual([keyId(1), keyId(2)]);
    expect(asked('UserName')).toEqual([AWKWARD_USER, AWKWARD_USER]);
    expect(asked('Marker')).toEqual([null, 'page-2']);
  });
});

describe('what AWS says of keys', () => {
  test('a status that nobody knows is certainly not Active', async () => {
    stub().prepare(keys(key(1, 'Expired') + key(2, 'Suspended') + key(3)));
    expect((await iam().keys(USER)).map((one) => one.status)).toEqual(['Expired', 'Inactive', 'Active']);
  });

  test('a key without a creation date is not read as one', async () => {
    const incomplete = `<member><AccessKeyId>${keyId(1)}</AccessKeyId><Status>Active</Status></member>`;
    stub().prepare(keys(incomplete));
    await expect(iam().keys(USER)).rejects.toThrow('iam:ListAccessKeys answered without CreateDate.');
  });

  test('a key ID that is none is not read as one', async () => {
    stub().prepare(keys(key(1).replace(keyId(1), 'short')));
    await expect(iam().keys(USER)).rejects.toThrow(/iam:ListAccessKeys answered something unreadable: 'short'/);
  });

  test('a key that was never used has no date and N/A for the rest', async () => {
    const never = '<ServiceName>N/A</ServiceName><Region>N/A</Region>';
    stub().prepare(queryAnswer('GetAccessKeyLastUsed', `<AccessKeyLastUsed>${never}</AccessKeyLastUsed>`));
    expect(await iam().lastUse(keyId(1))).toEqual({ kind: 'never' });
  });

  test('no word about the last use does not mean never', async () => {
    stub().prepare(queryAnswer('GetAccessKeyLastUsed', '<UserName>ada</UserName>'));
    await expect(iam().lastUse(keyId(1))).rejects.toThrow(UnavailableError);
  });
});

describe('failures', () => {
  const calls = [
    ['iam:ListUsers', () => collect(iam().users())],
    ['iam:GetUser', () => iam().user(USER)],
    ['iam:ListAccessKeys', () => iam().keys(USER)],
    ['iam:GetAccessKeyLastUsed', () => iam().lastUse(keyId(1))],
    ['iam:UpdateAccessKey', () => iam().disableKey(USER, keyId(1))],
    ['iam:DeleteAccessKey', () => iam().deleteKey(USER, keyId(1))],
    ['iam:GenerateCredentialReport', () => iam().credentialReport()],
  ] as const;

  test.each(calls)('%s that is denied names the action', async (action, call) => {
    stub().prepare(denied(action));
    const error = await call().catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(String(error)).toContain(`AWS denied ${action}`);
  });

  const busy = calls.filter(([action]) => action !== 'iam:GenerateCredentialReport');
  test.each(busy)('%s that is throttled to the end is unavailable', async (action, call) => {
    stub().prepare(throttled);
    const error = await call().catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).not.toBeInstanceOf(AccessDeniedError);
    expect(String(error)).toBe(`UnavailableError: ${action} failed: Throttling (HTTP 400): Rate exceeded.`);
  });

  test.each(calls)('%s that fails inside AWS, or is never answered, is unavailable', async (_action, call) => {
    stub().prepare(queryError(500, 'ServiceFailure', 'Something went wrong'));
    await expect(call()).rejects.toThrow(UnavailableError);
    stub().prepare('drop');
    await expect(call()).rejects.toThrow(UnavailableError);
    stub().prepare('hang');
    await expect(call()).rejects.toThrow(/TimeoutError/);
  });
});
