import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import { MINUTE } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { deliver } from '../../lambda/workflows/deliver.ts';
import { anAssignment, anOwner } from '../support/builders.ts';
import { about, bob, ci, deployment, payments, search, stray, toldBy } from './support/deliver-story.ts';

const broken = (what: string) => ({ when: 'before', error: new UnavailableError(`${what} is throttled.`) }) as const;

describe('one tick at a time', () => {
  test('while another invocation is at it nothing is sent; after its time the next one goes on', async () => {
    const { world, happens, outbox, clock, sns } = await deployment();
    await happens(about(bob, 'key-disabled'));
    await outbox.takeLease('died', clock.now(), clock.now() + 5 * MINUTE);
    const invocation = { holder: 'next', deadline: clock.now() + 10 * MINUTE };
    expect(await deliver(world, invocation)).toEqual({ kind: 'busy' });
    expect(sns.sent).toEqual([]);
    clock.advance(5 * MINUTE);
    expect(await deliver(world, invocation)).toMatchObject({ kind: 'done' });
    expect(sns.sent).toHaveLength(1);
  });

  test('the lease is given back, also after a failure', async () => {
    const { tick, calls } = await deployment();
    calls.failOn('outbox.readers', broken('State'));
    await expect(tick()).rejects.toThrow('State is throttled.');
    await expect(tick()).resolves.toMatchObject({ kind: 'done' });
  });

  test('a lease that cannot be given back is no failure of what was sent', async () => {
    const { happens, tick, calls, log } = await deployment();
    await happens(about(bob, 'key-disabled'));
    calls.failOn('outbox.releaseLease', broken('State'));
    await expect(tick()).resolves.toMatchObject({ kind: 'done', failed: [] });
    expect(log.lines.map(({ message }) => message)).toContain('the lease was not given back');
  });
});

describe('time', () => {
  test('what does not fit is left for the next tick, and operators still have their turn', async () => {
    const { world, happens, tick, calls, clock, sns, operators } = await deployment();
    await happens(about(bob, 'key-disabled'), about(ci, 'key-disabled'), about(undefined, 'sweep-failed'));
    const deadline = clock.now() + 20_000;
    await deliver(world, { holder: 'short', deadline });
    expect(calls.of('channel.sns')).toEqual([]);
    expect(operators.sent).toHaveLength(1);
    await tick(5);
    expect(new Set(toldBy(sns))).toEqual(new Set([payments, search]));
  });

  test('a message that is not begun in time is neither lost nor sent twice', async () => {
    const { world, happens, tick, clock, slack, ledger, outbox } = await deployment();
    await happens(...Array.from({ length: 100 }, () => about(ci, 'key-disabled')));
    const slow = {
      name: slack.name,
      send: async (notice: Parameters<typeof slack.send>[0]) => {
        clock.advance(2 * MINUTE);
        await slack.send(notice);
      },
    };
    await deliver(
      { ...world, channels: { ...world.channels, slack: slow } },
      { holder: 'slow', deadline: clock.now() + 3 * MINUTE },
    );
    const begun = ledger.eventsOf('notice-delivered').filter(({ details }) => details.channel === 'slack');
    expect(begun.flatMap(({ details }) => details.about).length).toBeLessThan(100);
    await tick(5);
    const told = ledger.eventsOf('notice-delivered').filter(({ details }) => details.channel === 'slack');
    const events = told.flatMap(({ details }) => details.about);
    expect([events.length, new Set(events).size]).toEqual([100, 100]);
    expect(outbox.isEmpty).toBe(true);
  });

  test('nothing is asked about a reader who has nothing due', async () => {
    const { happens, tick, calls } = await deployment();
    await happens(about(bob, 'key-replaced'));
    await tick(1);
    const before = calls.of('outbox.waiting').length;
    await tick(1);
    expect(calls.of('outbox.waiting')).toHaveLength(before);
  });
});

