import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { blankTracking, type Retirement } from '../../lambda/domain/tracking.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import {
  anAssignment,
  anExemption,
  aRecord,
  aRetirement,
  aRotation,
  at,
  someSettings,
  USER,
} from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';

/** Each test's user has the keys given, oldest first; today is 2026-06-01. */
function aUserWithKeys(...created: readonly string[]) {
  const cli = new FakeCli();
  const { userId } = cli.iam.addUser(USER);
  const keys = created.map((day) => cli.iam.createKeyByHand(USER, { createdAt: at(`${day}T00:00:00.000Z`) }));
  return { cli, userId, keys };
}

const rowsOf = async (cli: FakeCli) => {
  const report = await cli.json('status');
  return (report as { keys: readonly Record<string, unknown>[] }).keys;
};

describe('keyturn status', () => {
  test('shows age, state, next step and owner of each key', async () => {
    const { cli } = aUserWithKeys('2026-05-20');
    await cli.owners.putAssignment(anAssignment());
    expect((await cli.run('status')).out).toBe(
      [
        'Account 111122223333, mode enforce, as of 2026-06-01 00:00 UTC',
        '',
        '  KEY                   STATUS  AGE   STATE    NEXT',
        'ci-deploy (owner: payments)',
        '  AKIAFAKE223333000002  Active  12 d  current  rotate 2026-08-18',
        '',
        '1 key of 1 user.',
      ].join('\n'),
    );
  });

  test('on a wide screen has account, user and owner in every line', async () => {
    const { cli } = aUserWithKeys('2026-05-20');
    cli.width = undefined;
    expect((await cli.run('status')).out).toContain(
      [
        'ACCOUNT       USER       KEY                   STATUS  AGE   STATE    NEXT               OWNER',
        '111122223333  ci-deploy  AKIAFAKE223333000002  Active  12 d  current  rotate 2026-08-18  nobody',
      ].join('\n'),
    );
  });

  test('a key whose owner was told of the coming rotation is warned', async () => {
    const { cli, userId, keys } = aUserWithKeys('2026-03-10');
    const [keyId] = keys;
    cli.ledger.seed(aRecord({ userId, tracking: { ...blankTracking, warned: { [`${keyId}`]: 14 } } }));
    expect(await rowsOf(cli)).toMatchObject([
      { state: 'warned', next: { step: 'rotate', at: '2026-06-08T00:00:00.000Z' } },
    ]);
  });

  test.each([
    ['2026-03-03T00:00:01.000Z', 'current'],
    ['2026-03-03T00:00:00.000Z', 'due'],
  ])('a key made %s is %s after 90 days', async (createdAt, state) => {
    const cli = new FakeCli();
    cli.iam.addUser(USER);
    cli.iam.createKeyByHand(USER, { createdAt: at(createdAt) });
    cli.settings = someSettings({ policy: { ...cli.settings.policy, warnBeforeDays: [] } });
    expect(await rowsOf(cli)).toMatchObject([{ state }]);
  });

  test('a replaced key is retiring: disabled, then deleted', async () => {
    const { cli, userId, keys } = aUserWithKeys('2026-02-20', '2026-05-25');
    const [outgoing, incoming] = keys;
    const retirement = aRetirement({
      ...(outgoing && { keyId: outgoing }),
      ...(incoming && { successorKeyId: incoming }),
      startedAt: at('2026-05-25T00:00:00.000Z'),
      promisedAt: at('2026-06-04T00:00:00.000Z'),
    });
    cli.ledger.seed(aRecord({ userId, tracking: { ...blankTracking, retirements: { [`${outgoing}`]: retirement } } }));
    expect(await rowsOf(cli)).toMatchObject([
      { keyId: outgoing, state: 'retiring', next: { step: 'disable', at: '2026-06-04T00:00:00.000Z' } },
      { keyId: incoming, state: 'current', next: { step: 'rotate', at: '2026-08-23T00:00:00.000Z' } },
    ]);
    expect((await cli.run('status')).out).toContain('retiring  disable 2026-06-04');
  });

  describe('of a key that has a successor', () => {
    function replaced(overrides: Partial<Retirement> = {}) {
      const { cli, userId, keys } = aUserWithKeys('2026-02-20', '2026-05-25');
      const [outgoing, incoming] = keys as [AccessKeyId, AccessKeyId];
      const retirement = aRetirement({
        keyId: outgoing,
        successorKeyId: incoming,
        startedAt: at('2026-05-25T00:00:00.000Z'),
        promisedAt: at('2026-06-04T00:00:00.000Z'),
        reminded: ['half-way'],
        ...overrides,
      });
      cli.ledger.seed(aRecord({ userId, tracking: { ...blankTracking, retirements: { [outgoing]: retirement } } }));
      return { cli, outgoing, incoming };
    }

    test('says that the owner has installed the new key, and that the old one rests', async () => {
      const { cli, outgoing, incoming } = replaced();
      cli.iam.useKey(outgoing, { at: at('2026-05-24T23:00:00Z') });
      cli.iam.useKey(incoming, { at: at('2026-05-26T10:15:00Z'), service: 'sqs', region: 'us-east-1' });
      const [row, other] = await rowsOf(cli);
      expect(row?.handover).toEqual({
        successorKeyId: incoming,
        adopted: true,
        successorUse: { at: '2026-05-26T10:15:00.000Z', service: 'sqs', region: 'us-east-1' },
        stillUsed: false,
        lastUse: { at: '2026-05-24T23:00:00.000Z', service: 's3', region: 'eu-central-1' },
      });
      expect(other).not.toHaveProperty('handover');
      expect((await cli.run('status')).out).toContain(
        [
          'Keys that have a successor:',
          `  ${outgoing} of ci-deploy: its successor ${incoming} is in use (2026-05-26 10:15 UTC: sqs in us-east-1); it has not been used since`,
        ].join('\n'),
      );
    });

    test('says that the new key lies about, and what still uses the old one', async () => {
      const { cli, outgoing, incoming } = replaced();
      cli.iam.useKey(outgoing, { at: at('2026-05-31T22:00:00Z') });
      expect((await rowsOf(cli))[0]).toMatchObject({ handover: { adopted: false, stillUsed: true } });
      expect((await cli.run('status')).out).toContain(
        `its successor ${incoming} is not in use yet; it is still used (2026-05-31 22:00 UTC: s3 in eu-central-1)`,
      );
    });

    test('goes by the record where the adoption is known, and asks for the old key alone', async () => {
      const { cli, outgoing } = replaced({ adopted: { at: at('2026-05-26T00:00:00Z'), service: 's3', region: 'N/A' } });
      expect((await rowsOf(cli))[0]).toMatchObject({ handover: { adopted: true } });
      expect(cli.iam.calls.of('iam.lastUse').map(({ args }) => args)).toEqual([[outgoing]]);
    });

    test('of a disabled one only whether the new key is in use', async () => {
      const { cli, outgoing, incoming } = replaced({ disabledAt: at('2026-05-30T00:00:00Z') });
      cli.iam.deactivate(outgoing);
      expect((await rowsOf(cli))[0]?.handover).toEqual({ successorKeyId: incoming, adopted: false });
    });

    test('what cannot be read is said to be unknown, and nothing else is missing', async () => {
      const { cli, incoming } = replaced();
      cli.iam.calls.failOn('iam.lastUse', { when: 'before', error: new UnavailableError('denied'), times: 9 });
      expect(await rowsOf(cli)).toMatchObject([{ state: 'retiring', handover: { successorKeyId: incoming } }, {}]);
      expect((await cli.run('status')).out).toContain('may or may not be in use');
    });

    test('in observe nothing: the successor is pretended', async () => {
      const { cli } = replaced();
      cli.settings = someSettings({ mode: 'observe' });
      expect((await rowsOf(cli)).filter((row) => 'handover' in row)).toEqual([]);
    });
  });

  test('a retiring key of which nobody was told waits', async () => {
    const { cli, userId, keys } = aUserWithKeys('2026-02-20', '2026-05-25');
    const [outgoing, incoming] = keys;
    const retirement = aRetirement({
      ...(outgoing && { keyId: outgoing }),
      ...(incoming && { successorKeyId: incoming }),
      startedAt: at('2026-05-20T00:00:00.000Z'),
      promisedAt: at('2026-05-30T00:00:00.000Z'),
    });
    cli.ledger.seed(aRecord({ userId, tracking: { ...blankTracking, retirements: { [`${outgoing}`]: retirement } } }));
    const [row] = await rowsOf(cli);
    expect(row).toMatchObject({ state: 'retiring', next: { step: 'disable', waits: 'notice-undelivered' } });
    expect((await cli.run('status')).out.replaceAll(/\s+/g, ' ')).toContain(
      'disable waits until its owner has been told',
    );
  });

  test('a key whose rotation is open is rotating', async () => {
    const { cli, userId, keys } = aUserWithKeys('2026-02-20');
    const [keyId] = keys;
    const rotation = aRotation({ ...(keyId && { outgoingKeyId: keyId, keysBefore: [keyId] }) });
    cli.ledger.seed(aRecord({ userId, tracking: { ...blankTracking, rotation } }));
    expect(await rowsOf(cli)).toMatchObject([{ state: 'rotating', next: { step: 'rotate' } }]);
  });

  test('an exempt key says until when, and has no next step', async () => {
    const { cli } = aUserWithKeys('2026-02-20');
    await cli.owners.putExemption(anExemption({ expiresAt: at('2026-09-01T00:00:00.000Z') }));
    const [row] = await rowsOf(cli);
    expect(row).toMatchObject({ state: 'exempt', exemptUntil: '2026-09-01T00:00:00.000Z' });
    expect(row).not.toHaveProperty('next');
    expect((await cli.run('status')).out).toContain('exempt until 2026-09-01  -');
  });

  test('a key that its owner made Inactive is left alone beside a young one', async () => {
    const { cli, keys } = aUserWithKeys('2026-02-20', '2026-05-25');
    const [older] = keys;
    if (older) cli.iam.deactivate(older);
    expect(await rowsOf(cli)).toMatchObject([{ status: 'Inactive', state: 'inactive' }, { state: 'current' }]);
  });

  test('the only, Inactive key of a user is deleted at its age', async () => {
    const { cli, keys } = aUserWithKeys('2026-05-20');
    const [only] = keys;
    if (only) cli.iam.deactivate(only);
    expect(await rowsOf(cli)).toMatchObject([
      { state: 'inactive', next: { step: 'delete', at: '2026-09-07T00:00:00.000Z' } },
    ]);
  });

  test('a user with more than two keys is blocked', async () => {
    const { cli } = aUserWithKeys('2026-02-20', '2026-05-25');
    cli.iam.exceedQuota(USER);
    expect((await rowsOf(cli)).map(({ state }) => state)).toEqual(['blocked', 'blocked', 'blocked']);
  });

  test('in observe a key shows what would have become of it, and its real status', async () => {
    const { cli, userId, keys } = aUserWithKeys('2026-02-20', '2026-05-25');
    const [older, newer] = keys;
    cli.settings = someSettings({ mode: 'observe' });
    cli.ledger.seed(
      aRecord({
        userId,
        shadow: {
          tracking: blankTracking,
          basis: `${older}:Active ${newer}:Active`,
          created: [],
          disabled: [],
          deleted: older ? [older] : [],
        },
      }),
    );
    expect(await rowsOf(cli)).toMatchObject([{ status: 'Active', state: 'would-be-gone' }, { state: 'current' }]);
    expect((await cli.run('status')).out).toContain('would be gone  -');
  });

  test('does not ask AWS for a credential report', async () => {
    const { cli } = aUserWithKeys('2026-05-20');
    await cli.run('status');
    expect(cli.iam.calls.of('iam.credentialReport')).toEqual([]);
  });

  test('changes nothing', async () => {
    const { cli } = aUserWithKeys('2026-02-20');
    await cli.run('status');
    await cli.run('plan');
    expect(cli.ledger.events()).toEqual([]);
    expect(cli.iam.calls.log.map(({ name }) => name)).not.toContain('iam.createKey');
  });
});
