import type { AccountId, ExemptionId, OwnerId, RequestId } from '../../lambda/domain/ids.ts';
import type { Assignment, Exemption, Owner } from '../../lambda/domain/owners.ts';
import type { Request } from '../../lambda/domain/requests.ts';
import type { Owners } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

/** The owners' table in memory. */
export class FakeOwners implements Owners {
  readonly calls: Calls;
  readonly #owners = new Map<OwnerId, Owner>();
  readonly #assignments = new Map<string, Assignment>();
  readonly #exemptions = new Map<ExemptionId, Exemption>();
  readonly #requests = new Map<RequestId, Request>();
  /** What is wrong with items on the list that nobody can read. */
  readonly unreadableRequests: string[] = [];

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  owner(id: OwnerId): Promise<Owner | undefined> {
    return this.calls.run('owners.owner', [id], () => this.#owners.get(id));
  }

  owners(): AsyncIterable<Owner> {
    return this.calls.list('owners.owners', [], () => [...this.#owners.values()]);
  }

  assignments(account: AccountId): Promise<readonly Assignment[]> {
    return this.calls.run('owners.assignments', [account], () =>
      [...this.#assignments.values()].filter((rule) => rule.account === account || rule.account === '*'),
    );
  }

  allAssignments(): AsyncIterable<Assignment> {
    return this.calls.list('owners.allAssignments', [], () => [...this.#assignments.values()]);
  }

  exemptions(account: AccountId): Promise<readonly Exemption[]> {
    return this.calls.run('owners.exemptions', [account], () =>
      [...this.#exemptions.values()].filter((rule) => rule.account === account || rule.account === '*'),
    );
  }

  allExemptions(): AsyncIterable<Exemption> {
    return this.calls.list('owners.allExemptions', [], () => [...this.#exemptions.values()]);
  }

  requests(account: AccountId, unreadable?: (why: string) => void): Promise<readonly Request[]> {
    return this.calls.run('owners.requests', [account], () => {
      for (const why of this.unreadableRequests) {
        if (unreadable === undefined) throw new Error(why);
        unreadable(why);
      }
      return [...this.#requests.values()].filter((request) => request.account === account);
    });
  }

  putOwner(owner: Owner): Promise<void> {
    return this.calls.run('owners.putOwner', [owner], () => {
      this.#owners.set(owner.id, owner);
    });
  }

  deleteOwner(id: OwnerId): Promise<void> {
    return this.calls.run('owners.deleteOwner', [id], () => {
      this.#owners.delete(id);
    });
  }

  putAssignment(assignment: Assignment): Promise<void> {
    return this.calls.run('owners.putAssignment', [assignment], () => {
      this.#assignments.set(keyOf(assignment), assignment);
    });
  }

  deleteAssignment(assignment: Assignment): Promise<void> {
    return this.calls.run('owners.deleteAssignment', [assignment], () => {
      this.#assignments.delete(keyOf(assignment));
    });
  }

  putExemption(exemption: Exemption): Promise<void> {
    return this.calls.run('owners.putExemption', [exemption], () => {
      this.#exemptions.set(exemption.id, exemption);
    });
  }

  deleteExemption(exemption: Exemption): Promise<void> {
    return this.calls.run('owners.deleteExemption', [exemption], () => {
      this.#exemptions.delete(exemption.id);
    });
  }

  putRequest(request: Request): Promise<void> {
    return this.calls.run('owners.putRequest', [request], () => {
      this.#requests.set(request.id, request);
    });
  }

  deleteRequest(request: Pick<Request, 'id' | 'account'>): Promise<void> {
    return this.calls.run('owners.deleteRequest', [request], () => {
      this.takeRequest(request);
    });
  }

  /** Deletes it without a call; false: it was not there. */
  takeRequest({ id }: Pick<Request, 'id' | 'account'>): boolean {
    return this.#requests.delete(id);
  }
}

/** One rule per account and match: a second one replaces the first. */
const keyOf = ({ account, match }: Assignment): string => JSON.stringify([account, Object.entries(match).toSorted()]);
