import type { HistoryEvent, InventoriedUser, Mode, PolicyInForce } from '../events.ts';
import type { AccessKeyId, AccountId, EventId, UserName } from '../ids.ts';
import type { Instant } from '../time.ts';
import { ExemptionsPast } from './exemption-past.ts';
import { foldKey } from './fold-key.ts';
import { type Announcement, isReal, type KeyPast, type Mark, setCreated, setStatus } from './key-past.ts';
import { OpenInventories } from './open-inventories.ts';
import { instantOf } from './recorded-time.ts';

/** What history knows of an account as a whole. */
export interface AccountPast {
  readonly account: AccountId;
  policy: PolicyInForce;
  mode: Mode;
  /** The last inventory whose parts are all there. */
  inventory?: Mark & { readonly startedAt: Instant; readonly unread: ReadonlySet<UserName> };
}

/** Receipts that are kept of one announcement: one for each channel there is would be six. */
const MOST_DELIVERIES = 6;

/**
 * Everything that history says of keys and their users, brought forward event by event, oldest first. It holds what keys
 * need and nothing per event. Keys that were gone before `horizon` are forgotten.
 */
export class Past {
  readonly keys: Map<AccessKeyId, KeyPast> = new Map();
  readonly accounts: Map<AccountId, AccountPast> = new Map();
  readonly exemptions: ExemptionsPast = new ExemptionsPast();
  readonly #horizon: Instant;
  /** Keys that are not gone, by account and user name. */
  readonly #present = new Map<AccountId, Map<UserName, KeyPast[]>>();
  readonly #blocked = new Set<string>();
  readonly #announcements = new Map<EventId, Announcement>();
  readonly #inventories = new OpenInventories();

  constructor(horizon: Instant = Number.NEGATIVE_INFINITY) {
    this.#horizon = horizon;
  }

  add(event: HistoryEvent): void {
    this.#noteAccount(event);
    switch (event.type) {
      case 'inventory-taken':
        this.#takeInventory(event);
        break;
      case 'notice-delivered':
        this.#deliver(event);
        break;
      case 'exemption-granted':
      case 'exemption-revoked':
        this.exemptions.add(event);
        break;
      default:
        if (event.userName !== undefined) this.#addOfUser(event, event.userName);
    }
  }

