import * as fc from 'fast-check';
import { parseAccessKeyId as parseId, parseUserName } from '../../lambda/domain/ids.ts';
import { secretNameOf, secretVersionOf, userNameOf } from '../../lambda/domain/secret-name.ts';
import { ACCOUNT, AWKWARD_USER, keyId } from '../support/builders.ts';
import { anyAccessKeyId, anyAccountId, anyUserName } from './support/arbitraries.ts';

const nameOf = (userName: string) => secretNameOf(ACCOUNT, parseUserName(userName));

describe('the name of a user’s secret', () => {
  test.each([
    ['a plain name is itself', 'ci-bot', 'keyturn/111122223333/ci-bot'],
    ['a comma, which no secret name may hold, is escaped', 'a,b', 'keyturn/111122223333/a=2Cb'],
    ['so is the escape character', 'a=b', 'keyturn/111122223333/a=3Db'],
    ['a name that looks escaped already stays apart from one that is', 'a=2Cb', 'keyturn/111122223333/a=3D2Cb'],
    [
      'a hyphen and six characters at the end look like the suffix of an ARN',
      'app-backup',
      'keyturn/111122223333/app=2Dbackup',
    ],
    ['a hyphen and five do not', 'app-build', 'keyturn/111122223333/app-build'],
    ['a hyphen and seven do not', 'app-staging', 'keyturn/111122223333/app-staging'],
    ['six hyphens after the hyphen do', 'a-------', 'keyturn/111122223333/a=2D------'],
    ['only that hyphen is escaped', 'my-own-backup', 'keyturn/111122223333/my-own=2Dbackup'],
    ['six characters that come from an escape count as they are written', 'a-bcd,', 'keyturn/111122223333/a=2Dbcd=2C'],
    ['every character that IAM allows', AWKWARD_USER, 'keyturn/111122223333/a_b+c=3Dd=2Ce.f@g-h'],
  ])('%s', (_rule, userName, secretName) => {
    expect(nameOf(userName)).toBe(secretName);
    expect(userNameOf(secretName)).toBe(userName);
  });

  test('leads back to the user, whatever its name', () => {
    fc.assert(
      fc.property(anyAccountId, anyUserName, (account, userName) => {
        expect(userNameOf(secretNameOf(account, userName))).toBe(userName);
      }),
    );
  });

  test('is another for another user, also when their names look alike', () => {
    const lookAlike = fc.string({
      unit: fc.constantFrom('-', '=', ',', '2', '3', 'C', 'D'),
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(lookAlike, lookAlike, (one, other) => {
        expect(nameOf(one) === nameOf(other)).toBe(one === other);
      }),
      { numRuns: 2000 },
    );
  });

  test('is one that Secrets Manager takes, and never ends like an ARN', () => {
    fc.assert(
      fc.property(anyAccountId, anyUserName, (account, userName) => {
        const secretName = secretNameOf(account, userName);
        expect(secretName).toMatch(/^[A-Za-z0-9/_+=.@-]{1,512}$/);
        expect(secretName).not.toMatch(/-.{6}$/);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['another prefix', 'other/111122223333/ci-bot'],
    ['nothing but the prefix', 'keyturn'],
    ['no user', 'keyturn/111122223333'],
    ['an empty user', 'keyturn/111122223333/'],
    ['no account', 'keyturn/ci-bot'],
    ['something that is no account', 'keyturn/production/ci-bot'],
    ['something behind the user', 'keyturn/111122223333/ci-bot/old'],
    ['a name that Keyturn would write otherwise', 'keyturn/111122223333/app-backup'],
    ['an escape that is none', 'keyturn/111122223333/a=41'],
  ])('%s is not the name of one', (_rule, secretName) => {
    expect(() => userNameOf(secretName)).toThrow(`'${secretName}' is not the name of a Keyturn secret`);
  });
});

describe('the version under which a key is stored', () => {
  test('follows from the key ID', () => {
    expect(secretVersionOf(keyId(1))).toBe('AKIAFAKE000000000001-keyturn----');
  });

  test('is a token that Secrets Manager takes, another for every key', () => {
    fc.assert(
      fc.property(anyAccessKeyId, anyAccessKeyId, (one, other) => {
        expect(secretVersionOf(one)).toMatch(/^[A-Za-z0-9_-]{32,64}$/);
        expect(secretVersionOf(one) === secretVersionOf(other)).toBe(one === other);
      }),
    );
  });

  test('of a key ID too long for a token is refused', () => {
    const [longest, tooLong] = [`AKIA${'X'.repeat(52)}`, `AKIA${'X'.repeat(53)}`];
    expect(secretVersionOf(parseId(longest))).toHaveLength(64);
    expect(() => secretVersionOf(parseId(tooLong))).toThrow('too long to derive a secret version ID');
  });
});
