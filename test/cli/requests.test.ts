import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import type { Request } from '../../lambda/domain/requests.ts';
import { toIso } from '../../lambda/domain/time.ts';
import { NotCreatedError, UnavailableError } from '../../lambda/ports.ts';
import { dispatch } from '../../lambda/workflows/dispatch.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import {
  ACCOUNT,
  anAccountEvent,
  anEvent,
  at,
  keyId,
  OTHER_ACCOUNT,
  requestId,
  requestMade,
  rotationId,
  someSettings,
} from '../support/builders.ts';
import { FakeLog } from '../support/fake-log.ts';
import { FakeOrganization } from '../support/fake-organization.ts';
import { FakeProver } from '../support/fake-prover.ts';
import { FakeQueue } from '../support/fake-queue.ts';
import { FakeSecrets } from '../support/fake-secrets.ts';
import { CALLER, FakeCli } from './fake-cli.ts';

const because = ['--reason', 'It was in a public repository'];
const KEY = keyId(1);

async function aWorld(): Promise<FakeCli> {
  const cli = new FakeCli();
  cli.iam.addUser('ci-deploy', { path: '/ci/' });
  // What history knows of the key.
  await cli.ledger.append([anEvent('rotation-upcoming', { time: '2026-05-20T06:00:00.000Z' })]);
  return cli;
}

const requestsOf = (cli: FakeCli) => cli.owners.requests(ACCOUNT);
const made = (cli: FakeCli) => cli.ledger.events().filter(({ type }) => type === 'request-made');

describe('what each command leaves behind', () => {
  test.each([
    [
      ['rotate', '--user', 'ci-deploy', '--key', KEY, '--disable-old-now'],
      { kind: 'rotate', keyId: KEY, disableOldNow: true },
      { request: 'rotate', disableOldNow: true },
    ],
    [['rotate', '--user', 'ci-deploy'], { kind: 'rotate', disableOldNow: false }, { request: 'rotate' }],
    [
      ['restore', '--key', KEY, '--for', '48h'],
      { kind: 'restore', keyId: KEY, hours: 48 },
      { request: 'restore', hours: 48 },
    ],
    [
      ['restore', '--key', KEY, '--for', '2d'],
      { kind: 'restore', keyId: KEY, hours: 48 },
      { request: 'restore', hours: 48 },
    ],
    [['snooze', '--key', KEY, '--days', '7'], { kind: 'snooze', keyId: KEY, days: 7 }, { request: 'snooze', days: 7 }],
  ])('%j: the event with its actor, the request, and a run over the account alone', async (argv, wish, details) => {
    const cli = await aWorld();
    const { exitCode, out, err } = await cli.run(...argv, ...because);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    const [request, ...others] = await requestsOf(cli);
    expect(others).toEqual([]);
    expect(request).toEqual({
      id: request?.id,
      account: ACCOUNT,
      userName: 'ci-deploy',
      reason: 'It was in a public repository',
      requestedBy: CALLER,
      requestedAt: at('2026-06-01T00:00:00.000Z'),
      ...wish,
    });
    expect(made(cli)).toEqual([
      expect.objectContaining({
        actor: CALLER,
        account: ACCOUNT,
        userName: 'ci-deploy',
        userPath: '/ci/',
        details: { requestId: request?.id, reason: 'It was in a public repository', ...details },
        ...('keyId' in wish ? { keyId: KEY } : {}),
      }),
    ]);
    expect(cli.runsStarted).toEqual([
      { id: expect.stringMatching(/^[0-9a-f-]{36}$/), time: '2026-06-01T00:00:00.000Z', accounts: [ACCOUNT] },
    ]);
    expect(out).toContain(`of user ci-deploy in account ${ACCOUNT}: request ${request?.id}.`);
  });

  test('as JSON too', async () => {
    const cli = await aWorld();
    expect(await cli.json('snooze', '--key', KEY, '--days', '7', ...because)).toEqual({
      requestId: (await requestsOf(cli))[0]?.id,
      request: 'snooze',
      account: ACCOUNT,
      userName: 'ci-deploy',
      keyId: KEY,
      reason: 'It was in a public repository',
      requestedBy: CALLER,
      requestedAt: '2026-06-01T00:00:00.000Z',
      runId: expect.stringMatching(/^run-20260601T000000Z-[0-9a-f]{8}$/),
    });
  });

  test('a key of another account is found through history, although its IAM is not read', async () => {
    const cli = new FakeCli();
    cli.settings = someSettings({ accounts: { kind: 'list', accounts: [ACCOUNT, OTHER_ACCOUNT] } });
    await cli.ledger.append([anEvent('key-disabled', { account: OTHER_ACCOUNT })]);
    expect((await cli.run('restore', '--key', KEY, '--for', '4h', ...because)).exitCode).toBe(0);
    expect(await cli.owners.requests(OTHER_ACCOUNT)).toMatchObject([{ account: OTHER_ACCOUNT, userName: 'ci-deploy' }]);
    expect(cli.runsStarted).toMatchObject([{ accounts: [OTHER_ACCOUNT] }]);
  });
});

