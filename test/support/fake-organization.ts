import type { OrganizationAccount, OrganizationTree } from '../../lambda/domain/account-selection.ts';
import { type AccountId, parseAccountId, type RunId } from '../../lambda/domain/ids.ts';
import type { Organization } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

/** An organisation in memory; its only root is `r-root`. */
export class FakeOrganization implements Organization {
  readonly calls: Calls;
  readonly root = 'r-root';
  readonly #paths = new Map<string, readonly string[]>([[this.root, [this.root]]]);
  readonly #accounts = new Map<AccountId, OrganizationAccount>();

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  tree(runId: RunId): Promise<OrganizationTree> {
    return this.calls.run('organization.tree', [runId], () => ({
      units: [...this.#paths.keys()],
      accounts: [...this.#accounts.values()],
    }));
  }

  addUnit(unit: string, parent: string = this.root): string {
    this.#paths.set(unit, [...this.#pathTo(parent), unit]);
    return unit;
  }

  addAccount(
    account: string,
    parent: string = this.root,
    standing: OrganizationAccount['standing'] = 'active',
  ): OrganizationAccount {
    const added = {
      account: parseAccountId(account),
      name: `account ${account}`,
      standing,
      parents: this.#pathTo(parent),
    };
    this.#accounts.set(added.account, added);
    return added;
  }

  setStanding(account: AccountId, standing: OrganizationAccount['standing']): void {
    const known = this.#accounts.get(account);
    if (known === undefined) throw new Error(`there is no account ${account}`);
    this.#accounts.set(account, { ...known, standing });
  }

  #pathTo(unit: string): readonly string[] {
    const path = this.#paths.get(unit);
    if (path === undefined) throw new Error(`there is no unit ${unit} to put something below`);
    return path;
  }
}
