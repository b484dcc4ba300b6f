import { parseAccountId, parseExemptionId, parseOwnerId, parseUserId, parseUserName } from '../../lambda/domain/ids.ts';
import type { Assignment, Exemption, UserMatch } from '../../lambda/domain/owners.ts';
import { assignmentFor, describeMatch, exemptionFor, matches, ownerFor } from '../../lambda/domain/user-match.ts';

const account = parseAccountId('111122223333');
const other = parseAccountId('444455556666');
const user = (name: string, path = '/', of = account) => ({ account: of, userName: parseUserName(name), path });
const named = (name: string): UserMatch => ({ kind: 'user', userName: parseUserName(name) });
const likeName = (pattern: string): UserMatch => ({ kind: 'name', pattern });
const likePath = (pattern: string): UserMatch => ({ kind: 'path', pattern });
const anyone: UserMatch = { kind: 'account' };

describe('a rule about users', () => {
  test.each<[string, UserMatch, ReturnType<typeof user>, boolean]>([
    ['a name is itself', named('build-bot'), user('build-bot'), true],
    ['a name is not a longer one', named('build-bot'), user('build-bot2'), false],
    ['names are the same whatever their case', named('Build-Bot'), user('build-bot'), true],
    ['patterns of names too', likeName('CI-*'), user('ci-Deploy'), true],
    ['a star may stand for nothing', likeName('ci-*'), user('ci-'), true],
    ['a star stands for any run in the middle', likeName('ci-*-eu'), user('ci-a-b-eu'), true],
    ['head and tail may not overlap', likeName('aba*ba'), user('aba'), false],
    ['several stars, parts in order', likeName('*deploy*eu*'), user('x-deploy-eu-1'), true],
    ['several stars, parts out of order', likeName('*deploy*eu*'), user('x-eu-deploy'), false],
    ['a part is not counted twice', likeName('*aa*aa*'), user('aaa'), false],
    ['without a star it is the whole name', likeName('ci'), user('ci-bot'), false],
    [
      'characters that mean something in a regular expression mean nothing',
      likeName('a.b+c*'),
      user('a.b+c=,@-_'),
      true,
    ],
    ['… nor does a dot stand for any character', likeName('a.b*'), user('axb'), false],
    ['a path', likePath('/team/*'), user('x', '/team/payments/'), true],
    ['a path itself', likePath('/team/'), user('x', '/team/'), true],
    ['a path is not its parent', likePath('/team/*'), user('x', '/'), false],
    ['paths have case', likePath('/Team/*'), user('x', '/team/'), false],
    ['the root path', likePath('/*'), user('x', '/'), true],
    ['everyone', anyone, user('x', '/y/'), true],
  ])('%s', (_rule, match, who, expected) => {
    expect(matches(match, who)).toBe(expected);
  });

  test('a long pattern full of stars answers at once', () => {
    const pattern = `${'*a'.repeat(200)}*b`;
    expect(matches(likePath(pattern), user('x', `/${'a'.repeat(500)}/`))).toBe(false);
  });
});

describe('the owner of a user', () => {
  const assign = (ownerId: string, match: UserMatch, of: Assignment['account'] = account): Assignment => ({
    account: of,
    match,
    ownerId: parseOwnerId(ownerId),
  });
  const bot = user('ci-deploy-eu', '/team/payments/');

  // Each assignment beats all that follow it.
  const ladder = [
    assign('exact', named('CI-Deploy-EU')),
    assign('exact-everywhere', named('ci-deploy-eu'), '*'),
    assign('longest', likePath('/team/payments/*')),
    assign('name-of-10', likeName('ci-deploy-*')),
    assign('name-of-6', likeName('*deploy*')),
    assign('path-of-6', likePath('/team/*')),
    assign('short', likeName('ci*')),
    assign('pattern-everywhere', likePath('/team/payments/'), '*'),
    assign('default', anyone),
    assign('default-everywhere', anyone, '*'),
  ];

  test.each(ladder.map((assignment, at) => [assignment.ownerId, at] as const))(
    '%s decides when nothing more specific does',
    (ownerId, at) => {
      const rest = ladder.slice(at);
      expect(ownerFor(rest, bot)).toBe(ownerId);
      expect(ownerFor(rest.toReversed(), bot)).toBe(ownerId);
    },
  );

  test('assignments of other accounts and about other users do not count', () => {
    expect(
      ownerFor([assign('elsewhere', named('ci-deploy-eu'), other), assign('another', named('bob'))], bot),
    ).toBeUndefined();
  });

  test('nobody owns a user without assignments', () => {
    expect(ownerFor([], bot)).toBeUndefined();
  });

  test('the deciding assignment itself can be shown', () => {
    expect(assignmentFor(ladder, user('bob'))).toEqual({ account, match: { kind: 'account' }, ownerId: 'default' });
  });

  test('a pattern is as specific as its literal text: stars do not lengthen it', () => {
    const assignments = [assign('stars', likeName('c***i***')), assign('letters', likeName('ci-*'))];
    expect(ownerFor(assignments, bot)).toBe('letters');
  });
});

