import {
  InvalidIdError,
  parseAccessKeyId,
  parseAccountId,
  parseEventId,
  parseExemptionId,
  parseOwnerId,
  parseRotationId,
  parseRunId,
  parseUserId,
  parseUserName,
} from '../../lambda/domain/ids.ts';

const ULID = '01KDVDNC00ZZZZZZZZZZZZZZZZ';

describe('identifiers that are well formed', () => {
  test.each<[string, (text: string) => string, string]>([
    ['an account', parseAccountId, '012345678901'],
    ['a user name of one character', parseUserName, 'x'],
    ['a user name of every character IAM allows', parseUserName, 'aZ0_+=,.@-'],
    ['a user name of 64 characters', parseUserName, 'x'.repeat(64)],
    ['a UserId', parseUserId, 'AIDAFAKE0000000000001'],
    ['an access key ID', parseAccessKeyId, 'AKIAFAKE000000000001'],
    ['an owner', parseOwnerId, 'payments.team_1-eu'],
    ['a run', parseRunId, 'run-2026-01-01'],
    ['a rotation', parseRotationId, ULID],
    ['an event', parseEventId, ULID],
    ['an exemption', parseExemptionId, ULID],
  ])('%s', (_rule, parse, text) => {
    expect(parse(text)).toBe(text);
  });
});

describe('identifiers that are not', () => {
  test.each<[string, (text: string) => string, string]>([
    ['an account of 11 digits', parseAccountId, '12345678901'],
    ['an account of 13 digits', parseAccountId, '1234567890123'],
    ['an account with a letter', parseAccountId, '12345678901x'],
    ['an account with a line break', parseAccountId, '123456789012\n'],
    ['an account in other digits', parseAccountId, '١٢٣٤٥٦٧٨٩٠١٢'],
    ['no user name', parseUserName, ''],
    ['a user name of 65 characters', parseUserName, 'x'.repeat(65)],
    ['a user name with a space', parseUserName, 'ci deploy'],
    ['a user name with a slash', parseUserName, 'team/ci'],
    ['a user name with a star', parseUserName, 'ci-*'],
    ['a user name with an umlaut', parseUserName, 'jürgen'],
    ['a user name with a line break', parseUserName, 'ci\n'],
    ['the root of a credential report', parseUserName, '<root_account>'],
    ['a short UserId', parseUserId, 'AIDAFAKE'],
    ['a short access key ID', parseAccessKeyId, 'AKIAFAKE'],
    ['an access key ID with a hyphen', parseAccessKeyId, 'AKIAFAKE-00000000001'],
    ['an owner in capitals', parseOwnerId, 'Payments'],
    ['an owner that begins with a dot', parseOwnerId, '.payments'],
    ['a run without its prefix', parseRunId, '2026-01-01'],
    ['a run with a slash', parseRunId, 'run-2026/01'],
    ['a rotation in lower case', parseRotationId, ULID.toLowerCase()],
    ['an event of 25 characters', parseEventId, ULID.slice(1)],
    ['an exemption of 27 characters', parseExemptionId, `${ULID}Z`],
  ])('%s', (_rule, parse, text) => {
    expect(() => parse(text)).toThrow(InvalidIdError);
  });

  test('the message shows the text and says what was expected', () => {
    expect(() => parseAccountId('production')).toThrow("'production' is not an AWS account ID (12 digits)");
  });

  test('the message shows no more than the beginning of a long text', () => {
    const long = () => parseUserName('x'.repeat(5000));
    expect(long).toThrow(`'${'x'.repeat(140)}' is not an IAM user name`);
  });
});
