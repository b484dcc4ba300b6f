import type { HistoryEvent } from '../lambda/domain/events.ts';
import type { OwnerId } from '../lambda/domain/ids.ts';
import type { Assignment } from '../lambda/domain/owners.ts';
import { ownerFor } from '../lambda/domain/user-match.ts';
import type { HistoryQuery } from '../lambda/ports.ts';
import { CommandError } from './errors.ts';
import { eventsOfDays } from './events-of-days.ts';
import type { Session } from './session.ts';

/** The events of the users whom the owner has by the assignments as they are now. */
export async function* eventsOfOwner(
  { owners, history, clock }: Pick<Session, 'owners' | 'history' | 'clock'>,
  ownerId: OwnerId,
  query: Omit<HistoryQuery, 'by'>,
): AsyncIterable<HistoryEvent> {
  const assignments: Assignment[] = [];
  for await (const assignment of owners.allAssignments()) assignments.push(assignment);
  const own = assignments.filter((assignment) => assignment.ownerId === ownerId);
  if (own.length === 0) {
    throw new CommandError(`No user is assigned to an owner '${ownerId}': 'keyturn owners list' shows who there is.`);
  }
  for await (const event of candidates(own)) {
    const { account, userName, userPath: path = '' } = event;
    if (userName !== undefined && ownerFor(assignments, { account, userName, path }) === ownerId) yield event;
  }

  /** All that may be theirs, in order: of the one user or account that it is about, else of everybody. */
  function candidates(rules: readonly Assignment[]): AsyncIterable<HistoryEvent> {
    const [first, ...others] = rules;
    const accounts = new Set(rules.map(({ account }) => account));
    if (first !== undefined && first.account !== '*' && accounts.size === 1) {
      if (first.match.kind === 'user' && others.length === 0) {
        return history.query({
          by: { kind: 'user', account: first.account, userName: first.match.userName },
          ...query,
        });
      }
      return history.query({ by: { kind: 'account', account: first.account }, ...query });
    }
    return eventsOfDays(history, { ...query, since: query.since ?? 0, until: query.until ?? clock.now() });
  }
}
