import type { EventDetails, EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import {
  parseAccessKeyId,
  parseAccountId,
  parseEventId,
  parseOwnerId,
  parseRotationId,
  parseRunId,
  parseUserId,
  parseUserName,
} from '../../lambda/domain/ids.ts';
import { fromIso, toIso } from '../../lambda/domain/time.ts';

const START = fromIso('2026-01-01T06:17:00.000Z');
/** Between two events: a million of them take half a year. */
const STEP_MS = 15_000;
/** Every so many events the same user's turn comes. */
export const USERS = 5_000;
const POLICY = { rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 } as const;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID of that instant and that number, made without a random part so that the same history can be told again. */
function ulid(at: number, n: number): string {
  let [time, rest, text, tail] = [at, n, '', ''];
  for (let digit = 0; digit < 10; digit += 1) {
    text = ALPHABET[time % 32] + text;
    time = Math.floor(time / 32);
  }
  for (let digit = 0; digit < 16; digit += 1) {
    tail = ALPHABET[rest % 32] + tail;
    rest = Math.floor(rest / 32);
  }
  return text + tail;
}

const digits = (n: number, length: number): string => String(n).padStart(length, '0');

/** The n-th event of a history that is as long as wished, in the order and of the size of a real one. */
export function eventNumber(n: number): HistoryEvent {
  const at = START + n * STEP_MS;
  const user = n % USERS;
  const account = parseAccountId(String(500_000_000_000 + (user % 50)));
  const userName = parseUserName(`service-${digits(user, 4)}`);
  const keyId = parseAccessKeyId(`AKIAFAKE${digits(n, 12)}`);
  const rotationId = parseRotationId(ulid(at - 1_000, n));
  const later = toIso(at + 864_000_000);
  const about = [parseEventId(ulid(at - 60_000, n))];
  const tell = <T extends EventType>(type: T, details: EventDetails[T]): HistoryEvent =>
    ({
      id: parseEventId(ulid(at, n)),
      time: toIso(at),
      runId: parseRunId(`run-${toIso(at).slice(0, 10)}`),
      type,
      account,
      userName,
      userId: parseUserId(`AIDAFAKE${digits(user, 13)}`),
      userPath: '/services/',
      keyId,
      actor: 'keyturn',
      mode: 'enforce',
      policy: POLICY,
      details,
      // The compiler does not see that `type` and `details` come from the same T.
    }) as HistoryEvent;
  switch (n % 6) {
    case 0:
      return tell('rotation-intended', { rotationId });
    case 1:
      return tell('key-published', { rotationId, replaces: keyId, secretName: `keyturn/${account}/${userName}` });
    case 2:
      return tell('key-replaced', {
        rotationId,
        incomingKeyId: keyId,
        secretName: `keyturn/${account}/${userName}`,
        secretArn: `arn:aws:secretsmanager:eu-west-1:${account}:secret:keyturn/${account}/${userName}-AbCdEf`,
        secretRegion: 'eu-west-1',
        disableAt: later,
        deleteAt: later,
      });
    case 3:
      return tell('notice-delivered', { about, channel: 'slack', to: parseOwnerId(`team-${user % 500}`) });
    case 4:
      return tell('key-disabled', { by: 'keyturn', why: 'rotated', deleteAt: later, successorKeyId: keyId });
    default:
      return tell('key-deleted', { by: 'keyturn', why: 'rotated' });
  }
}
