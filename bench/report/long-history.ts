import { encodeTime } from 'ulid';
import type { EventDetails, EventHead, EventType, HistoryEvent, InventoriedUser } from '../../lambda/domain/events.ts';
import {
  type AccountId,
  type EventId,
  parseAccessKeyId,
  parseAccountId,
  parseEventId,
  parseOwnerId,
  parseRotationId,
  parseRunId,
  parseUserId,
  parseUserName,
} from '../../lambda/domain/ids.ts';
import { DAY, type Instant, MINUTE, toIso } from '../../lambda/domain/time.ts';

export interface Estate {
  readonly accounts: number;
  readonly usersPerAccount: number;
  readonly policy: {
    readonly rotateAfterDays: number;
    readonly disableAfterDays: number;
    readonly deleteAfterDays: number;
  };
}

const WARNING_DAYS = 14;
const ADOPTED_AFTER = [0, 1, 1, 2, 4, 6, 9] as const;

/**
 * The history of an organisation whose users all have one key, each replaced in its turn, with all that daily sweeps and
 * notices record; oldest first, made as it is read. The same estate has the same history every time.
 */
export function* longHistory(estate: Estate, from: Instant, days: number): Generator<HistoryEvent> {
  const writer = new Writer(estate);
  const accounts = Array.from({ length: estate.accounts }, (_, n) => parseAccountId(String(100_000_000_000 + n)));
  for (let day = 0; day < days; day += 1) {
    writer.now = from + day * DAY + 6 * 60 * MINUTE;
    writer.runId = parseRunId(`run-${toIso(writer.now).slice(0, 10)}`);
    yield writer.event('run-started', accounts[0] ?? parseAccountId('100000000000'), {
      part: { number: 1, of: 1 },
      expectedAccounts: accounts,
      enforcingAccounts: [],
      skippedAccounts: [],
    });
    for (const [place, account] of accounts.entries()) yield* sweep(writer, estate, account, place, day);
  }
}

function* sweep(
  writer: Writer,
  estate: Estate,
  account: AccountId,
  place: number,
  day: number,
): Generator<HistoryEvent> {
  // One account in 200 has no users, and is closed to Keyturn on some days.
  const isEmpty = place % 200 === 7;
  if (isEmpty && day % 11 === 3) {
    yield writer.event('sweep-failed', account, { reason: 'no-access', error: 'The member role cannot be assumed.' });
    return;
  }
  if ((day + place) % 7 === 0 || day === 0)
    yield writer.event('inventory-taken', account, inventory(writer, estate, place, day));
  for (let user = 0; user < (isEmpty ? 0 : estate.usersPerAccount); user += 1) {
    yield* dayOf(writer, estate, account, place * estate.usersPerAccount + user, day);
  }
  yield writer.event('sweep-finished', account, {
    part: 1,
    users: estate.usersPerAccount,
    keys: estate.usersPerAccount,
    rootKeys: 0,
    steps: {},
    failed: 0,
    failures: [],
  });
}

/** How old the current key of a user is on a day, and which one in a row it is. */
function keyOn(estate: Estate, user: number, day: number): { readonly nth: number; readonly age: number } {
  const since = day + 1 + ((user * 37) % estate.policy.rotateAfterDays);
  return { nth: Math.floor(since / estate.policy.rotateAfterDays), age: since % estate.policy.rotateAfterDays };
}

const keyIdOf = (user: number, nth: number) =>
  parseAccessKeyId(`AKIAFAKE${String(user).padStart(8, '0')}${String(nth).padStart(4, '0')}`);
const nameOf = (user: number) => parseUserName(`${['ci', 'app', 'etl', 'backup'][user % 4]}-${user}`);
const userIdOf = (user: number) => parseUserId(`AIDAFAKE${String(user).padStart(13, '0')}`);

