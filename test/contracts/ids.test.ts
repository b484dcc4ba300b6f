import { UlidIds } from '../../lambda/adapters/ulid-ids.ts';
import { FakeIds } from '../support/fake-ids.ts';
import { idsSuite } from './ids.suite.ts';

idsSuite('the fake', () => new FakeIds());
idsSuite('random ULIDs', () => new UlidIds());
