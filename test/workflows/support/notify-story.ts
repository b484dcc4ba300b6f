import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { parseOwnerId, parseUserName, type UserName } from '../../../lambda/domain/ids.ts';
import { UnavailableError } from '../../../lambda/ports.ts';
import type { NotifyWorld } from '../../../lambda/workflows/notify.ts';
import { anAssignment, anEvent, anOwner, at, eventId, keyId } from '../../support/builders.ts';
import { Calls } from '../../support/calls.ts';
import { FakeChannel } from '../../support/fake-channel.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeIds } from '../../support/fake-ids.ts';
import { FakeLedger } from '../../support/fake-ledger.ts';
import { FakeLog } from '../../support/fake-log.ts';
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
  const time = '2026-01-01T11:59:00.000Z';
  const event = anEvent(type, { id: eventId(at(time), made), time, keyId: keyId(made), ...overrides });
  const { userName: _, userId: __, userPath: ___, keyId: ____, ...head } = event;
  return userName === undefined ? head : { ...event, userName };
}

/** Payments (Slack and mail) owns ci-deploy and cron, Search (mail) owns bob; nobody owns stray. */
export async function deployment({ slack = true }: { readonly slack?: boolean } = {}) {
  const calls = new Calls();
  const owners = new FakeOwners(calls);
  const ledger = new FakeLedger(calls);
  const log = new FakeLog();
  const channels = {
    sns: new FakeChannel('sns', calls),
    slack: new FakeChannel('slack', calls),
    operators: new FakeChannel('operators-topic', calls),
  };
  for (const owner of [payments, search]) await owners.putOwner(owner);
  await owners.putAssignment(anAssignment({ match: { kind: 'user', userName: ci } }));
  await owners.putAssignment(anAssignment({ match: { kind: 'name', pattern: 'cron*' } }));
  await owners.putAssignment(anAssignment({ match: { kind: 'user', userName: bob }, ownerId: search.id }));
  const { slack: withSlack, ...others } = channels;
  const world: NotifyWorld = {
    owners,
    history: ledger,
    ids: new FakeIds(),
    clock: new FakeClock('2026-01-01T12:00:00.000Z'),
    log,
    channels: slack ? { ...others, slack: withSlack } : others,
  };
  const down = (channel: keyof typeof channels, times = 99) =>
    calls.failOn(`channel.${channels[channel].name}`, {
      when: 'before',
      error: new UnavailableError(`${channel} answered 503.`),
      times,
    });
  return { world, calls, owners, ledger, log, down, ...channels };
}

/** IDs, as receipts list them. */
export const ids = (...events: readonly HistoryEvent[]) => events.map(({ id }) => id);