describe('what is certain to be refused is refused at once, and leaves nothing behind', () => {
  test.each<[string, (cli: FakeCli) => void | Promise<void>, readonly string[], RegExp]>([
    [
      'observe mode',
      (cli) => {
        cli.settings = someSettings({ mode: 'observe' });
      },
      ['rotate', '--user', 'ci-deploy'],
      /Nothing was asked for: account 111122223333 is observed only/,
    ],
    [
      'an account that no run sweeps',
      (cli) => {
        cli.settings = someSettings({ accounts: { kind: 'list', accounts: [OTHER_ACCOUNT] } });
      },
      ['rotate', '--user', 'ci-deploy'],
      /No sweep touches this account: the settings do not name it/,
    ],
    [
      'a user that does not exist',
      () => undefined,
      ['rotate', '--user', 'ci-depoly'],
      /There is no IAM user ci-depoly/,
    ],
    [
      'a key that history does not know',
      () => undefined,
      ['restore', '--key', keyId(9), '--for', '4h'],
      /History knows nothing of key \S+: name its user with --user/,
    ],
    [
      'a key that is deleted',
      (cli) => cli.ledger.append([anEvent('key-deleted', { time: '2026-05-30T06:00:00.000Z' })]),
      ['restore', '--key', KEY, '--for', '4h'],
      /was deleted on 2026-05-30: nobody can bring it back/,
    ],
    [
      'a key of another user',
      (cli) => {
        cli.iam.addUser('other');
      },
      ['rotate', '--user', 'other', '--key', KEY],
      /is that of user ci-deploy in account 111122223333/,
    ],
    [
      '31 days of restoring',
      () => undefined,
      ['restore', '--key', KEY, '--for', '721h'],
      /at most 30 days \(720h\) past/,
    ],
    ['31 days of snoozing', () => undefined, ['snooze', '--key', KEY, '--days', '31'], /by at most 30 days in all/],
  ])('%s', async (_, prepare, argv, sentence) => {
    const cli = await aWorld();
    await prepare(cli);
    const before = cli.ledger.events().length;
    const { exitCode, err } = await cli.run(...argv, ...because);
    expect({ exitCode, err }).toEqual({ exitCode: 1, err: expect.stringMatching(sentence) });
    expect(cli.ledger.events()).toHaveLength(before);
    expect(await requestsOf(cli)).toEqual([]);
    expect(cli.runsStarted).toEqual([]);
  });

  test.each([
    [['rotate', '--user', 'ci-deploy'], "Required option '--reason <text>' not specified"],
    [['rotate', '--user', 'ci-deploy', '--reason', ' '], 'it must not be empty'],
    [['rotate', ...because], "Required option '--user <name>' not specified"],
    [['restore', '--key', KEY, ...because], "Required option '--for <duration>' not specified"],
    [['restore', '--key', KEY, '--for', '0h', ...because], "'0h' is not a duration (such as 48h or 2d)"],
    [['restore', '--key', KEY, '--for', 'long', ...because], "'long' is not a duration"],
    [['snooze', '--key', KEY, '--days', '0', ...because], "'0' is not a whole number of 1 or more"],
    [['snooze', '--key', 'AKIA', '--days', '1', ...because], 'is not an access key ID'],
  ])('%j is a wrong command line', async (argv, sentence) => {
    const cli = await aWorld();
    const { exitCode, err } = await cli.run(...argv);
    expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining(sentence) });
    expect(cli.connections).toEqual([]);
  });

  test('where a unit may enforce, only the sweep can know: the request is made', async () => {
    const cli = await aWorld();
    cli.settings = someSettings({
      mode: 'observe',
      accounts: { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [] },
      enforceIn: { accounts: [], organizationalUnits: ['ou-prod'] },
    });
    expect((await cli.run('rotate', '--user', 'ci-deploy', ...because)).exitCode).toBe(0);
    expect(await requestsOf(cli)).toHaveLength(1);
  });

  test('a run over one account does not tell who is in the organisation', async () => {
    const cli = await aWorld();
    cli.settings = someSettings({
      accounts: { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [] },
    });
    const run = (time: string, details: Partial<HistoryEvent<'run-started'>['details']>) =>
      anAccountEvent('run-started', {
        time,
        runId: `run-${time.slice(0, 10)}` as never,
        details: {
          part: { number: 1, of: 1 },
          expectedAccounts: [],
          enforcingAccounts: [],
          skippedAccounts: [],
          ...details,
        },
      });
    await cli.ledger.append([
      run('2026-05-30T06:00:00.000Z', { expectedAccounts: [ACCOUNT, OTHER_ACCOUNT] }),
      run('2026-05-31T06:00:00.000Z', { expectedAccounts: [OTHER_ACCOUNT], requested: true }),
    ]);
    expect((await cli.run('rotate', '--user', 'ci-deploy', ...because)).exitCode).toBe(0);
  });
});