function* dayOf(
  writer: Writer,
  { policy }: Estate,
  account: AccountId,
  user: number,
  day: number,
): Generator<HistoryEvent> {
  const { nth, age } = keyOn({ accounts: 1, usersPerAccount: 1, policy }, user, day);
  const about = { userName: nameOf(user), userId: userIdOf(user), userPath: '/' };
  const of = (keyId: number) => ({ ...about, keyId: keyIdOf(user, keyId) });
  const retires = policy.disableAfterDays - policy.rotateAfterDays;
  const ends = retires + policy.deleteAfterDays - policy.disableAfterDays;
  const rotationId = parseRotationId(`01FAKE${String(user).padStart(12, '0')}${String(nth).padStart(8, '0')}`);
  if (age === policy.rotateAfterDays - WARNING_DAYS) {
    const rotateAt = toIso(writer.now + WARNING_DAYS * DAY);
    yield* writer.told('rotation-upcoming', account, { rotateAt, thresholdDays: WARNING_DAYS }, of(nth));
  }
  if (nth === 0) return;
  if (age === 0) {
    const secretName = `keyturn/${account}/${about.userName}`;
    yield writer.event('rotation-intended', account, { rotationId }, of(nth - 1));
    yield writer.event('key-published', account, { rotationId, replaces: keyIdOf(user, nth - 1), secretName }, of(nth));
    const dates = { disableAt: toIso(writer.now + retires * DAY), deleteAt: toIso(writer.now + ends * DAY) };
    const replaced = {
      rotationId,
      incomingKeyId: keyIdOf(user, nth),
      secretName,
      secretRegion: 'eu-central-1',
      ...dates,
    };
    yield* writer.told('key-replaced', account, replaced, of(nth - 1));
  }
  if (age === (ADOPTED_AFTER[user % ADOPTED_AFTER.length] ?? 0) + 1 && user % 13 !== 0) {
    const lastUse = { at: toIso(writer.now - DAY), service: 's3', region: 'eu-central-1' };
    const disableAt = toIso(writer.now + retires * DAY);
    yield writer.event('key-adopted', account, { replaces: keyIdOf(user, nth - 1), lastUse, disableAt }, of(nth));
  }
  // A few are held up.
  if (age === retires && user % 97 === 0) {
    yield writer.event('step-waiting', account, { step: 'disable', reason: 'window-closed' }, of(nth - 1));
  }
  if (age === retires + (user % 97 === 0 ? 3 : 0)) {
    const deleteAt = toIso(writer.now + (ends - retires) * DAY);
    yield writer.event('disable-intended', account, {}, of(nth - 1));
    yield* writer.told('key-disabled', account, { by: 'keyturn', why: 'rotated', deleteAt }, of(nth - 1));
  }
  if (age === ends + (user % 97 === 0 ? 3 : 0)) {
    yield writer.event('delete-intended', account, {}, of(nth - 1));
    yield* writer.told('key-deleted', account, { by: 'keyturn', why: 'rotated' }, of(nth - 1));
  }
}

function inventory(writer: Writer, estate: Estate, place: number, day: number): EventDetails['inventory-taken'] {
  const { policy, usersPerAccount } = estate;
  const retires = policy.disableAfterDays - policy.rotateAfterDays;
  const ends = policy.deleteAfterDays - policy.rotateAfterDays;
  const users = Array.from({ length: place % 200 === 7 ? 0 : usersPerAccount }, (_, n): InventoriedUser => {
    const user = place * usersPerAccount + n;
    // As the sweep finds them, before it does what is due.
    const { nth, age } = keyOn(estate, user, day - 1);
    const hold = user % 97 === 0 ? 3 : 0;
    const current = {
      keyId: keyIdOf(user, nth),
      createdAt: toIso(writer.now - (age + 1) * DAY),
      status: 'Active',
    } as const;
    if (nth === 0 || age >= ends + hold) return { userName: nameOf(user), userId: userIdOf(user), keys: [current] };
    const status = age >= retires + hold ? 'Inactive' : 'Active';
    const createdAt = toIso(writer.now - (age + 1 + policy.rotateAfterDays) * DAY);
    const outgoing = { keyId: keyIdOf(user, nth - 1), createdAt, status } as const;
    return { userName: nameOf(user), userId: userIdOf(user), keys: [outgoing, current] };
  });
  return { part: { number: 1, of: 1 }, startedAt: toIso(writer.now), users, unread: [] };
}

/** Writes events with rising IDs. */
class Writer {
  now: Instant = 0;
  runId: EventHead['runId'] & string = parseRunId('run-none');
  readonly #policy: Estate['policy'];
  #count = 0;

  constructor({ policy }: Estate) {
    this.#policy = policy;
  }

  event<T extends EventType>(
    type: T,
    account: AccountId,
    details: EventDetails[T],
    about: Partial<EventHead> = {},
  ): HistoryEvent {
    const head = {
      id: this.#id(),
      time: toIso(this.now),
      runId: this.runId,
      account,
      actor: 'keyturn',
      mode: 'enforce',
    };
    // The compiler does not see that `type` and `details` come from the same T.
    return { ...head, ...about, policy: this.#policy, type, details } as HistoryEvent;
  }

  /** The event, and the receipt of its notice. */
  *told<T extends EventType>(
    type: T,
    account: AccountId,
    details: EventDetails[T],
    about: Partial<EventHead>,
  ): Generator<HistoryEvent> {
    const event = this.event(type, account, details, about);
    yield event;
    const { keyId: _, ...user } = about;
    const receipt = { about: [event.id], channel: 'slack', to: parseOwnerId('payments') } as const;
    yield this.event('notice-delivered', account, receipt, user);
  }

  #id(): EventId {
    this.#count += 1;
    return parseEventId(encodeTime(this.now, 10) + String(this.#count).padStart(16, '0'));
  }
}