describe('a failure', () => {
  test.each(['outbox.waiting', 'outbox.keep', 'outbox.remove', 'outbox.put'] as const)(
    'of %s for one reader is told, spares the others, and is made good by the next tick',
    async (call) => {
      const { happens, tick, calls, down, sns, slack, operators, ledger, outbox } = await deployment();
      await happens(about(bob, 'key-disabled'), about(ci, 'key-disabled'));
      const isSearch = (reader: unknown) => reader === (call === 'outbox.put' ? 'operators' : search.id);
      if (call === 'outbox.put') down('sns', 2);
      calls.failOn(call, { ...broken('State'), where: isSearch });
      const { failed } = await tick();
      expect(failed.map(({ reader }) => reader)).toEqual([search.id]);
      expect(toldBy(slack)).toEqual([payments]);
      const again = await tick(5);
      expect(again.failed).toEqual([]);
      await tick(60);
      expect(toldBy(sns).filter((to) => to === search || to === payments)).toHaveLength(2);
      expect(ledger.eventsOf('notice-delivered').filter(({ details }) => details.to === search.id)).toHaveLength(1);
      expect(operators.sent.length).toBeLessThanOrEqual(1);
      expect(outbox.isEmpty).toBe(true);
    },
  );

  test('holds up its reader from then on', async () => {
    const { happens, tick, calls } = await deployment();
    await happens(about(bob, 'key-disabled'));
    calls.failOn('owners.owner', { ...broken('Owners'), times: 3 });
    await tick();
    await tick(60);
    const { failed, heldUpFor } = await tick(60);
    expect([failed.length, heldUpFor]).toEqual([1, 120 * MINUTE]);
    expect(await tick(60)).toMatchObject({ failed: [], heldUpFor: 0 });
  });

  test('to read receipts sends nothing of what it is about, and counts it as untold', async () => {
    const { happens, tick, calls, sns } = await deployment();
    const event = about(bob, 'key-disabled');
    await happens(event);
    calls.failOn('history.query', { ...broken('History'), times: 2 });
    expect(await tick()).toMatchObject({ untold: [event.id], failed: [] });
    expect((await tick(5)).heldUpFor).toBe(5 * MINUTE);
    expect(sns.sent).toEqual([]);
    expect(await tick(5)).toMatchObject({ untold: [], heldUpFor: 0 });
    expect(sns.sent).toHaveLength(1);
  });
});

test('what comes while its reader is being told is told with the next tick', async () => {
  const { world, happens, tick, sns, outbox } = await deployment();
  const late = about(bob, 'key-disabled');
  await happens(about(bob, 'key-disabled'));
  const channel = {
    name: sns.name,
    send: async (notice: Parameters<typeof sns.send>[0]) => {
      if (sns.sent.length === 0) await happens(late);
      await sns.send(notice);
    },
  };
  await tick(0, { channels: { ...world.channels, sns: channel } });
  await tick(5);
  expect(sns.sent.map(({ events }) => events.length)).toEqual([1, 1]);
  expect(outbox.isEmpty).toBe(true);
});

test('100 owners with 20 keys each: one message for each of them and channel', async () => {
  const { happens, tick, owners, sns, slack, outbox } = await deployment();
  const events = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const id = parseOwnerId(`team-${n}`);
      const userName = parseUserName(`team-${n}-bot`);
      await owners.putOwner(anOwner({ id, slackChannel: `#team-${n}` }));
      await owners.putAssignment(anAssignment({ match: { kind: 'user', userName }, ownerId: id }));
      return Array.from({ length: 20 }, () => about(userName, 'key-replaced'));
    }),
  );
  const all = events.flat();
  for (let at = 0; at < all.length; at += 100) await happens(...all.slice(at, at + 100));
  await tick(15);
  expect([sns.sent.length, new Set(sns.sent.map(({ to }) => to)).size]).toEqual([100, 100]);
  expect([slack.sent.length, new Set(slack.sent.map(({ to }) => to)).size]).toEqual([100, 100]);
  expect(outbox.isEmpty).toBe(true);
}, 120_000);

test('a reader without anything left costs no more than one look', async () => {
  const { tell, tick, calls } = await deployment();
  await tell([about(stray, 'key-replaced')]);
  const before = calls.log.length;
  await tick(5);
  expect(calls.log.slice(before).map(({ name }) => name)).toEqual([
    'outbox.takeLease',
    'outbox.readers',
    'outbox.readers',
    'outbox.releaseLease',
  ]);
});
