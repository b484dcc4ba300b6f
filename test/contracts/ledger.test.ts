import { FakeLedger } from '../support/fake-ledger.ts';
import { historySuite } from './history.suite.ts';
import { ledgerSuite } from './ledger.suite.ts';

ledgerSuite('the fake', async () => {
  const ledger = new FakeLedger();
  return { state: ledger, journal: ledger, history: ledger };
});

historySuite('the fake', async () => new FakeLedger());
