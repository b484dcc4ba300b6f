import { ACCOUNT } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeIam } from '../support/fake-iam.ts';
import { iamSuite } from './iam.suite.ts';

iamSuite('the fake', async () => {
  const iam = new FakeIam(new FakeClock('2026-01-01T00:00:00.750Z'), ACCOUNT);
  return {
    iam,
    addUser: async (userName, path = '/') => iam.addUser(userName, { path }),
    deleteUser: async (userName) => iam.deleteUser(userName),
    createKeyByHand: async (userName) => iam.createKeyByHand(userName),
    setStatus: async (_userName, keyId, status) =>
      status === 'Active' ? iam.reactivate(keyId) : iam.deactivate(keyId),
    useKey: async (keyId, use) => iam.useKey(keyId, use),
    setActiveRootKeys: async (count) => {
      iam.activeRootKeys = count;
    },
  };
});

test("the fake dates keys in whole seconds, as AWS does and the emulator doesn't", async () => {
  const iam = new FakeIam(new FakeClock('2026-01-01T00:00:00.750Z'), ACCOUNT);
  const { userName } = iam.addUser('ada');
  expect((await iam.createKey(userName)).createdAt).toBe(Date.parse('2026-01-01T00:00:00Z'));
});
