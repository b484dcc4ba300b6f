import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { type EventId, parseOwnerId, parseUserName, type UserName } from '../../../lambda/domain/ids.ts';
import type { Owner } from '../../../lambda/domain/owners.ts';
import { MINUTE, toIso } from '../../../lambda/domain/time.ts';
import { type OutgoingNotice, UnavailableError } from '../../../lambda/ports.ts';
import { type Delivered, deliver } from '../../../lambda/workflows/deliver.ts';
import type { DeliverWorld } from '../../../lambda/workflows/deliver-reader.ts';
import { type NotifyWorld, notify } from '../../../lambda/workflows/notify.ts';
import { anAssignment, anEvent, anOwner, at, eventId, keyId } from '../../support/builders.ts';
import { Calls } from '../../support/calls.ts';
import { FakeChannel } from '../../support/fake-channel.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeIds } from '../../support/fake-ids.ts';
import { FakeLedger } from '../../support/fake-ledger.ts';
import { FakeLog } from '../../support/fake-log.ts';
import { FakeOutbox } from '../../support/fake-outbox.ts';
import { FakeOwners } from '../../support/fake-owners.ts';

export const ci = parseUserName('ci-deploy');
export const cron = parseUserName('cron');
export const bob = parseUserName('bob');
export const stray = parseUserName('stray');
export const payments = anOwner({ slackChannel: '#payments' });
export const search = anOwner({ id: parseOwnerId('search'), name: 'Search', email: 'search@example.com' });

let made = 0;

/** An event of its own, with its own key, about the user (or the account): one minute before the clock's noon. */
export function about<T extends HistoryEvent['type']>(
  userName: UserName | undefined,
  type: T,
  overrides: Parameters<typeof anEvent<T>>[1] = {},
): HistoryEvent {
  made += 1;
  const { time = '2026-01-01T11:59:00.000Z' } = overrides;
  const event = anEvent(type, { id: eventId(at(time), made), time, keyId: keyId(made), ...overrides });
  const { userName: _, userId: __, userPath: ___, keyId: ____, ...head } = event;
  return userName === undefined ? head : { ...event, userName };
}

type ChannelName = 'sns' | 'slack' | 'operators';

/** Payments (Slack and mail) owns ci-deploy and cron, Search (mail) owns bob; nobody owns stray. */
export async function deployment({ slack: hasSlack = true }: { readonly slack?: boolean } = {}) {
  const calls = new Calls();
  const owners = new FakeOwners(calls);
  const ledger = new FakeLedger(calls);
  const outbox = new FakeOutbox(calls);
  const log = new FakeLog();
  const clock = new FakeClock('2026-01-01T12:00:00.000Z');
  const channels = {
    sns: new FakeChannel('sns', calls),
    slack: new FakeChannel('slack', calls),
    operators: new FakeChannel('operators-topic', calls),
  };
  for (const owner of [payments, search]) await owners.putOwner(owner);
  await owners.putAssignment(anAssignment({ match: { kind: 'user', userName: ci } }));
  await owners.putAssignment(anAssignment({ match: { kind: 'name', pattern: 'cron*' } }));
  await owners.putAssignment(anAssignment({ match: { kind: 'user', userName: bob }, ownerId: search.id }));
  const world: DeliverWorld & NotifyWorld = {
    owners,
    history: ledger,
    outbox,
    ids: new FakeIds(),
    clock,
    log,
    channels: {
      sns: channels.sns,
      'operators-topic': channels.operators,
      ...(hasSlack && { slack: channels.slack }),
    },
  };
  const down = (channel: ChannelName, times = Number.POSITIVE_INFINITY) =>
    calls.failOn(`channel.${channels[channel].name}`, {
      when: 'before',
      error: new UnavailableError(`${channel} answered 503.`),
      times,
    });
  let ticks = 0;
  /** One invocation of `deliver`, so many minutes later; other than `done` is not expected here. */
  const tick = async (minutes = 0, overrides: Partial<DeliverWorld> = {}) => {
    clock.advance(minutes * MINUTE);
    ticks += 1;
    const invocation = { holder: `tick-${ticks}`, deadline: clock.now() + 4 * MINUTE };
    const delivered: Delivered = await deliver({ ...world, ...overrides }, invocation);
    if (delivered.kind !== 'done') throw new Error('another tick has the lease');
    return delivered;
  };
  /** The stream brings these events. Answers with those that it is to bring again. */
  const happens = (...events: readonly HistoryEvent[]) => notify(world, events);
  return {
    ...{ world, calls, owners, ledger, outbox, log, clock, down, tick, happens },
    ...channels,
    /** The stream brings these events, and a quarter of an hour later they are told. Answers with what is not. */
    async tell(
      events: readonly HistoryEvent[],
      overrides: Partial<DeliverWorld> = {},
    ): Promise<readonly HistoryEvent[]> {
      const again = new Set<EventId>((await happens(...events)).map(({ id }) => id));
      const { untold } = await tick(15, overrides);
      return events.filter(({ id }) => again.has(id) || untold.includes(id));
    },
  };
}

/** IDs, as receipts list them. */
export const ids = (...events: readonly HistoryEvent[]) => events.map(({ id }) => id);

/** Whom a channel told, in order. */
export const toldBy = ({ sent }: { readonly sent: readonly OutgoingNotice[] }): readonly (Owner | 'operators')[] =>
  sent.map(({ to }) => to);

/** The clock's time, as people write it. */
export const timeOf = (clock: FakeClock): string => toIso(clock.now());
