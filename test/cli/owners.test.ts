import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import type { Assignment, Owner } from '../../lambda/domain/owners.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT, anAssignment, anOwner, OTHER_ACCOUNT, USER } from '../support/builders.ts';
import { CALLER, FakeCli } from './fake-cli.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-owners-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function aFile(...lines: readonly string[]): Promise<string> {
  const file = join(folder, 'owners.csv');
  await writeFile(file, lines.join('\n'));
  return file;
}

const someRows = [
  'owner,name,email,account,user,name_pattern',
  'payments,Payments,payments@example.com,,,ci-pay-*',
  `payments,,,${ACCOUNT},ci-deploy,`,
  'platform,Platform,platform@example.com,,web,',
];

async function tableOf({ owners }: FakeCli): Promise<{ owners: Owner[]; assignments: Assignment[] }> {
  const [people, rules]: [Owner[], Assignment[]] = [[], []];
  for await (const owner of owners.owners()) people.push(owner);
  for await (const assignment of owners.allAssignments()) rules.push(assignment);
  return { owners: people, assignments: rules };
}

describe('keyturn owners import', () => {
  test('writes owners and assignments, and tells each change', async () => {
    const cli = new FakeCli();
    const file = await aFile(...someRows);
    const { exitCode, out } = await cli.run('owners', 'import', file);
    expect(exitCode).toBe(0);
    expect(out).toBe(
      [
        '+ owner payments: name Payments, email payments@example.com',
        '+ owner platform: name Platform, email platform@example.com',
        '+ users named ci-pay-* of every account: owner payments',
        '+ user ci-deploy of account 111122223333: owner payments',
        '+ user web of every account: owner platform',
        '+ subscription of payments@example.com: notices of payments',
        '+ subscription of platform@example.com: notices of platform',
        '',
        "To be confirmed by the link in AWS's mail, which holds for two days; until then nothing reaches them: payments@example.com, platform@example.com.",
        '',
        `${file}: 2 owners, 3 assignments; 7 changes made, 0 unchanged.`,
      ].join('\n'),
    );
    const { owners, assignments } = await tableOf(cli);
    expect(owners.map(({ id }) => id)).toEqual(['payments', 'platform']);
    expect(assignments).toHaveLength(3);
  });

  test('records the changes in history, with the caller as actor', async () => {
    const cli = new FakeCli();
    await cli.run('owners', 'import', await aFile(...someRows));
    expect(cli.ledger.events()).toMatchObject([
      {
        type: 'owners-imported',
        account: ACCOUNT,
        actor: CALLER,
        mode: 'enforce',
        details: {
          owners: 2,
          assignments: 3,
          changes: expect.arrayContaining(['add user web of every account: owner platform']),
        },
      },
    ]);
  });

  test('records no address: history is for auditors, and nothing is ever taken out of it', async () => {
    const cli = new FakeCli();
    await cli.run('owners', 'import', await aFile(...someRows));
    cli.clock.advance(1_000);
    await cli.run(
      'owners',
      'import',
      await aFile('owner,name,email,slack_channel', 'payments,Payments,new@example.com,#other'),
    );
    const recorded = JSON.stringify(cli.ledger.events());
    expect(recorded).toMatch(/change owner payments: email, Slack/);
    expect(recorded).not.toMatch(/@example\.com|#other|#payments/);
  });

  test('a second time changes, and records, nothing', async () => {
    const cli = new FakeCli();
    const file = await aFile(...someRows);
    await cli.run('owners', 'import', file);
    cli.subscriptions.confirmAll();
    const { out } = await cli.run('owners', 'import', file);
    expect(out).toBe(`${file}: 2 owners, 3 assignments; 0 changes made, 5 unchanged.`);
    expect(cli.ledger.events()).toHaveLength(1);
  });

  test('--dry-run shows the changes and makes none', async () => {
    const cli = new FakeCli();
    const file = await aFile(...someRows);
    const { out } = await cli.run('owners', 'import', file, '--dry-run');
    expect(out).toContain('+ user web of every account: owner platform');
    expect(out).toContain('dry run: 7 changes to make, none made');
    expect(await tableOf(cli)).toEqual({ owners: [], assignments: [] });
    expect(cli.ledger.events()).toEqual([]);
  });

  test('shows what changes of an owner, and to whom a user goes over', async () => {
    const cli = new FakeCli();
    await cli.owners.putOwner(anOwner({ email: 'old@example.com', slackChannel: '#pay' }));
    await cli.owners.putAssignment(
      anAssignment({ account: '*', match: { kind: 'user', userName: parseUserName('Web') } }),
    );
    const { out } = await cli.run('owners', 'import', await aFile(...someRows));
    expect(out).toContain('~ owner payments: email old@example.com → payments@example.com, Slack #pay → none');
    expect(out).toContain('~ user Web of every account: owner payments → platform');
    const { assignments } = await tableOf(cli);
    expect(assignments.filter(({ match }) => match.kind === 'user' && /web/i.test(match.userName))).toEqual([
      { account: '*', match: { kind: 'user', userName: 'Web' }, ownerId: 'platform' },
    ]);
  });

  test('leaves what the file does not mention, unless --prune is given', async () => {
    const cli = new FakeCli();
    const legacy = parseOwnerId('legacy');
    await cli.owners.putOwner(anOwner({ id: legacy }));
    await cli.owners.putAssignment(anAssignment({ match: { kind: 'path', pattern: '/old/*' }, ownerId: legacy }));
    const file = await aFile(...someRows);
    await cli.run('owners', 'import', file);
    expect((await tableOf(cli)).owners.map(({ id }) => id)).toContain('legacy');
    const { out } = await cli.run('owners', 'import', file, '--prune');
    expect(out).toContain('- owner legacy\n- users under /old/* of account 111122223333');
    const left = await tableOf(cli);
    expect(left.owners.map(({ id }) => id)).toEqual(['payments', 'platform']);
    expect(left.assignments).toHaveLength(3);
  });

  test('--prune with a file that names nobody is refused', async () => {
    const cli = new FakeCli();
    await cli.owners.putOwner(anOwner());
    const { exitCode, err } = await cli.run('owners', 'import', await aFile('owner,name'), '--prune');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/names no owner: --prune would remove them all, so nothing was imported\.$/);
    expect((await tableOf(cli)).owners).toHaveLength(1);
  });

  test('with a mistake names line and column and imports nothing', async () => {
    const cli = new FakeCli();
    const file = await aFile(...someRows, 'platform,,not-an-address,,x y,', 'x,X,x@example.com,123,,');
    const { exitCode, out, err } = await cli.run('owners', 'import', file);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toBe(
      [
        `keyturn: ${file} has 3 mistakes; nothing was imported:`,
        "  line 5, column user: 'x y' is not an IAM user name (1 to 64 letters, digits and _+=,.@-)",
        "  line 5, column email: 'not-an-address' contradicts 'platform@example.com' on line 4: owner platform can have one only",
        "  line 6, column account: '123' is not an AWS account ID (12 digits): a spreadsheet has taken it for a number, so format the column as text",
      ].join('\n'),
    );
    expect(await tableOf(cli)).toEqual({ owners: [], assignments: [] });
    expect(cli.ledger.events()).toEqual([]);
  });

  test('tells mistakes as JSON too', async () => {
    const { err } = await new FakeCli().run('owners', 'import', await aFile('owner,name', 'A B,x'), '--json');
    expect(JSON.parse(err)).toMatchObject({
      error: expect.stringMatching(/1 mistake; nothing was imported/),
      mistakes: [expect.stringMatching(/^line 2, column owner: 'A B' is not an owner ID/)],
    });
  });

  test('as JSON tells the changes by kind', async () => {
    expect(await new FakeCli().json('owners', 'import', await aFile(...someRows), '--dry-run')).toMatchObject({
      dryRun: true,
      owners: 2,
      assignments: 3,
      unchanged: 0,
      changes: expect.arrayContaining([{ kind: 'add', text: 'user web of every account: owner platform' }]),
    });
  });

  test('that stops part-way is completed by running it again', async () => {
    const cli = new FakeCli();
    const file = await aFile(...someRows);
    cli.owners.calls.failOn('owners.putAssignment', {
      when: 'before',
      after: 1,
      error: new UnavailableError('dynamodb:PutItem failed: InternalServerError.'),
    });
    const { exitCode, err } = await cli.run('owners', 'import', file);
    expect(exitCode).toBe(1);
    expect(err).toMatch(/The import stopped part-way: run the same command again, it does the rest\.$/);
    expect((await cli.run('owners', 'import', file)).exitCode).toBe(0);
    expect((await tableOf(cli)).assignments).toHaveLength(3);
  });

  test('long imports are told in several events, none too large for the table', async () => {
    const cli = new FakeCli();
    const rows = Array.from({ length: 1_200 }, (_, n) => `ops,,,,bot-${n},`);
    await cli.run('owners', 'import', await aFile(someRows[0] ?? '', 'ops,Ops,ops@example.com,,,', ...rows));
    const events = cli.ledger.eventsOf('owners-imported');
    expect(events.map(({ details }) => details.changes.length)).toEqual([500, 500, 202]);
  });

  test('a file that is not there is a wrong command line', async () => {
    const cli = new FakeCli();
    const { exitCode, err } = await cli.run('owners', 'import', join(folder, 'none.csv'));
    expect(exitCode).toBe(2);
    expect(err).toMatch(/^keyturn: Cannot read '.*none\.csv': there is no such file\.$/);
    expect(cli.connections).toEqual([]);
  });
});

