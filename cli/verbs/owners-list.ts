import type { AccountId, OwnerId } from '../../lambda/domain/ids.ts';
import type { Assignment, Owner } from '../../lambda/domain/owners.ts';
import { describeMatch } from '../../lambda/domain/user-match.ts';
import type { Session } from '../session.ts';

export interface ListedAssignment {
  readonly account: AccountId | '*';
  /** The rule in words: `users named ci-*`. */
  readonly match: string;
}

export interface ListedOwner extends Owner {
  readonly assignments: readonly ListedAssignment[];
}

export interface OwnersReport {
  readonly owners: readonly ListedOwner[];
  /** Assigned, but not among the owners: notices for their users go to the operators. */
  readonly unknownOwners: readonly { readonly id: OwnerId; readonly assignments: readonly ListedAssignment[] }[];
}

/** Every owner with what is assigned to it. */
export async function ownersList(session: Session): Promise<OwnersReport> {
  const assigned = new Map<OwnerId, ListedAssignment[]>();
  for await (const assignment of session.owners.allAssignments()) {
    assigned.set(assignment.ownerId, [...(assigned.get(assignment.ownerId) ?? []), listed(assignment)]);
  }
  const owners: ListedOwner[] = [];
  for await (const owner of session.owners.owners()) {
    owners.push({ ...owner, assignments: assigned.get(owner.id) ?? [] });
    assigned.delete(owner.id);
  }
  return {
    owners: owners.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    unknownOwners: [...assigned].map(([id, assignments]) => ({ id, assignments })),
  };
}

const listed = ({ account, match }: Assignment): ListedAssignment => ({ account, match: describeMatch(match) });