  #addOfUser(event: HistoryEvent, userName: UserName): void {
    const { account } = event;
    switch (event.type) {
      case 'user-gone':
        this.#end(userName, event, () => true);
        break;
      case 'user-replaced':
        this.#end(userName, event, ({ userId }) => userId === event.details.formerUserId);
        break;
      case 'user-blocked':
        this.#blocked.add(placeOf(account, userName));
        break;
      case 'user-unblocked':
        this.#blocked.delete(placeOf(account, userName));
        break;
      default:
        if (event.keyId !== undefined) this.#foldKey(event.keyId, userName, event);
    }
    if (event.type === 'key-adopted' && isReal(event)) {
      const retirement = this.keys.get(event.details.replaces)?.retirement;
      const mark = { at: instantOf(event.time), event: event.id };
      if (retirement !== undefined) retirement.adopted ??= { ...mark, use: event.details.lastUse };
    }
    // A rotation whose key was removed is over for the key that it was to replace.
    if (event.type === 'orphan-removed') for (const key of this.keysOf(account, userName)) delete key.rotating;
  }

  /** The keys of a user that are not gone. */
  keysOf(account: AccountId, userName: UserName): readonly KeyPast[] {
    return this.#present.get(account)?.get(userName) ?? [];
  }

  isBlocked({ account, userName }: Pick<KeyPast, 'account' | 'userName'>): boolean {
    return this.#blocked.has(placeOf(account, userName));
  }

  #noteAccount({ account, actor, mode, policy, type }: HistoryEvent): void {
    // A receipt is of whoever delivers, and the start of a run of the deployment: neither knows an account's wave.
    if (actor !== 'keyturn' || type === 'notice-delivered' || type === 'notice-failed' || type.startsWith('run-'))
      return;
    const known = this.accounts.get(account);
    if (known === undefined) this.accounts.set(account, { account, policy, mode });
    else {
      known.policy = policy;
      known.mode = mode;
    }
  }

  #foldKey(keyId: AccessKeyId, userName: UserName, event: HistoryEvent): void {
    const known = this.keys.get(keyId);
    if (known === undefined && (!isReal(event) || !tellsOfAKey(event))) return;
    const key = known ?? this.#begin(keyId, userName, event, statusWhenFound(event));
    const formerWarning = key.warned?.event;
    const announcement = foldKey(key, event);
    if (announcement === key.warned && formerWarning !== undefined) this.#announcements.delete(formerWarning);
    if (announcement !== undefined) this.#announcements.set(announcement.event, announcement);
    if (key.status === 'gone') this.#leave(key);
  }

  #begin(
    keyId: AccessKeyId,
    userName: UserName,
    { account, userId, userPath, time, id }: Pick<HistoryEvent, 'account' | 'userId' | 'userPath' | 'time' | 'id'>,
    status: KeyPast['status'] = 'Active',
  ): KeyPast {
    const seen = { at: instantOf(time), event: id };
    const key: KeyPast = {
      keyId,
      account,
      userName,
      ...(userId === undefined ? {} : { userId }),
      path: userPath ?? '/',
      status,
      since: seen.at,
      by: 'somebody',
      firstSeen: seen,
      lastSeen: seen,
      active: status === 'Active' ? [{ from: seen.at }] : [],
    };
    this.keys.set(keyId, key);
    const users = this.#present.get(account) ?? new Map<UserName, KeyPast[]>();
    this.#present.set(account, users);
    users.set(userName, [...(users.get(userName) ?? []), key]);
    return key;
  }

  /** Takes a key that is gone from its user, and forgets it unless it is of the time that is asked about. */
  #leave(key: KeyPast): void {
    const users = this.#present.get(key.account);
    const others = this.keysOf(key.account, key.userName).filter((one) => one !== key);
    if (others.length > 0) users?.set(key.userName, others);
    else users?.delete(key.userName);
    if (key.since >= this.#horizon) return;
    this.keys.delete(key.keyId);
    for (const { event } of key.retirement?.announcements ?? []) this.#announcements.delete(event);
    if (key.warned !== undefined) this.#announcements.delete(key.warned.event);
  }

  #end(userName: UserName, event: HistoryEvent, isMeant: (key: KeyPast) => boolean): void {
    const mark = { at: instantOf(event.time), event: event.id };
    for (const key of this.keysOf(event.account, userName)) {
      if (isMeant(key)) this.#part(key, mark);
    }
    this.#blocked.delete(placeOf(event.account, userName));
  }

  /** Ends the key under this name: its user is gone, or is called otherwise. */
  #part(key: KeyPast, mark: Mark): void {
    setStatus(key, 'gone', mark.at, 'somebody');
    key.lastSeen = mark;
    this.#leave(key);
  }

  #deliver({ id, time, details }: HistoryEvent<'notice-delivered'>): void {
    for (const about of details.about) {
      const deliveries = this.#announcements.get(about)?.deliveries;
      if (deliveries === undefined || deliveries.length >= MOST_DELIVERIES) continue;
      deliveries.push({ at: instantOf(time), event: id, channel: details.channel, to: details.to });
    }
  }

  /** Keys that the account's inventory does not list any more are gone, once all of its parts are there. */
  #takeInventory(event: HistoryEvent<'inventory-taken'>): void {
    const { account, details } = event;
    const { inventory, whole } = this.#inventories.add(event);
    const read: Mark = { at: inventory.startedAt, event: event.id };
    for (const user of details.users) this.#listUser(user, event, read);
    if (!whole) return;
    const { startedAt, listed, unread } = inventory;
    const known = this.accounts.get(account);
    if (known !== undefined) known.inventory = { at: instantOf(event.time), event: event.id, startedAt, unread };
    for (const key of [...(this.#present.get(account)?.values() ?? [])].flat()) {
      if (listed.has(key.keyId) || unread.has(key.userName) || key.lastSeen.at >= startedAt) continue;
      setStatus(key, 'gone', startedAt, 'somebody');
      this.#leave(key);
    }
  }

  #listUser({ userName, userId, path = '/', keys }: InventoriedUser, event: HistoryEvent, mark: Mark): void {
    for (const { keyId, createdAt, status } of keys) {
      const known = this.keys.get(keyId);
      // Its user's new name may be told before the end of the old one, which is then not the key's.
      if (known !== undefined && known.userName !== userName && known.lastSeen.at <= mark.at) this.#part(known, mark);
      // One that was gone and is listed again is there, such as that of a user with a new name.
      const isBack = known?.status === 'gone' && known.since <= mark.at;
      const key = known === undefined || isBack ? this.#begin(keyId, userName, event, status) : known;
      key.userId = userId;
      key.path = path;
      if (key.created?.from !== 'inventory') setCreated(key, { at: instantOf(createdAt), from: 'inventory' });
      if (key.status !== status && key.since <= mark.at) setStatus(key, status, mark.at, 'somebody');
      key.lastSeen = mark;
    }
  }
}

const placeOf = (account: AccountId, userName: UserName): string => `${account}/${userName}`;

/** What is asked for may name any key, and a receipt none; neither proves that there is such a key. */
const tellsOfAKey = ({ type }: HistoryEvent): boolean =>
  type !== 'request-made' && type !== 'request-refused' && type !== 'notice-failed';

/** A key that nothing was heard of before is Active, unless what is told of it says otherwise. */
const statusWhenFound = (event: HistoryEvent): 'Active' | 'Inactive' =>
  event.type === 'retirement-started' && event.details.disableAt === undefined ? 'Inactive' : 'Active';