describe('when something fails, it says what is done and what is not', () => {
  const asking = ['rotate', '--user', 'ci-deploy', ...because];
  const down = new UnavailableError('dynamodb:PutItem failed.');

  test('history: nothing', async () => {
    const cli = await aWorld();
    cli.ledger.calls.failOn('history.append', { when: 'before', error: down });
    const { exitCode, err } = await cli.run(...asking);
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: expect.stringContaining('Nothing was asked for: history could not'),
    });
    expect(await requestsOf(cli)).toEqual([]);
    expect(cli.runsStarted).toEqual([]);
  });

  test('the list: history takes the request back, whether or not it was stored', async () => {
    const cli = await aWorld();
    cli.owners.calls.failOn('owners.putRequest', { when: 'after', error: down });
    const { exitCode, err } = await cli.run(...asking);
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: expect.stringContaining('could not be put on the list, and history says so'),
    });
    expect(await requestsOf(cli)).toEqual([]);
    expect(
      cli.ledger
        .events()
        .slice(1)
        .map(({ type, actor }) => [type, actor]),
    ).toEqual([
      ['request-made', CALLER],
      ['request-refused', CALLER],
    ]);
    expect(cli.runsStarted).toEqual([]);
  });

  test('the list, and then taking it back: that is not known', async () => {
    const cli = await aWorld();
    cli.owners.calls.failOn('owners.putRequest', { when: 'after', error: down });
    cli.owners.calls.failOn('owners.deleteRequest', { when: 'before', error: down });
    expect((await cli.run(...asking)).err).toMatch(/is in history, but whether it is on the list is unknown/);
  });

  test('the run: the request is made, and the next scheduled run answers it', async () => {
    const cli = await aWorld();
    cli.onRunStarted = () => Promise.reject(new UnavailableError('AWS denied lambda:InvokeFunction.'));
    const { exitCode, err } = await cli.run(...asking);
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /is on record and on the list, but no run could be started for it: the next scheduled run answers/,
    );
    expect(await requestsOf(cli)).toHaveLength(1);
    expect(made(cli)).toHaveLength(1);
  });
});

