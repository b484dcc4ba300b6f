import { FakeSeals } from '../support/fake-seals.ts';
import { sealsSuite } from './seals.suite.ts';

sealsSuite('in memory', async () => new FakeSeals());
