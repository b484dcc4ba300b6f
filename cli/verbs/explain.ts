import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, EventId, UserName } from '../../lambda/domain/ids.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { CommandError } from '../errors.ts';
import type { Session } from '../session.ts';

type Receipt = HistoryEvent<'notice-delivered' | 'notice-failed'>;

/** One thing that happened to a key, and who was told of it. */
export interface Chapter {
  readonly event: HistoryEvent;
  /** Oldest first; failed ones too. */
  readonly receipts: readonly Receipt[];
}

/** One key's story, from history alone. */
export interface KeyStory {
  readonly keyId: AccessKeyId;
  readonly account: AccountId;
  readonly userName: UserName;
  /** Oldest first. */
  readonly chapters: readonly Chapter[];
}

/** What befalls a user as a whole, and so each of its keys. */
const ofTheUser = new Set<HistoryEvent['type']>([
  'user-blocked',
  'user-unblocked',
  'user-gone',
  'user-replaced',
  'exemption-granted',
  'exemption-revoked',
  'exemption-ending',
  'exemption-ended',
]);

/** Tells one key's story. Throws CommandError when history has never heard of the key. */
export async function explainKey({ history }: Pick<Session, 'history'>, keyId: AccessKeyId): Promise<KeyStory> {
  const own: HistoryEvent[] = [];
  for await (const event of history.query({ by: { kind: 'key', keyId } })) own.push(event);
  const [first] = own;
  const named = own.find(({ userName }) => userName !== undefined);
  if (first === undefined || named?.userName === undefined) {
    throw new CommandError(
      `History knows nothing of key ${keyId}: check the ID. A key that nothing has happened to yet is in ` +
        "'keyturn status' alone.",
    );
  }
  const { account, userName } = named;
  const last = own.at(-1) ?? first;
  const receipts: Receipt[] = [];
  const around: HistoryEvent[] = [];
  for await (const event of history.query({ by: { kind: 'user', account, userName }, since: fromIso(first.time) })) {
    if (event.type === 'notice-delivered' || event.type === 'notice-failed') receipts.push(event);
    // Once the key is gone, what befalls its user is no longer its story.
    else if (ofTheUser.has(event.type) && (last.type !== 'key-deleted' || event.id < last.id)) around.push(event);
  }
  const told = [...own.filter(({ type }) => type !== 'notice-delivered' && type !== 'notice-failed'), ...around];
  const chapters = told
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((event): Chapter => ({ event, receipts: receipts.filter(isAbout(event.id)) }));
  return { keyId, account, userName, chapters };
}

const isAbout = (id: EventId) => (receipt: Receipt) => receipt.details.about.includes(id);
