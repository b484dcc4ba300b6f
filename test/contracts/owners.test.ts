import { FakeOwners } from '../support/fake-owners.ts';
import { ownersSuite } from './owners.suite.ts';

ownersSuite('the fake', async () => new FakeOwners());
