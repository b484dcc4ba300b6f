/** What people do while Keyturn does its work: before day 0, and on certain days after the day's run. */
import type { Instant } from '../../lambda/domain/time.ts';
import { defaultRegion, type Emulator } from '../emulator.ts';
import { at } from './calendar.ts';
import { type CastMember, cast } from './cast.ts';
import type { Delivery } from './deliveries.ts';
import type { CommandResult, KeyturnCommand } from './keyturn-command.ts';
import { fetchCommandIn, type People } from './people.ts';

export interface Happening {
  readonly at: Instant;
  /** What happens, for the reader of the demo; absent for the making of old keys. */
  readonly told?: string;
  /** Not in observe mode, where there is nothing to react to. */
  readonly onlyIfEnforced?: true;
  /** It asks Keyturn for something: a run for the one account follows at once. */
  readonly startsRun?: true;
  act(world: HappeningWorld): Promise<unknown>;
}

export interface HappeningWorld {
  readonly emulator: Emulator;
  readonly people: People;
  readonly deliveries: readonly Delivery[];
  /** As a person of the platform team runs it. */
  readonly keyturn: (...args: readonly string[]) => Promise<CommandResult>;
  /** As owners run it. */
  readonly ownersKeyturn: Pick<KeyturnCommand, 'runAtHome'>;
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
    told: "build-bot's owner runs `keyturn pull`, as the Slack notice says, with nothing but the old key",
    onlyIfEnforced: true,
    async act({ people, deliveries, ownersKeyturn }) {
      const old = people.key('build-bot', 'only');
      await people.pull(ownersKeyturn, noticeAbout(deliveries, 'web', old.keyId), old);
    },
  },
  ...[94, 98].map(
    (day): Happening => ({
      at: at(day, 22),
      told: `mobile-backend goes on with its old key (day ${day})`,
      onlyIfEnforced: true,
      act: ({ people, emulator }) =>
        emulator.setLastUsed(people.key('mobile-backend', 'only').keyId, {
          date: new Date(at(day, 22)),
          service: 's3',
          region: 'eu-west-1',
        }),
    }),
  ),
  {
    at: at(101, 9),
    told: 'mobile-backend has stopped; the platform team gives its owner 48 hours with `keyturn restore`',
    onlyIfEnforced: true,
    startsRun: true,
    act: ({ people, keyturn }) =>
      keyturn(
        ...['restore', '--key', people.key('mobile-backend', 'only').keyId, '--for', '48h'],
        ...['--reason', 'the app is down; its team installs the new key today'],
      ),
  },
  {
    at: at(102, 15),
    told: "mobile-backend's owner fetches the new key with the AWS CLI command in the notice, and the old key",
    onlyIfEnforced: true,
    async act({ people, deliveries }) {
      const old = people.key('mobile-backend', 'only');
      const [notice] = deliveries.filter(({ to, text }) => to === 'mobile' && text.includes('get-secret-value'));
      await people.fetch(fetchCommandIn(notice?.text ?? ''), old);
    },
  },
];

/** The last message in an owner's Slack channel that is about this key. */
function noticeAbout(deliveries: readonly Delivery[], owner: string, keyId: string): string {
  const found = deliveries.filter(
    ({ channel, to, text }) => channel === 'slack' && to === owner && text.includes(keyId),
  );
  return found.at(-1)?.text ?? '';
}
