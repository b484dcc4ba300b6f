import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeOwners } from '../support/fake-owners.ts';
import { historySuite } from './history.suite.ts';
import { ledgerSuite } from './ledger.suite.ts';

ledgerSuite('the fake', async () => {
  const owners = new FakeOwners();
  const ledger = new FakeLedger(undefined, owners);
  return { state: ledger, journal: ledger, history: ledger, owners };
});

historySuite('the fake', async () => new FakeLedger());
