import { audienceOf, type HistoryEvent } from '../domain/events.ts';
import type { OwnerId } from '../domain/ids.ts';
import type { NoticeItem } from '../domain/notices/item.ts';
import { ownerFor } from '../domain/user-match.ts';
import type { Owners, Reader } from '../ports.ts';

export interface Addressed {
  readonly reader: Reader;
  readonly item: NoticeItem;
}

/** Says whom to tell of an event. Throws when the owners' table cannot be read: that is not "no owner". */
export function addresseesBy(
  owners: Pick<Owners, 'assignments'>,
): (event: HistoryEvent) => Promise<readonly Addressed[]> {
  const assignmentsOf = once(owners.assignments.bind(owners));
  return async (event) => {
    switch (audienceOf(event)) {
      case 'nobody':
        return [];
      case 'operators':
        return [{ reader: 'operators', item: { event } }];
      case 'owner':
        return [toOwner(await ownerOf(event, assignmentsOf), event)];
      case 'both': {
        const forOwner = toOwner(await ownerOf(event, assignmentsOf), event);
        return forOwner.reader === 'operators' ? [forOwner] : [forOwner, { reader: 'operators', item: { event } }];
      }
    }
  };
}

const toOwner = (owner: OwnerId | undefined, event: HistoryEvent): Addressed =>
  owner === undefined
    ? { reader: 'operators', item: { event, insteadOf: { kind: 'no-owner' } } }
    : { reader: owner, item: { event } };

async function ownerOf(event: HistoryEvent, assignmentsOf: Owners['assignments']): Promise<OwnerId | undefined> {
  const { account, userName, userPath } = event;
  if (userName === undefined) return undefined;
  // People's commands may not know the user's path; rules about paths then do not apply.
  return ownerFor(await assignmentsOf(account), { account, userName, path: userPath ?? '' });
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
