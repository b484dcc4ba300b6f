import type { OrganizationAccount } from '../../lambda/domain/account-selection.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import type { Organization } from '../../lambda/ports.ts';
import { RUN } from '../support/builders.ts';

/** An organisation, and what its administrators do. Each world has its root and, in AWS, the management account. */
export interface OrganizationWorld {
  readonly organization: Organization;
  readonly root: string;
  /** Accounts that are there from the beginning. */
  readonly first: readonly OrganizationAccount[];
  addUnit(name: string, parent: string): Promise<string>;
  addAccount(name: string, parent: string): Promise<AccountId>;
  close(account: AccountId): Promise<void>;
}

/** What every Organization does. */
export function organizationSuite(name: string, makeWorld: () => Promise<OrganizationWorld>): void {
  describe(`Organization contract: ${name}`, () => {
    let world: OrganizationWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });

    const tree = () => world.organization.tree(RUN);
    const added = async () => {
      const before = new Set(world.first.map(({ account }) => account));
      return (await tree()).accounts.filter(({ account }) => !before.has(account));
    };

    test('that is new holds its root and what it began with', async () => {
      expect(await tree()).toEqual({ units: [world.root], accounts: world.first });
    });

    test('tells of each account the units above it, from the root down, to any depth', async () => {
      const workloads = await world.addUnit('workloads', world.root);
      const production = await world.addUnit('production', workloads);
      const payments = await world.addUnit('payments', production);
      const sandbox = await world.addUnit('sandbox', world.root);
      const deep = await world.addAccount('deep', payments);
      const middle = await world.addAccount('middle', workloads);
      const flat = await world.addAccount('flat', world.root);
      const apart = await world.addAccount('apart', sandbox);
      const found = new Map((await added()).map(({ account, parents }) => [account, parents]));
      expect(found).toEqual(
        new Map([
          [deep, [world.root, workloads, production, payments]],
          [middle, [world.root, workloads]],
          [flat, [world.root]],
          [apart, [world.root, sandbox]],
        ]),
      );
    });

    test('tells of units without accounts too', async () => {
      const empty = await world.addUnit('empty', world.root);
      const below = await world.addUnit('below', empty);
      expect(new Set((await tree()).units)).toEqual(new Set([world.root, empty, below]));
    });

    test('finds more accounts and units than a page holds', async () => {
      const units = [];
      for (let n = 0; n < 23; n += 1) units.push(await world.addUnit(`unit-${n}`, world.root));
      const accounts = [];
      for (let n = 0; n < 23; n += 1) accounts.push(await world.addAccount(`account-${n}`, world.root));
      expect(new Set((await added()).map(({ account }) => account))).toEqual(new Set(accounts));
      expect(new Set((await tree()).units)).toEqual(new Set([world.root, ...units]));
    });

    test('tells active accounts from closed ones', async () => {
      const live = await world.addAccount('live', world.root);
      const closed = await world.addAccount('closed', world.root);
      await world.close(closed);
      expect(new Map((await added()).map(({ account, standing }) => [account, standing]))).toEqual(
        new Map([
          [live, 'active'],
          [closed, 'suspended'],
        ]),
      );
    });
  });
}
