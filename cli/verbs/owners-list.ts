import type { AccountId, OwnerId } from '../../lambda/domain/ids.ts';
import type { Assignment, Owner } from '../../lambda/domain/owners.ts';
import { describeMatch } from '../../lambda/domain/user-match.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import type { OwnerName, Session } from '../session.ts';

export interface ListedAssignment {
  readonly account: AccountId | '*';
  /** The rule in words: `users named ci-*`. */
  readonly match: string;
}

/** Without contact data where that is not for the reader. */
export interface ListedOwner extends OwnerName, Partial<Omit<Owner, 'id' | 'name'>> {
  readonly assignments: readonly ListedAssignment[];
}

export interface OwnersReport {
  /** How owners are reached may not be read by whoever asks. */
  readonly namesOnly?: true;
  readonly owners: readonly ListedOwner[];
  /** Assigned, but not among the owners: notices for their users go to the operators. */
  readonly unknownOwners: readonly { readonly id: OwnerId; readonly assignments: readonly ListedAssignment[] }[];
}

/** Every owner with what is assigned to it; for auditors, who may not read contact data, without that. */
export async function ownersList(session: Session): Promise<OwnersReport> {
  const assigned = new Map<OwnerId, ListedAssignment[]>();
  for await (const assignment of session.owners.allAssignments()) {
    assigned.set(assignment.ownerId, [...(assigned.get(assignment.ownerId) ?? []), listed(assignment)]);
  }
  const known = await knownOwners(session);
  const owners: ListedOwner[] = [];
  for (const owner of known.owners) {
    owners.push({ ...owner, assignments: assigned.get(owner.id) ?? [] });
    assigned.delete(owner.id);
  }
  return {
    ...(known.namesOnly && { namesOnly: true }),
    owners: owners.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    unknownOwners: [...assigned].map(([id, assignments]) => ({ id, assignments })),
  };
}

async function knownOwners(
  session: Session,
): Promise<{ readonly owners: readonly Omit<ListedOwner, 'assignments'>[]; readonly namesOnly: boolean }> {
  const owners: Owner[] = [];
  try {
    for await (const owner of session.owners.owners()) owners.push(owner);
    return { owners, namesOnly: false };
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    return { owners: await session.ownerNames(), namesOnly: true };
  }
}

const listed = ({ account, match }: Assignment): ListedAssignment => ({ account, match: describeMatch(match) });