describe('with --wait', () => {
  /** Whatever `dispatch` and the worker do, while the command waits. */
  function live(cli: FakeCli): void {
    const queue = new FakeQueue();
    const { clock, iam, ledger, owners, settings } = cli;
    const ids = cli.session.ids;
    const log = new FakeLog();
    const member = { iam, secrets: new FakeSecrets(), prover: new FakeProver(iam), region: 'eu-central-1' };
    const tables = { state: ledger, journal: ledger, history: ledger, owners };
    const world = { ...tables, openAccount: async () => member, queue, ids, clock, log, settings };
    cli.onPause = async () => {
      const [event] = cli.runsStarted.splice(0);
      if (event !== undefined)
        await dispatch({ ...world, organization: new FakeOrganization() }, event).catch(() => undefined);
      for (const { runId, account, now, mode } of queue.sent.splice(0)) {
        const taken = { rotate: 0, disable: 0, delete: 0 };
        const message = { schema: 1, runId, account, now: toIso(now), mode, part: 1, taken } as const;
        await sweepAccount(world, message, { holder: 'worker', deadline: Number.POSITIVE_INFINITY }).catch(
          () => undefined,
        );
      }
    };
  }

  async function aKeyOwner() {
    const cli = new FakeCli();
    cli.iam.addUser('ci-deploy');
    const key = cli.iam.createKeyByHand('ci-deploy', { createdAt: at('2026-05-01T00:00:00.000Z') });
    live(cli);
    return { cli, key };
  }

  test('a leak is followed until the old key has stopped, each step told on the way', async () => {
    const { cli, key } = await aKeyOwner();
    const details = { error: 'something that was before', rotationId: rotationId(1), stage: 'store' } as const;
    await cli.ledger.append([anEvent('rotation-failed', { time: '2026-05-31T23:59:00.000Z', details })]);
    const { exitCode, out, err } = await cli.run(
      'rotate',
      '--user',
      'ci-deploy',
      '--disable-old-now',
      '--wait',
      ...because,
    );
    expect(exitCode).toBe(0);
    expect(out).toContain(`Done: ${key} disabled by Keyturn`);
    expect(err).toContain(`${key} replaced by`);
    expect(err).not.toContain('something that was before');
    expect(cli.iam.key(key)?.status).toBe('Inactive');
    const trace = cli.ledger.events().filter(({ keyId: id, type }) => id === key || type === 'request-made');
    expect(trace.map(({ type, actor }) => [type, actor])).toEqual([
      ['request-made', CALLER],
      ['rotation-intended', 'keyturn'],
      ['key-replaced', 'keyturn'],
      ['disable-intended', 'keyturn'],
      ['key-disabled', 'keyturn'],
    ]);
    const [request] = trace;
    const id = request?.type === 'request-made' ? request.details.requestId : undefined;
    expect(cli.ledger.eventsOf('key-replaced')[0]?.details.requestId).toBe(id);
    expect(cli.ledger.eventsOf('key-disabled')[0]?.details.requestId).toBe(id);
  });

  test('a refusal is told as such, with exit code 1 and on record', async () => {
    const { cli, key } = await aKeyOwner();
    const { exitCode, err } = await cli.run(
      'snooze',
      '--key',
      key,
      '--user',
      'ci-deploy',
      '--days',
      '3',
      '--wait',
      ...because,
    );
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /keyturn: Refused: .* is not on its way out: its next step is its rotation, which stops nothing/,
    );
    expect(cli.ledger.eventsOf('request-refused')).toMatchObject([
      { actor: 'keyturn', userName: 'ci-deploy', keyId: key },
    ]);
    expect(await requestsOf(cli)).toEqual([]);
  });

  test('a request that has to wait for room ends the waiting with the sweep', async () => {
    const { cli, key } = await aKeyOwner();
    cli.iam.createKeyByHand('ci-deploy');
    const { exitCode, out } = await cli.run('rotate', '--user', 'ci-deploy', '--key', key, '--wait', ...because);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: expect.stringContaining('waits on the list') });
    const [, other] = await cli.iam.keys(parseUserName('ci-deploy'));
    expect(out.replaceAll(/\s+/g, ' ')).toContain(`${other?.keyId} takes the place of the new key, and it waits until`);
    expect(await requestsOf(cli)).toHaveLength(1);
  });

  describe('a leak for which there is no room', () => {
    async function aLeakBehind() {
      const { cli, key } = await aKeyOwner();
      const other = cli.iam.createKeyByHand('ci-deploy');
      cli.iam.deactivate(other);
      const stop = () =>
        cli.run('rotate', '--user', 'ci-deploy', '--key', key, '--disable-old-now', '--wait', ...because);
      return { cli, key, other, stop };
    }

    test('is no success: the key still works, and what is in the way and what to do now is said', async () => {
      const { cli, key, other, stop } = await aLeakBehind();
      const { exitCode, out, err } = await stop();
      expect(exitCode).toBe(1);
      expect(cli.iam.key(key)?.status).toBe('Active');
      const told = err.replaceAll(/\s+/g, ' ');
      expect(told).toContain(`${key} still works: IAM allows two keys, and ${other} takes the place of the new one.`);
      expect(told).toContain(`'aws iam delete-access-key --user-name ci-deploy --access-key-id ${other}'`);
      expect(told).toContain(
        `'aws iam update-access-key --user-name ci-deploy --access-key-id ${key} --status Inactive'`,
      );
      expect(told).toContain('docs/requests.md');
      expect(out).not.toContain('still works');
    });

    test('asked again once there is room, it is done, whichever request did it', async () => {
      const { cli, key, other, stop } = await aLeakBehind();
      await stop();
      // No sooner than that does the same wait tell of the next request.
      expect((await stop()).exitCode).toBe(1);
      cli.iam.deleteKeyByHand(other);
      const { exitCode, out } = await stop();
      expect({ exitCode, out }).toEqual({ exitCode: 0, out: expect.stringContaining('Done: ') });
      expect(cli.iam.key(key)?.status).toBe('Inactive');
      expect(cli.ledger.eventsOf('key-replaced')).toHaveLength(1);
    });

    test('as JSON too, with exit code 1', async () => {
      const { cli, key } = await aLeakBehind();
      const { exitCode, out } = await cli.run(
        ...['rotate', '--user', 'ci-deploy', '--key', key, '--disable-old-now', '--wait', '--json'],
        ...because,
      );
      expect(exitCode).toBe(1);
      expect(JSON.parse(out)).toMatchObject({ answer: { state: 'waiting', stillWorks: true } });
    });
  });

  test('a leak whose key is replaced and still works is told as that', async () => {
    const { cli, key } = await aKeyOwner();
    const before = await cli.iam.keys(parseUserName('ci-deploy'));
    cli.iam.keysWith = async () => before;
    const { exitCode, err } = await cli.run('rotate', '--user', 'ci-deploy', '--disable-old-now', '--wait', ...because);
    expect(exitCode).toBe(1);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(`${key} still works, although it has been replaced: the next sweep`);
  });

  test('a leak whose rotation fails is told as a key that still works', async () => {
    const { cli, key } = await aKeyOwner();
    cli.iam.calls.failOn('iam.createKey', { when: 'before', error: new NotCreatedError('denied') });
    const { exitCode, err } = await cli.run(
      ...['rotate', '--user', 'ci-deploy', '--key', key, '--disable-old-now', '--wait'],
      ...because,
    );
    expect(exitCode).toBe(1);
    expect(err.replaceAll(/\s+/g, ' ')).toContain(`${key} still works: the sweep is over, and the request waits`);
  });

  test('a failing sweep is told', async () => {
    const { cli } = await aKeyOwner();
    cli.owners.calls.failOn('owners.exemptions', { when: 'before', error: new UnavailableError('throttled') });
    const { exitCode, err } = await cli.run('rotate', '--user', 'ci-deploy', '--wait', ...because);
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: expect.stringContaining('The sweep failed, and is tried again: '),
    });
  });

  test('nothing heard for ten minutes: the request stays, and that is said', async () => {
    const cli = await aWorld();
    const { exitCode, err } = await cli.run('rotate', '--user', 'ci-deploy', '--wait', ...because);
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: expect.stringContaining('Nothing was heard within ten minutes'),
    });
    expect(cli.clock.now() - at('2026-06-01T00:00:00.000Z')).toBe(600_000);
    expect(await requestsOf(cli)).toHaveLength(1);
  });

  test('nothing heard of a key that is to stop at once: where the way by hand is told is said, too', async () => {
    const cli = await aWorld();
    const { exitCode, err } = await cli.run('rotate', '--user', 'ci-deploy', '--disable-old-now', '--wait', ...because);
    expect(exitCode).toBe(1);
    expect(err.replaceAll(/\s+/g, ' ')).toContain("'Emergency' in docs/requests.md says how to do it by hand");
  });

  test('as JSON the answer is part of it', async () => {
    const { cli } = await aKeyOwner();
    const report = await cli.json('rotate', '--user', 'ci-deploy', '--wait', ...because);
    expect(report).toMatchObject({ answer: { state: 'done', what: expect.stringContaining('replaced by') } });
  });
});

