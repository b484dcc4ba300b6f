import type { HistoryEvent } from '../../lambda/domain/events.ts';
import {
  type AccountId,
  type OwnerId,
  parseAccessKeyId,
  parseAccountId,
  parseOwnerId,
  parseRunId,
  parseUserId,
  parseUserName,
} from '../../lambda/domain/ids.ts';
import type { Assignment, Owner } from '../../lambda/domain/owners.ts';
import { presets } from '../../lambda/domain/policy.ts';
import { secretNameOf } from '../../lambda/domain/secret-name.ts';
import { DAY, type Instant, toIso } from '../../lambda/domain/time.ts';
import type { Ids } from '../../lambda/ports.ts';

/** How many there are of what. */
export interface Estate {
  readonly owners: number;
  readonly keysOfEach: number;
  /** Slack channels that half of the owners share; the others have a direct message each. */
  readonly channels: number;
}

const ACCOUNTS = 10;
const { rotateAfterDays, disableAfterDays, deleteAfterDays } = presets.default;
const accountOf = (at: number): AccountId => parseAccountId(String(100_000_000_001 + (at % ACCOUNTS)));
export const ownerIdOf = (owner: number): OwnerId => parseOwnerId(`owner-${owner}`);
/** Owners of even numbers share the channels, evenly. */
export const channelOf = (owner: number, { channels }: Estate): string => `#team-${Math.floor(owner / 2) % channels}`;
const userNameOf = (owner: number, key: number): string => `service-${owner}-${key}`;
/** Of the outgoing key; the incoming one has another first digit. */
const keyIdOf = (lead: number, owner: number, key: number): string =>
  `AKIAFAKE${lead}${String(owner * 1_000 + key).padStart(11, '0')}`;

/** Each is reached by Slack, by e-mail over SNS, and by a webhook. */
export const ownersOf = (estate: Estate): readonly Owner[] =>
  Array.from({ length: estate.owners }, (_, at): Owner => {
    const id = ownerIdOf(at);
    const slack = at % 2 === 0 ? { slackChannel: channelOf(at, estate) } : { slackUser: `U${1_000_000 + at}` };
    return {
      id,
      name: `Team ${at}`,
      email: `team-${at}@example.com`,
      webhook: id,
      timeZone: 'Europe/Berlin',
      ...slack,
    };
  });

export const assignmentsOf = ({ owners }: Estate): readonly Assignment[] =>
  Array.from({ length: owners }, (_, at): Assignment => {
    return { account: '*', match: { kind: 'name', pattern: `service-${at}-*` }, ownerId: ownerIdOf(at) };
  });

/** The key IDs that have to be told, each exactly once over each channel. */
export const outgoingKeysOf = ({ owners, keysOfEach }: Estate): readonly string[] =>
  Array.from({ length: owners * keysOfEach }, (_, at) => keyIdOf(1, Math.floor(at / keysOfEach), at % keysOfEach));

/** One run that rotates every key of everybody; the keys of an owner are spread over the accounts, as runs find them. */
export function rotations(estate: Estate, ids: Pick<Ids, 'event' | 'rotation'>, at: Instant): readonly HistoryEvent[] {
  const keys = Array.from({ length: estate.keysOfEach }, (_, key) => key);
  const owners = Array.from({ length: estate.owners }, (_, owner) => owner);
  return keys.flatMap((key) => owners.map((owner) => rotation(ids, at, owner, key)));
}

function rotation(
  ids: Pick<Ids, 'event' | 'rotation'>,
  at: Instant,
  owner: number,
  key: number,
): HistoryEvent<'key-replaced'> {
  const account = accountOf(key);
  const userName = parseUserName(userNameOf(owner, key));
  return {
    id: ids.event(at),
    time: toIso(at),
    runId: parseRunId('run-bench'),
    account,
    userName,
    userId: parseUserId(`AIDAFAKE${String(owner * 1_000 + key).padStart(12, '0')}`),
    userPath: '/',
    keyId: parseAccessKeyId(keyIdOf(1, owner, key)),
    actor: 'keyturn',
    mode: 'enforce',
    policy: { rotateAfterDays, disableAfterDays, deleteAfterDays },
    type: 'key-replaced',
    details: {
      rotationId: ids.rotation(at),
      incomingKeyId: parseAccessKeyId(keyIdOf(2, owner, key)),
      secretName: secretNameOf(account, userName),
      secretRegion: 'eu-central-1',
      disableAt: toIso(at + 10 * DAY),
      deleteAt: toIso(at + 20 * DAY),
      lastUse: { at: toIso(at - DAY), service: 's3', region: 'eu-central-1' },
    },
  };
}
