import { FakeOutbox } from '../support/fake-outbox.ts';
import { outboxSuite } from './outbox.suite.ts';

outboxSuite('the fake', async () => new FakeOutbox());