describe('keyturn owners list', () => {
  test('shows how each owner is reached and what it owns', async () => {
    const cli = new FakeCli();
    await cli.run('owners', 'import', await aFile(...someRows));
    const { out } = await cli.run('owners', 'list');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).toMatch(/^OWNER +NAME +REACHED BY +OWNS$/m);
    cli.width = undefined;
    expect((await cli.run('owners', 'list')).out).toMatch(
      /^payments +Payments +payments@example\.com +users named ci-pay-\* \(every account\); user ci-deploy \(111122223333\)$/m,
    );
  });

  test('points out assignments to owners that do not exist', async () => {
    const cli = new FakeCli();
    await cli.owners.putAssignment(anAssignment({ ownerId: parseOwnerId('ghost') }));
    const { out } = await cli.run('owners', 'list');
    expect(out).toContain('Assigned to owners that do not exist, so the operators are told:\n  ghost: user ci-deploy');
    expect(out).toContain("No owners yet: 'keyturn owners import FILE' brings them in.");
  });

  test('an auditor, who may not read contact data, sees who there is and what they own', async () => {
    const cli = new FakeCli();
    await cli.run('owners', 'import', await aFile(...someRows));
    cli.ownerNames = [
      { id: parseOwnerId('platform'), name: 'Platform' },
      { id: parseOwnerId('payments'), name: 'Payments' },
    ];
    cli.owners.calls.failOn('owners.owners', { when: 'before', times: 2, error: new AccessDeniedError('denied') });
    const { exitCode, out } = await cli.run('owners', 'list');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^OWNER +NAME +OWNS$/m);
    expect(out).toMatch(/^payments +Payments +users named ci-pay-\*/m);
    expect(out).toContain('How they are reached is not shown: your role may not read it.');
    expect(out).not.toContain('@example.com');
    expect(await cli.json('owners', 'list')).toMatchObject({ owners: [{ id: 'payments' }, { id: 'platform' }] });
  });

  test('any other failure to read them is told as it is', async () => {
    const cli = new FakeCli();
    cli.owners.calls.failOn('owners.owners', { when: 'before', error: new UnavailableError('dynamodb: throttled') });
    expect((await cli.run('owners', 'list')).exitCode).toBe(1);
  });

  test('as JSON', async () => {
    const cli = new FakeCli();
    await cli.owners.putOwner(anOwner());
    await cli.owners.putAssignment(anAssignment());
    expect(await cli.json('owners', 'list')).toEqual({
      owners: [{ ...anOwner(), assignments: [{ account: ACCOUNT, match: 'user ci-deploy' }] }],
      unknownOwners: [],
    });
  });
});

