/** What the command line leaves behind: the request on record, and on the list. */
import type { AccessKeyId, UserName } from '../../../lambda/domain/ids.ts';
import type { Wish } from '../../../lambda/domain/requests.ts';
import { toIso } from '../../../lambda/domain/time.ts';
import type { Clock, History, ListedKey, Owners } from '../../../lambda/ports.ts';
import { ACCOUNT, anEvent, eventId, madeDetails, requestId } from '../../support/builders.ts';
import type { Deed } from './story.ts';

export type Asking = Extract<Deed, { readonly which: number; readonly amount: number }>;

/** What the command line can reach. */
interface Place {
  readonly clock: Clock;
  readonly ledger: Pick<History, 'append'>;
  readonly owners: Pick<Owners, 'putRequest'>;
  keysOf(userName: UserName): readonly ListedKey[];
}

const asked = new WeakMap<Place, number>();

/** False when there is no such key to name. */
export function ask(account: Place, userName: UserName, deed: Asking): boolean {
  const key = account.keysOf(userName)[deed.which];
  const wish = wishOf(deed, key?.keyId);
  if (wish === undefined) return false;
  const n = (asked.get(account) ?? 0) + 1;
  asked.set(account, n);
  const now = account.clock.now();
  const id = requestId(n, now);
  const details = madeDetails({ id, reason: 'because', ...wish });
  const made = anEvent('request-made', {
    id: eventId(now, 900_000 + n),
    time: toIso(now),
    userName,
    actor: `arn:aws:iam::${ACCOUNT}:user/${userName}`,
    details,
  });
  const { keyId: _, userId: __, ...about } = made;
  const event = { ...about, ...(wish.keyId === undefined ? {} : { keyId: wish.keyId }) } as typeof made;
  const head = { id, account: ACCOUNT, userName, reason: 'because', requestedBy: made.actor, requestedAt: now };
  void account.ledger.append([event]);
  void account.owners.putRequest({ ...head, ...wish });
  return true;
}

function wishOf({ what, which, amount }: Asking, keyId: AccessKeyId | undefined): Wish | undefined {
  if (what === 'ask to rotate' || what === 'ask to stop') {
    if (which < 2 && keyId === undefined) return undefined;
    return { kind: 'rotate', disableOldNow: what === 'ask to stop', ...(keyId === undefined ? {} : { keyId }) };
  }
  if (keyId === undefined) return undefined;
  return what === 'ask to restore'
    ? { kind: 'restore', keyId, hours: amount }
    : { kind: 'snooze', keyId, days: Math.ceil(amount / 8) };
}