test('keyturn plan shows what the next sweep does about a request', async () => {
  const cli = await aWorld();
  cli.iam.createKeyByHand('ci-deploy', { createdAt: at('2026-05-01T00:00:00.000Z') });
  const userName = parseUserName('ci-deploy');
  const head = { account: ACCOUNT, userName, reason: 'leak', requestedBy: CALLER, requestedAt: cli.clock.now() };
  const nobody = parseUserName('nobody');
  const asked: readonly Request[] = [
    { ...head, id: requestId(1), kind: 'rotate', disableOldNow: true },
    { ...head, id: requestId(2), kind: 'snooze', keyId: keyId(9), days: 3 },
    { ...head, userName: nobody, id: requestId(3), kind: 'rotate', disableOldNow: false },
  ];
  for (const request of asked) await cli.ledger.append([requestMade(request)]);
  const forged = parseUserName('forged');
  for (const n of [4, 5])
    await cli.owners.putRequest({ ...head, userName: forged, id: requestId(n), kind: 'rotate', disableOldNow: true });
  for (const request of asked) await cli.owners.putRequest(request);
  const { out } = await cli.run('plan');
  expect(out).toMatch(/Requests about users that IAM does not have, which are refused: nobody$/m);
  expect(out).toMatch(/Requests that nobody is on record as having made, which are refused: forged$/m);
  expect(out).toMatch(/rotate +somebody asked for it, out of turn; the\n +old key stops at once/);
  expect(out).toMatch(/refuse +the request to snooze is refused: The/);
  expect(out).toMatch(/1 rotate, 1 refuse\. 1 user/);
});
