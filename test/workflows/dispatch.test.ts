import { fromIso } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { dispatch, runIdOf } from '../../lambda/workflows/dispatch.ts';
import { runTime } from '../../lambda/workflows/sweep-account.ts';
import { ACCOUNT, someSettings } from '../support/builders.ts';
import { Calls } from '../support/calls.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeIds } from '../support/fake-ids.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeLog } from '../support/fake-log.ts';
import { FakeQueue } from '../support/fake-queue.ts';

function aWorld() {
  const calls = new Calls();
  const clock = new FakeClock('2026-03-01T06:00:04.000Z');
  const history = new FakeLedger(calls);
  const queue = new FakeQueue(calls);
  const settings = someSettings({ mode: 'observe' });
  return { calls, clock, history, queue, ids: new FakeIds(), log: new FakeLog(), settings };
}

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

  test('a queue that refuses fails the run, so that Lambda tries again', async () => {
    const world = aWorld();
    world.calls.failOn('queue.send', { when: 'before', error: new UnavailableError('throttled') });
    await expect(dispatch(world, event)).rejects.toThrow('throttled');
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
