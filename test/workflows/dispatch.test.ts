import type { Settings } from '../../lambda/contracts/settings.ts';
import { parseAccountId } from '../../lambda/domain/ids.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { dispatch, NotSelectedError, runIdOf } from '../../lambda/workflows/dispatch.ts';
import { runTime } from '../../lambda/workflows/sweep-account.ts';
import { ACCOUNT, someSettings } from '../support/builders.ts';
import { Calls } from '../support/calls.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeIds } from '../support/fake-ids.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeLog } from '../support/fake-log.ts';
import { FakeOrganization } from '../support/fake-organization.ts';
import { FakeQueue } from '../support/fake-queue.ts';

function aWorld(overrides: Partial<Settings> = {}) {
  const calls = new Calls();
  const clock = new FakeClock('2026-03-01T06:00:04.000Z');
  const history = new FakeLedger(calls);
  const queue = new FakeQueue(calls);
  const organization = new FakeOrganization(calls);
  const settings = someSettings({ mode: 'observe', ...overrides });
  return { calls, clock, history, queue, organization, ids: new FakeIds(), log: new FakeLog(), settings };
}

const whole = { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [] } as const;

const event = { id: '1b2c3d4e-5f60-7182-93a4-b5c6d7e8f901', time: '2026-03-01T06:00:00Z' };

describe('dispatch', () => {
  test('records who is expected, then queues one sweep per account with the run’s time', async () => {
    const world = aWorld();
    const { runId } = await dispatch(world, event);
    expect(runId).toBe('run-20260301T060000Z-1b2c3d4e');
    expect(world.queue.sent).toEqual([
      { runId, account: ACCOUNT, now: fromIso('2026-03-01T06:00:00Z'), mode: 'observe' },
    ]);
    expect(world.history.eventsOf('run-started').map(({ details }) => details.expectedAccounts)).toEqual([[ACCOUNT]]);
  });

  test('the same event names the same run', () => {
    expect(runIdOf(event)).toBe(runIdOf({ ...event }));
    expect(runIdOf({ ...event, id: 'ffffffff-0000' })).not.toBe(runIdOf(event));
  });

  test('an event dated in the future never lets a sweep go ahead of the clock', async () => {
    const world = aWorld();
    await dispatch(world, { ...event, time: '2026-06-01T06:00:00Z' });
    expect(world.queue.sent[0]?.now).toBe(fromIso('2026-03-01T06:00:04.000Z'));
  });

  test('a queue that refuses fails the run, on record, so that Lambda tries again', async () => {
    const world = aWorld();
    world.calls.failOn('queue.sendAll', { when: 'before', error: new UnavailableError('throttled') });
    await expect(dispatch(world, event)).rejects.toThrow('throttled');
    expect(world.history.eventsOf('run-failed').map(({ details }) => details.error)).toEqual([
      'UnavailableError: throttled',
    ]);
    const again = await dispatch(world, event);
    expect(world.queue.sent.map(({ runId }) => runId)).toEqual([again.runId]);
  });

  test('a failure that cannot be recorded is told all the same', async () => {
    const world = aWorld();
    world.calls.failOn('history.append', { when: 'before', error: new UnavailableError('no table'), times: 2 });
    await expect(dispatch(world, event)).rejects.toThrow('no table');
    expect(world.queue.sent).toEqual([]);
    expect(world.log.text()).toContain('a failed run could not be recorded in history');
  });

  test('one account is looked up nowhere', async () => {
    const world = aWorld();
    await dispatch(world, event);
    expect(world.calls.of('organization.tree')).toEqual([]);
  });
});

