import { FakeOrganization } from '../support/fake-organization.ts';
import { organizationSuite } from './organization.suite.ts';

organizationSuite('the fake', async () => {
  const organization = new FakeOrganization();
  let made = 0;
  const next = () => {
    made += 1;
    return made;
  };
  return {
    organization,
    root: organization.root,
    first: [],
    addUnit: async (_name, parent) => organization.addUnit(`ou-root-${next()}`, parent),
    addAccount: async (_name, parent) => organization.addAccount(String(300_000_000_000 + next()), parent).account,
    close: async (account) => organization.setStanding(account, 'suspended'),
  };
});
