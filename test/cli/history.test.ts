import { csvParse } from 'd3-dsv';
import { eventInWords, eventTypes } from '../../cli/event-wording.ts';
import type { EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT, anEvent, aReading, at, eventId, keyId, OTHER_ACCOUNT, RUN, USER } from '../support/builders.ts';
import { collect } from '../support/collect.ts';
import { sampleDetails } from '../support/sample-details.ts';
import { FakeCli } from './fake-cli.ts';

/** A rotation and its notice on 2026-03-02, and another user's warning two days later. */
async function aHistory(): Promise<FakeCli> {
  const cli = new FakeCli();
  const noon = '2026-03-02T12:00:00.000Z';
  await cli.ledger.append([
    anEvent('key-published', { time: noon, id: eventId(at(noon), 1), keyId: keyId(2) }),
    anEvent('key-replaced', { time: noon, id: eventId(at(noon), 2), keyId: keyId(1) }),
    anEvent('notice-delivered', { time: '2026-03-02T12:05:00.000Z' }),
    anEvent('rotation-upcoming', { time: '2026-03-04T12:00:00.000Z', userName: parseUserName('web'), keyId: keyId(3) }),
    anEvent('sweep-failed', { time: '2026-03-04T12:30:00.000Z', account: OTHER_ACCOUNT }),
  ]);
  return cli;
}

const lines = (out: string): readonly HistoryEvent[] =>
  out === '' ? [] : out.split('\n').map((line) => JSON.parse(line));

const typesOf = async (cli: FakeCli, ...argv: readonly string[]) => {
  const { exitCode, out, err } = await cli.run('history', ...argv, '--json');
  if (exitCode !== 0) throw new Error(err);
  return lines(out).map(({ type }) => type);
};

const everything: readonly EventType[] = [
  'key-published',
  'key-replaced',
  'notice-delivered',
  'rotation-upcoming',
  'sweep-failed',
];

