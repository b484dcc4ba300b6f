import { FakeEvidence } from '../support/fake-evidence.ts';
import { evidenceSuite } from './evidence.suite.ts';

evidenceSuite('memory', async () => {
  const store = new FakeEvidence();
  return { store, content: async (name) => store.text(name) };
});
