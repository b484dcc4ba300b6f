/** What is on record of one key: read by key, user and account, so that it costs the same in a table of any size. */
import type { EventType, HistoryEvent } from '../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, EventId, UserName } from '../lambda/domain/ids.ts';
import type { History, HistoryQuery } from '../lambda/ports.ts';
import { accountsOnRecord } from './accounts-on-record.ts';
import { accountTypes, exemptionTypes } from './rebuilt-past.ts';
import type { Session } from './session.ts';

/** A user whose key it is, or was. */
export interface Holder {
  readonly account: AccountId;
  readonly userName: UserName;
}

export interface KeyRecord {
  /** Whose it is by the last thing on record. */
  readonly holder: Holder;
  /** All that may be about the key, its user or all users of the account, oldest first. Inventories list this user alone. */
  readonly events: readonly HistoryEvent[];
}

/** Who was told of it: also of what concerns an account as a whole, such as an exemption by pattern. */
const receiptTypes = ['notice-delivered', 'notice-failed'] as const;

/** Undefined: neither an event nor an inventory of these accounts names the key. */
export async function recordOf(
  { history, deployment }: Pick<Session, 'history' | 'deployment'>,
  keyId: AccessKeyId,
  findHolder: () => Promise<Holder | undefined>,
): Promise<KeyRecord | undefined> {
  const found = new Map<EventId, HistoryEvent>();
  const read = async (by: HistoryQuery['by'], types?: readonly EventType[]) => {
    for await (const event of history.query({ by, ...(types && { types }) })) found.set(event.id, event);
  };
  await read({ kind: 'key', keyId });
  const own = [...found.values()].toSorted(byId);
  const holders = holdersIn(own);
  // Who asks for something may name any key and any user: whose it is an inventory has to say then.
  const listed = own.every(({ type }) => type.startsWith('request-')) ? await findHolder() : undefined;
  if (listed !== undefined) holders.push(listed);
  const holder = holders.at(-1);
  if (holder === undefined) return undefined;
  const { hub } = deployment.settings;
  for (const account of new Set(holders.map((one) => one.account))) {
    await read({ kind: 'account-alone', account }, [...accountTypes, ...receiptTypes]);
    // What is exempt in all accounts is on record in the hub, under the name if it is one user's.
    if (account !== hub) await read({ kind: 'account-alone', account: hub }, [...exemptionTypes, ...receiptTypes]);
  }
  const everyHolder = holdersIn([...holders, ...listedHolders(found.values(), keyId)]);
  for (const { account, userName } of everyHolder) {
    await read({ kind: 'user', account, userName });
    if (account !== hub) await read({ kind: 'user', account: hub, userName }, [...exemptionTypes, ...receiptTypes]);
  }
  const names = new Set(everyHolder.map(({ userName }) => userName));
  const events = [...found.values()].map((event) => withoutOthers(event, names)).toSorted(byId);
  return { holder, events };
}

/** In whose name inventories list the key: only they know of a user's new name when nothing else has happened to it. */
function listedHolders(events: Iterable<HistoryEvent>, keyId: AccessKeyId): Holder[] {
  return [...events].flatMap((event): Holder[] => {
    if (event.type !== 'inventory-taken') return [];
    const { account, details } = event;
    return details.users
      .filter(({ keys }) => keys.some((key) => key.keyId === keyId))
      .map(({ userName }) => ({ account, userName }));
  });
}

/** The user in whose name an inventory lists the key; the newest one first. */
export async function holderInInventories(
  session: Pick<Session, 'history' | 'deployment' | 'clock'>,
  keyId: AccessKeyId,
  named: AccountId | undefined,
  say: (line: string) => void,
): Promise<Holder | undefined> {
  const accounts = named === undefined ? await everyAccount(session) : [named];
  for (const [index, account] of accounts.entries()) {
    if (accounts.length > 1) say(`Inventories of account ${index + 1} of ${accounts.length}: ${account}`);
    const userName = await listedIn(session.history, account, keyId);
    if (userName !== undefined) return { account, userName };
  }
  return undefined;
}

async function everyAccount(session: Pick<Session, 'history' | 'deployment' | 'clock'>): Promise<readonly AccountId[]> {
  const { hub } = session.deployment.settings;
  const found = await accountsOnRecord(session, session.clock.now());
  return [...new Set([hub, ...found.map(({ account }) => account)])];
}

async function listedIn(
  history: Pick<History, 'query'>,
  account: AccountId,
  keyId: AccessKeyId,
): Promise<UserName | undefined> {
  const types = ['inventory-taken'] as const;
  for await (const event of history.query({ by: { kind: 'account-alone', account }, types, order: 'newest-first' })) {
    if (event.type !== 'inventory-taken') continue;
    const user = event.details.users.find(({ keys }) => keys.some((key) => key.keyId === keyId));
    if (user !== undefined) return user.userName;
  }
  return undefined;
}

/** Everybody whose key it was by these events; a user that was given another name counts as two. */
function holdersIn(events: readonly Partial<Holder>[]): Holder[] {
  const holders = new Map<string, Holder>();
  for (const { account, userName } of events) {
    if (account === undefined || userName === undefined) continue;
    const place = `${account}/${userName}`;
    holders.delete(place);
    holders.set(place, { account, userName });
  }
  return [...holders.values()];
}

/** An inventory of thousands of users, without those who do not matter here. */
function withoutOthers(event: HistoryEvent, names: ReadonlySet<UserName>): HistoryEvent {
  if (event.type !== 'inventory-taken') return event;
  const users = event.details.users.filter(({ userName }) => names.has(userName));
  return { ...event, details: { ...event.details, users } };
}

const byId = (a: HistoryEvent, b: HistoryEvent): number => (a.id < b.id ? -1 : 1);