describe('keyturn owners who', () => {
  async function aWorld(): Promise<FakeCli> {
    const cli = new FakeCli();
    cli.iam.addUser(USER, { path: '/payments/' });
    await cli.owners.putOwner(anOwner());
    await cli.owners.putAssignment(anAssignment({ account: '*', match: { kind: 'path', pattern: '/payments/*' } }));
    return cli;
  }

  test('says who and by which rule, looking the path up', async () => {
    const { out } = await (await aWorld()).run('owners', 'who', '--user', USER);
    expect(out).toBe(
      'User ci-deploy (account 111122223333, path /payments/) belongs to payments (Payments, payments@example.com) ' +
        'by the rule for users under /payments/* in every account.',
    );
  });

  test('takes a path for a user that is yet to be made', async () => {
    const who = ['owners', 'who', '--user', 'new-bot'];
    expect((await (await aWorld()).run(...who, '--path', '/payments/eu/')).out).toContain('belongs to payments');
  });

  test('says when it had to assume the path, of an account that is not read', async () => {
    const { out } = await (await aWorld()).run('owners', 'who', '--user', USER, '--account', OTHER_ACCOUNT);
    expect(out).toContain(`User ci-deploy (account ${OTHER_ACCOUNT}, path /) has no owner: the operators are told.`);
    expect(out).toContain('The path could not be looked up and is assumed; --path says it.');
  });

  test('fails for a user that IAM does not have: a slip is not a user without an owner', async () => {
    const cli = await aWorld();
    await cli.owners.putAssignment(anAssignment({ account: '*', match: { kind: 'account' } }));
    expect(await cli.run('owners', 'who', '--user', 'nobody-here')).toEqual({
      exitCode: 1,
      out: '',
      err:
        "keyturn: IAM has no user 'nobody-here' in account 111122223333. Check the spelling; --path asks for a user " +
        'that is yet to be made.',
    });
  });

  test('says when the rule names an owner that does not exist', async () => {
    const cli = await aWorld();
    await cli.owners.deleteOwner(parseOwnerId('payments'));
    expect((await cli.run('owners', 'who', '--user', USER)).out).toContain(
      "belongs to 'payments' by the rule for users under /payments/* in every account, but there is no such owner",
    );
  });

  test('fails when the path cannot be read: a guess could name the wrong owner', async () => {
    const cli = await aWorld();
    cli.iam.calls.failOn('iam.user', { when: 'before', error: new UnavailableError('iam:GetUser failed.') });
    expect(await cli.run('owners', 'who', '--user', USER)).toMatchObject({ exitCode: 1, out: '' });
  });

  test('as JSON', async () => {
    expect(await (await aWorld()).json('owners', 'who', '--user', USER)).toEqual({
      account: ACCOUNT,
      userName: USER,
      path: '/payments/',
      pathFrom: 'iam',
      rule: { account: '*', match: 'users under /payments/*', ownerId: 'payments' },
      owner: anOwner(),
    });
  });

  test.each([
    [[], /Required option '--user <name>' not specified/],
    [['--user', USER, '--path', 'payments'], /is not an IAM path/],
  ])('refuses %j', async (argv, message) => {
    const { exitCode, err } = await new FakeCli().run('owners', 'who', ...argv);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });
});