describe('the exemption of a user', () => {
  const exempt = (id: string, expires: string, match: UserMatch, of: Exemption['account'] = account): Exemption => ({
    id: parseExemptionId(id.padEnd(26, '0')),
    account: of,
    match,
    reason: 'vendor cannot change its key',
    approver: 'CISO',
    grantedBy: 'arn:aws:iam::111122223333:user/alice',
    grantedAt: Date.parse('2026-01-01T00:00:00Z'),
    expiresAt: Date.parse(expires),
  });
  const bob = user('bob', '/vendors/');
  const march = exempt('MARCH', '2026-03-01T00:00:00Z', named('bob'));

  test.each([
    ['before its end', '2026-02-28T23:59:59.999Z', march.id],
    ['at its end', '2026-03-01T00:00:00.000Z', undefined],
    ['after its end', '2026-03-01T00:00:00.001Z', undefined],
  ])('%s', (_when, now, id) => {
    expect(exemptionFor([march], bob, Date.parse(now))?.id).toBe(id);
  });

  test('of several the one that lasts longest, however specific', () => {
    const june = exempt('JUNE', '2026-06-01T00:00:00Z', likePath('/vendors/*'), '*');
    expect(exemptionFor([march, june], bob, Date.parse('2026-02-01T00:00:00Z'))?.id).toBe(june.id);
    expect(exemptionFor([june, march], bob, Date.parse('2026-02-01T00:00:00Z'))?.id).toBe(june.id);
  });

  describe('that was recorded with the ID of its one user', () => {
    const his = { ...march, userId: parseUserId('AIDAFAKE0000000000001') };
    const on = Date.parse('2026-02-01T00:00:00Z');

    test.each([
      ['holds for that user', his, { ...bob, userId: his.userId }, true],
      [
        'not for another who bears the name since',
        his,
        { ...bob, userId: parseUserId('AIDAFAKE0000000000002') },
        false,
      ],
      ['holds where nobody knows who the user is', his, bob, true],
      ['without an ID for whoever bears the name', march, { ...bob, userId: his.userId }, true],
    ])('%s', (_rule, exemption, who, holds) => {
      expect(exemptionFor([exemption], who, on)).toBe(holds ? exemption : undefined);
    });

    test('leaves a wider one in force', () => {
      const june = exempt('JUNE', '2026-06-01T00:00:00Z', likePath('/vendors/*'), '*');
      const other = { ...bob, userId: parseUserId('AIDAFAKE0000000000002') };
      expect(exemptionFor([{ ...his, expiresAt: Date.parse('2027-01-01') }, june], other, on)).toBe(june);
    });
  });

  test('of another account or user: none', () => {
    const exemptions = [
      exempt('OTHER', '2027-01-01T00:00:00Z', named('bob'), other),
      exempt('ANN', '2027-01-01T00:00:00Z', named('ann')),
    ];
    expect(exemptionFor(exemptions, bob, Date.parse('2026-02-01T00:00:00Z'))).toBeUndefined();
  });
});

describe('a rule in words', () => {
  test.each<[UserMatch, string]>([
    [named('build-bot'), 'user build-bot'],
    [likeName('ci-*'), 'users named ci-*'],
    [likePath('/team/*'), 'users under /team/*'],
    [anyone, 'all users of the account'],
  ])('%j', (match, words) => {
    expect(describeMatch(match)).toBe(words);
  });
});