describe('a run over an organisation', () => {
  test('sweeps each account in its own mode, and records who is left out and why', async () => {
    const world = aWorld({
      accounts: { ...whole, excludedAccounts: [parseAccountId('200000000003')] },
      enforceIn: { accounts: [], organizationalUnits: ['ou-prod'] },
    });
    const { organization } = world;
    organization.addUnit('ou-work');
    organization.addUnit('ou-prod', 'ou-work');
    organization.addAccount('200000000001', 'ou-prod');
    organization.addAccount('200000000002', 'ou-work');
    organization.addAccount('200000000003');
    organization.addAccount('200000000004', 'ou-prod', 'suspended');
    const { runId, accounts } = await dispatch(world, event);
    expect(accounts).toEqual(['200000000001', '200000000002']);
    expect(world.queue.sent.map(({ account, mode }) => [account, mode])).toEqual([
      ['200000000001', 'enforce'],
      ['200000000002', 'observe'],
    ]);
    const [started] = world.history.eventsOf('run-started');
    expect(started).toMatchObject({ runId, account: ACCOUNT, mode: 'observe' });
    expect(started?.details).toEqual({
      part: { number: 1, of: 1 },
      expectedAccounts: ['200000000001', '200000000002'],
      enforcingAccounts: ['200000000001'],
      skippedAccounts: [
        { account: '200000000003', why: 'excluded' },
        { account: '200000000004', why: 'suspended' },
      ],
    });
    expect(world.calls.of('organization.tree').map(({ args }) => args)).toEqual([[runId]]);
  });

  test('whose listing breaks off sweeps nothing, and says so in history', async () => {
    const world = aWorld({ accounts: whole });
    world.organization.addAccount('200000000001');
    world.calls.failOn('organization.tree', { when: 'after', error: new UnavailableError('page 3 was throttled') });
    await expect(dispatch(world, event)).rejects.toThrow('page 3 was throttled');
    expect(world.queue.sent).toEqual([]);
    expect(world.history.events().map(({ type }) => type)).toEqual(['run-failed']);
    expect(world.history.events()[0]?.runId).toBe(runIdOf(event));
  });

  test('with a slip in the settings sweeps nothing, and names it', async () => {
    const world = aWorld({ accounts: { ...whole, organizationalUnits: ['ou-wrok'] } });
    world.organization.addAccount('200000000001');
    await expect(dispatch(world, event)).rejects.toThrow(
      'Nothing is swept: accounts.organizationalUnits names ou-wrok, which the organisation does not have.',
    );
    expect(world.queue.sent).toEqual([]);
    expect(world.history.events().map(({ type }) => type)).toEqual(['run-failed']);
  });

  test('of many thousand accounts is told in several events, each far below 400 KB', async () => {
    const world = aWorld({ accounts: whole, enforceIn: { accounts: [], organizationalUnits: ['ou-wave'] } });
    world.organization.addUnit('ou-wave');
    for (let n = 0; n < 12_000; n += 1) {
      const standing = n % 3 === 0 ? 'suspended' : 'active';
      world.organization.addAccount(String(200_000_000_000 + n), n % 2 === 0 ? 'ou-wave' : undefined, standing);
    }
    const { accounts } = await dispatch(world, event);
    expect(accounts).toHaveLength(8_000);
    expect(world.queue.sent).toHaveLength(8_000);
    const started = world.history.eventsOf('run-started');
    expect(started.map(({ details }) => details.part)).toEqual([
      { number: 1, of: 3 },
      { number: 2, of: 3 },
      { number: 3, of: 3 },
    ]);
    expect(started.flatMap(({ details }) => details.expectedAccounts)).toEqual(accounts);
    expect(started.flatMap(({ details }) => details.enforcingAccounts)).toHaveLength(4_000);
    expect(started.flatMap(({ details }) => details.skippedAccounts)).toHaveLength(4_000);
    for (const item of started) expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(400_000);
  });
});

describe('a run that somebody asks for', () => {
  const [first, second] = [parseAccountId('200000000001'), parseAccountId('200000000002')];
  const forOne = { ...event, accounts: [second] };

  function anOrganization() {
    const world = aWorld({
      accounts: { ...whole, excludedAccounts: [parseAccountId('200000000003')] },
      enforceIn: { accounts: [], organizationalUnits: ['ou-prod'] },
    });
    world.organization.addUnit('ou-prod');
    world.organization.addAccount(first);
    world.organization.addAccount(second, 'ou-prod');
    world.organization.addAccount('200000000003');
    return world;
  }

  test('sweeps the account alone, in the mode of its wave, and says on record that it is no scheduled run', async () => {
    const world = anOrganization();
    const { runId, accounts } = await dispatch(world, forOne);
    expect(accounts).toEqual([second]);
    expect(world.queue.sent).toEqual([{ runId, account: second, now: fromIso(event.time), mode: 'enforce' }]);
    expect(world.history.eventsOf('run-started').map(({ details }) => details)).toEqual([
      {
        part: { number: 1, of: 1 },
        expectedAccounts: [second],
        enforcingAccounts: [second],
        skippedAccounts: [],
        requested: true,
      },
    ]);
  });

  test.each([
    ['200000000003', '200000000003 (excluded)'],
    ['200000000009', '200000000009 (the settings do not select it)'],
  ])('over account %s, which no run sweeps, is refused, and that is on record', async (account, named) => {
    const world = anOrganization();
    const accounts = [second, parseAccountId(account)];
    await expect(dispatch(world, { ...event, accounts })).rejects.toThrow(NotSelectedError);
    expect(world.queue.sent).toEqual([]);
    expect(world.history.events()).toMatchObject([
      { type: 'run-failed', details: { error: expect.stringContaining(`no run sweeps ${named}.`), requested: true } },
    ]);
  });

  test('is refused for whatever is not in a list', async () => {
    const world = aWorld({ accounts: { kind: 'list', accounts: [ACCOUNT] } });
    await expect(dispatch(world, forOne)).rejects.toThrow('the settings do not select it');
    expect(await dispatch(world, { ...event, accounts: [ACCOUNT] })).toMatchObject({ accounts: [ACCOUNT] });
  });
});

describe('the time a sweep goes by', () => {
  const scheduled = fromIso('2026-03-01T06:00:00Z');

  test('is its run’s, up to an hour after it', () => {
    expect(runTime(scheduled, fromIso('2026-03-01T06:00:09Z'))).toBe(scheduled);
    expect(runTime(scheduled, fromIso('2026-03-01T07:00:00Z'))).toBe(scheduled);
  });

  test('is the clock’s when the message is older than that', () => {
    const late = fromIso('2026-03-01T07:00:00.001Z');
    expect(runTime(scheduled, late)).toBe(late);
  });

  test('is never later than the clock', () => {
    const early = fromIso('2026-03-01T05:59:58Z');
    expect(runTime(scheduled, early)).toBe(early);
  });
});
