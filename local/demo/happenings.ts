/** What people do while Keyturn does its work: before day 0, and on certain days after the day's run. */
import type { Instant } from '../../lambda/domain/time.ts';
import { defaultRegion, type Emulator } from '../emulator.ts';
import { at } from './calendar.ts';
import { type CastMember, cast } from './cast.ts';
import type { Delivery } from './deliveries.ts';
import { fetchCommandIn, type People } from './people.ts';

export interface Happening {
  readonly at: Instant;
  /** What happens, for the reader of the demo; absent for the making of old keys. */
  readonly told?: string;
  /** Not in observe mode, where there is nothing to react to. */
  readonly onlyIfEnforced?: true;
  act(world: HappeningWorld): Promise<unknown>;
}

export interface HappeningWorld {
  readonly emulator: Emulator;
  readonly people: People;
  readonly deliveries: readonly Delivery[];
}

/** Makes the users and their old keys, oldest first, each at its time. */
export function past(): readonly Happening[] {
  const happenings = cast.flatMap((member) => {
    const keys = member.keys.filter((key) => key.createdDay <= 0);
    const first = Math.min(...keys.map((key) => key.createdDay));
    const join: Happening = { at: at(first, 6), act: ({ people }) => people.createUser(member) };
    return [join, ...keys.flatMap((key) => pastOfKey(member, key))];
  });
  return happenings.toSorted((a, b) => a.at - b.at);
}

function pastOfKey({ userName }: CastMember, key: CastMember['keys'][number]): Happening[] {
  const { name, createdDay, deactivatedDay, lastUsedDay } = key;
  const create: Happening = { at: at(createdDay, 6, 1), act: ({ people }) => people.createKey(userName, name) };
  const deactivate = ({ people }: HappeningWorld) =>
    people.setStatus(userName, people.key(userName, name).keyId, 'Inactive');
  const use = ({ emulator, people }: HappeningWorld) => {
    const date = new Date(at(lastUsedDay ?? 0, 6, 2));
    return emulator.setLastUsed(people.key(userName, name).keyId, { date, service: 's3', region: defaultRegion });
  };
  return [
    create,
    ...(deactivatedDay === undefined ? [] : [{ at: at(deactivatedDay, 6), act: deactivate }]),
    ...(lastUsedDay === undefined ? [] : [{ at: at(lastUsedDay, 6, 2), act: use }]),
  ];
}

/** What owners do while the 125 days pass. */
export const ownerActions: readonly Happening[] = [
  {
    at: at(5, 9),
    told: 'an administrator deletes ci-runner and creates a new user of the same name',
    async act({ people }) {
      await people.deleteUser('ci-runner');
      await people.createUser({ userName: 'ci-runner', path: '/platform/' });
      await people.createKey('ci-runner', 'hand-made');
    },
  },
  {
    at: at(7, 9),
    told: 'the owner of data-science makes a new key by hand',
    act: ({ people }) => people.createKey('data-science', 'hand-made'),
  },
  {
    at: at(12, 9),
    told: "nightly-report's owner missed the notices and makes the disabled key Active again",
    onlyIfEnforced: true,
    act: ({ people }) => people.setStatus('nightly-report', people.key('nightly-report', 'only').keyId, 'Active'),
  },
  {
    at: at(90, 9),
    told: "build-bot's owner fetches the new key with the command in the Slack notice and the old key",
    onlyIfEnforced: true,
    async act({ people, deliveries }) {
      const old = people.key('build-bot', 'only');
      const notices = deliveries.filter(({ channel, to, text }) => {
        return channel === 'slack' && to === 'web' && text.includes(old.keyId);
      });
      await people.fetch(fetchCommandIn(notices.at(-1)?.text ?? ''), old);
    },
  },
];