describe('keyturn history', () => {
  test('tells on 80 columns what happened, one sentence an event', async () => {
    const { exitCode, out } = await (await aHistory()).run('history', '--user', USER, '--type', 'key-replaced');
    expect(exitCode).toBe(0);
    expect(out).toBe(
      [
        'History of user ci-deploy in account 111122223333, times in UTC',
        '',
        'TIME              WHAT',
        '2026-03-02 12:00  ci-deploy AKIAFAKE000000000001: replaced by',
        '                  AKIAFAKE000000000009, as asked for; disabled from 2026-04-11,',
        '                  deleted from 2026-04-21',
        '',
        '1 event, oldest first.',
      ].join('\n'),
    );
  });

  test('without a terminal has type, account, user and key in columns, one line an event', async () => {
    const cli = await aHistory();
    cli.width = undefined;
    const { out } = await cli.run('history', '--key', keyId(1), '--type', 'key-replaced');
    expect(out).toMatch(/^TIME +TYPE +ACCOUNT +USER +KEY +WHAT$/m);
    expect(out).toMatch(
      /^2026-03-02 12:00 {2}key-replaced {2}111122223333 {2}ci-deploy {2}AKIAFAKE000000000001 {2}replaced by AKIA/m,
    );
  });

  describe('of a user of whom nothing is found', () => {
    const known = async (): Promise<FakeCli> => {
      const cli = await aHistory();
      await cli.ledger.remember(ACCOUNT, [aReading({ userName: USER })]);
      return cli;
    };

    test('hints at the spelling that IAM has', async () => {
      const { exitCode, out } = await (await known()).run('history', '--user', 'CI-Deploy');
      expect(exitCode).toBe(0);
      expect(out).toContain("0 events, oldest first.\n\nIAM spells it 'ci-deploy': ask with --user ci-deploy.");
    });

    test('says that no such user is known', async () => {
      const { out } = await (await known()).run('history', '--user', 'nobody-here');
      expect(out).toContain('No user nobody-here is known in account 111122223333 now: check the spelling');
    });

    test('as JSON and CSV tells it beside the output', async () => {
      expect(await (await known()).run('history', '--user', 'CI-Deploy', '--json')).toMatchObject({
        exitCode: 0,
        out: '',
        err: expect.stringContaining("IAM spells it 'ci-deploy'"),
      });
      const { out, err } = await (await known()).run('history', '--user', 'CI-Deploy', '--csv');
      expect(out.split('\n')).toHaveLength(1);
      expect(err).toContain("IAM spells it 'ci-deploy'");
    });

    test('hints at nothing for a known user, nor for what was found, nor to whom may not read the state', async () => {
      const cli = await known();
      expect((await cli.run('history', '--user', USER, '--since', '2026-05-01')).out).toMatch(
        /0 events, oldest first\.$/,
      );
      expect((await cli.run('history', '--user', 'web')).out).toMatch(/1 event, oldest first\.$/);
      cli.ledger.calls.failOn('state.load', { when: 'before', error: new UnavailableError('dynamodb:Query denied.') });
      expect(await cli.run('history', '--user', 'nobody-here')).toMatchObject({
        exitCode: 0,
        out: expect.stringMatching(/0 events, oldest first\.$/),
      });
    });
  });

  test('is of the account that Keyturn is deployed in when nothing else is said', async () => {
    const cli = await aHistory();
    expect(await typesOf(cli)).toEqual(['key-published', 'key-replaced', 'notice-delivered', 'rotation-upcoming']);
    expect(cli.ledger.calls.of('history.query')[0]?.args).toEqual([
      { by: { kind: 'account', account: '111122223333' }, order: 'oldest-first' },
    ]);
  });

  test.each<[string, readonly string[], readonly EventType[]]>([
    ['a user', ['--user', 'web'], ['rotation-upcoming']],
    ['a user of another account', ['--user', USER, '--account', OTHER_ACCOUNT], ['sweep-failed']],
    ['a key', ['--key', keyId(2)], ['key-published']],
    ['an account', ['--account', OTHER_ACCOUNT], ['sweep-failed']],
    ['a day, in all accounts', ['--day', '2026-03-04'], ['rotation-upcoming', 'sweep-failed']],
    ['a span', ['--since', '2026-03-02T12:05Z', '--until', '2026-03-04T12:00Z'], ['notice-delivered']],
    ['some days before now', ['--since', '89d'], ['rotation-upcoming']],
    ['a run, in all accounts', ['--run', RUN], everything],
    ['all accounts, from a time on', ['--all-accounts', '--since', '2026-03-02T12:05Z'], everything.slice(2)],
    ['several types', ['--type', 'key-replaced', '--type', 'key-published'], ['key-published', 'key-replaced']],
  ])('of %s', async (_, argv, types) => {
    expect(await typesOf(await aHistory(), ...argv)).toEqual(types);
  });

  describe('of an owner', () => {
    const web = { account: ACCOUNT, match: { kind: 'user', userName: parseUserName('web') } } as const;
    const owner = parseOwnerId('search');

    test('has the events of the users that are assigned to them now', async () => {
      const cli = await aHistory();
      await cli.owners.putAssignment({ ...web, ownerId: owner });
      expect(await typesOf(cli, '--owner', owner, '--since', '2026-01-01')).toEqual(['rotation-upcoming']);
    });

    test('leaves out the users of whom another rule says otherwise', async () => {
      const cli = await aHistory();
      await cli.owners.putAssignment({ ...web, ownerId: parseOwnerId('web-team') });
      await cli.owners.putAssignment({ account: '*', match: { kind: 'account' }, ownerId: owner });
      expect(await typesOf(cli, '--owner', owner, '--since', '2026-01-01')).toEqual(
        everything.filter((type) => type !== 'rotation-upcoming'),
      );
    });

    test('whom nobody is assigned to is a mistake', async () => {
      const { exitCode, err } = await (await aHistory()).run('history', '--owner', 'nobody', '--since', '30d');
      expect(exitCode).toBe(1);
      expect(err).toContain("No user is assigned to an owner 'nobody'");
    });
  });

  test('says when the limit left something out', async () => {
    const cli = await aHistory();
    const { out } = await cli.run('history', '--newest-first', '--limit', '1');
    expect(out).toContain('1 event, newest first; there are more: raise --limit');
    expect((await cli.run('history', '--limit', '4')).out).not.toContain('there are more');
    expect((await cli.run('history', '--limit', '3')).out).toContain('there are more');
  });

  test('as JSON has the events as they are recorded, one a line', async () => {
    const cli = await aHistory();
    const { out } = await cli.run('history', '--json');
    const recorded = await collect(cli.ledger.query({ by: { kind: 'account', account: ACCOUNT } }));
    expect(lines(out)).toEqual(recorded);
  });

  test('as JSON comes as it is read, however much there is', async () => {
    const cli = await aHistory();
    cli.ledger.calls.failOn('history.query', { when: 'after', error: new Error('the connection broke off') });
    const { exitCode, out, err } = await cli.run('history', '--json');
    expect({ exitCode, told: lines(out).length }).toEqual({ exitCode: 1, told: 2 });
    expect(err).toContain('the connection broke off');
  });

  test('as CSV has a row for each event, and no formula for a spreadsheet', async () => {
    const cli = new FakeCli();
    await cli.ledger.append([anEvent('exemption-revoked', { actor: '=HYPERLINK("http://example.com")' })]);
    const [header, row] =
      csvParse((await cli.run('history', '--csv')).out).map((one) => [Object.keys(one), one] as const)[0] ?? [];
    expect(header?.slice(0, 4)).toEqual(['time', 'type', 'account', 'user']);
    expect(row).toMatchObject({ type: 'exemption-revoked', actor: `'=HYPERLINK("http://example.com")` });
    expect(JSON.parse(row?.details ?? '')).toEqual(sampleDetails['exemption-revoked']);
  });

  test.each(['=cmd', '+1', '-deploy', '@web'])('as CSV has the user %s as no formula', async (name) => {
    const cli = new FakeCli();
    await cli.ledger.append([anEvent('user-gone', { userName: parseUserName(name) })]);
    const [row] = csvParse((await cli.run('history', '--csv')).out);
    expect(row?.user).toBe(`'${name}`);
  });

  test('marks what was observed only, and names people who acted', async () => {
    const cli = new FakeCli();
    await cli.ledger.append([
      anEvent('key-disabled', { mode: 'observe' }),
      anEvent('notice-delivered', { mode: 'observe', time: '2026-01-01T01:00:00.000Z' }),
      anEvent('exemption-revoked', {
        mode: 'observe',
        time: '2026-01-02T00:00:00.000Z',
        actor: 'arn:aws:iam::111122223333:user/ada',
      }),
    ]);
    const { out } = await cli.run('history');
    const told = out.replaceAll(/\s+/g, ' ');
    expect(told).toContain('(observed only) ci-deploy AKIAFAKE000000000001: disabled by Keyturn');
    expect(told.match(/\(observed only\)/g)).toHaveLength(1);
    expect(told).toContain('(by arn:aws:iam::111122223333:user/ada)');
  });

  test('lets no control character of an error through to the terminal', async () => {
    const cli = new FakeCli();
    await cli.ledger.append([
      anEvent('sweep-failed', { details: { reason: 'failed', error: 'bad\u001b[2J\u0007\nthing' } }),
    ]);
    const { out } = await cli.run('history');
    expect(out).toContain('bad [2J thing');
  });

  test.each([
    [['--key', keyId(1), '--user', USER], /cannot be used with option/],
    [['--day', '2026-03-04', '--since', '2026-03-01'], /cannot be used with option/],
    [['--since', '2026-03-04', '--until', '2026-03-04'], /--since has to be earlier than --until/],
    [['--day', '2026-02-30'], /'2026-02-30' is not a day/],
    [['--type', 'key-rotated'], /'key-rotated' is not a type of event; the types are delete-failed/],
    [['--all-accounts'], /--all-accounts needs a --since/],
    [['--owner', 'payments'], /--owner needs a --since/],
    [['--csv', '--json'], /--csv and --json/],
    [['--verify', '--user', USER], /cannot be used with option/],
    [['--limit', '0'], /not a whole number of 1 or more/],
  ])('refuses %j', async (argv, message) => {
    const cli = await aHistory();
    const { exitCode, err } = await cli.run('history', ...argv);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
    expect(cli.connections).toEqual([]);
  });
});

describe('events in words', () => {
  test.each(eventTypes)('%s has words for all it tells', (type) => {
    const words = eventInWords(anEvent(type, { details: sampleDetails[type] }));
    expect(words).toMatch(/\S/);
    expect(words).not.toMatch(/undefined|NaN|\[object|T\d\d:\d\d/);
  });
});
