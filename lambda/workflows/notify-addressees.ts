import { audienceOf, type HistoryEvent } from '../domain/events.ts';
import type { EventId, OwnerId } from '../domain/ids.ts';
import type { NoticeItem, Unreached } from '../domain/notices/item.ts';
import type { Owner } from '../domain/owners.ts';
import { ownerFor } from '../domain/user-match.ts';
import type { Owners } from '../ports.ts';

export interface Addressed {
  readonly byOwner: readonly { readonly owner: Owner; readonly items: readonly NoticeItem[] }[];
  /** The operators' own, and what has no owner to go to. */
  readonly forOperators: readonly NoticeItem[];
}

type Addressee = { readonly kind: 'owner'; readonly owner: Owner } | { readonly kind: 'operators' } | Unreached;

/** Whom to tell of each event. When the owners' table cannot be read, an event is `untold`: that is not "no owner". */
export async function addressed(
  owners: Pick<Owners, 'owner' | 'assignments'>,
  events: readonly HistoryEvent[],
  untold: Map<EventId, unknown>,
): Promise<Addressed> {
  const assignmentsOf = once(owners.assignments.bind(owners));
  const ownerOf = once(owners.owner.bind(owners));
  const byOwner = new Map<OwnerId, { owner: Owner; items: NoticeItem[] }>();
  const forOperators: NoticeItem[] = [];
  for (const event of events) {
    try {
      const to = await addresseeOf(event, assignmentsOf, ownerOf);
      if (to.kind === 'owner') {
        const group = byOwner.get(to.owner.id) ?? { owner: to.owner, items: [] };
        group.items.push({ event });
        byOwner.set(to.owner.id, group);
      } else forOperators.push(to.kind === 'operators' ? { event } : { event, insteadOf: to });
    } catch (error) {
      untold.set(event.id, error);
    }
  }
  return { byOwner: [...byOwner.values()], forOperators };
}

async function addresseeOf(
  event: HistoryEvent,
  assignmentsOf: Owners['assignments'],
  ownerOf: Owners['owner'],
): Promise<Addressee> {
  const { account, userName, userPath } = event;
  if (audienceOf(event) !== 'owner' || userName === undefined) return { kind: 'operators' };
  // People's commands may not know the user's path; rules about paths then do not apply.
  const ownerId = ownerFor(await assignmentsOf(account), { account, userName, path: userPath ?? '' });
  if (ownerId === undefined) return { kind: 'no-owner' };
  const owner = await ownerOf(ownerId);
  return owner === undefined ? { kind: 'unknown-owner', ownerId } : { kind: 'owner', owner };
}

/** Asks once for each argument, failures included: the retry is the stream's. */
function once<Key, Answer>(ask: (key: Key) => Promise<Answer>): (key: Key) => Promise<Answer> {
  const answers = new Map<Key, Promise<Answer>>();
  return (key) => {
    const answer = answers.get(key) ?? ask(key);
    answers.set(key, answer);
    return answer;
  };
}
