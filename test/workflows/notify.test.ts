import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseOwnerId } from '../../lambda/domain/ids.ts';
import { type Reader, UnavailableError } from '../../lambda/ports.ts';
import { anAssignment } from '../support/builders.ts';
import { about, bob, ci, cron, deployment, search, stray } from './support/deliver-story.ts';

const payments = parseOwnerId('payments');
const unavailable = (what: string) =>
  ({ when: 'before', error: new UnavailableError(`${what} is throttled.`) }) as const;

async function world() {
  const story = await deployment();
  const waits = (reader: Reader) => story.outbox.peek(reader).map(({ event }) => event);
  return { ...story, waits };
}

describe('what is told to whom waits in their outbox', () => {
  test('an owner’s across users, operators’ own, and nothing of what nobody is told', async () => {
    const { happens, waits } = await world();
    const [mine, mineToo, theirs] = [about(ci, 'key-replaced'), about(cron, 'key-deleted'), about(bob, 'key-disabled')];
    const failed = about(ci, 'rotation-failed');
    expect(await happens(mine, mineToo, theirs, failed, about(ci, 'rotation-intended'))).toEqual([]);
    expect(waits(payments)).toEqual([mine, mineToo]);
    expect(waits(search.id)).toEqual([theirs]);
    expect(waits('operators')).toEqual([failed]);
  });

  test('a blocked user concerns its owner and the operators', async () => {
    const { happens, waits } = await world();
    const blocked = about(bob, 'user-blocked');
    await happens(blocked);
    expect(waits(search.id)).toEqual([blocked]);
    expect(waits('operators')).toEqual([blocked]);
  });

  test('what has no owner waits for the operators once, and says so', async () => {
    const { happens, outbox } = await world();
    const [replaced, blocked] = [about(stray, 'key-replaced'), about(stray, 'user-blocked')];
    await happens(replaced, blocked);
    const insteadOf = { kind: 'no-owner' };
    expect(outbox.peek('operators')).toMatchObject([
      { event: replaced, insteadOf },
      { event: blocked, insteadOf },
    ]);
  });

  test('in observe mode everything waits for the operators', async () => {
    const { happens, waits } = await world();
    const would = about(ci, 'key-replaced', { mode: 'observe' });
    await happens(would);
    expect(waits('operators')).toEqual([would]);
    expect(waits(payments)).toEqual([]);
  });

  test.each(['enforce', 'observe'] as const)(
    'an exemption of many users, granted or revoked, concerns the operators (%s)',
    async (mode) => {
      const { happens, waits } = await world();
      const events = [about(undefined, 'exemption-granted', { mode }), about(undefined, 'exemption-revoked', { mode })];
      expect(await happens(...events)).toEqual([]);
      expect(waits('operators')).toEqual(events);
    },
  );

  test('an exemption of one user concerns its owner', async () => {
    const { happens, waits } = await world();
    const events = [about(ci, 'exemption-granted'), about(ci, 'exemption-revoked')];
    await happens(...events);
    expect(waits(payments)).toEqual(events);
    expect(waits('operators')).toEqual([]);
  });

  test('the path of the user decides when a rule about paths does', async () => {
    const { happens, waits, owners } = await world();
    await owners.putAssignment(anAssignment({ match: { kind: 'path', pattern: '/search/*' }, ownerId: search.id }));
    const event = about(stray, 'key-replaced', { userPath: '/search/indexers/' });
    await happens(event);
    expect(waits(search.id)).toEqual([event]);
  });

  test('nothing is sent by it, and brought again nothing waits twice', async () => {
    const { happens, waits, calls } = await world();
    const event = about(ci, 'key-disabled');
    await happens(event, event);
    await happens(event);
    expect(waits(payments)).toEqual([event]);
    expect(calls.log.filter(({ name }) => name.startsWith('channel.'))).toEqual([]);
  });
});

describe('what does not get into the outbox is brought again', () => {
  test('when the owners’ table cannot be read; that is not "no owner"', async () => {
    const { happens, waits, calls } = await world();
    calls.failOn('owners.assignments', unavailable('Owners'));
    const [event, root] = [about(ci, 'key-replaced'), about(undefined, 'root-key-seen')];
    expect(await happens(event, root)).toEqual([event]);
    expect(waits('operators')).toEqual([root]);
  });

  test.each(['before', 'after'] as const)('when the outbox of one reader fails %s it took it', async (when) => {
    const { happens, waits, calls } = await world();
    const where = (reader: unknown) => reader === payments;
    calls.failOn('outbox.put', { ...unavailable('State'), when, where });
    const [mine, theirs] = [about(ci, 'key-replaced'), about(bob, 'key-replaced')];
    expect(await happens(mine, theirs)).toEqual([mine]);
    expect(waits(search.id)).toEqual([theirs]);
    expect(await happens(mine)).toEqual([]);
    expect(waits(payments)).toEqual([mine]);
  });

  test('when one of both who are told of it is missing', async () => {
    const { happens, calls } = await world();
    calls.failOn('outbox.put', { ...unavailable('State'), where: (reader) => reader === 'operators' });
    const blocked: HistoryEvent = about(bob, 'user-blocked');
    expect(await happens(blocked)).toEqual([blocked]);
  });

  test('and is logged with the reason', async () => {
    const { happens, calls, log } = await world();
    const fault = unavailable('Owners');
    calls.failOn('owners.assignments', fault);
    const event = about(ci, 'key-replaced');
    await happens(event);
    const { id, account, runId } = event;
    const details = { events: [id], account, runId, error: fault.error };
    expect(log.lines).toEqual([{ level: 'error', message: 'event not in the outbox', details }]);
  });
});
