import { parseUserName } from '../../lambda/domain/ids.ts';
import { secretNameOf } from '../../lambda/domain/secret-name.ts';
import { ACCOUNT, aCreatedKey, anIamUser } from '../support/builders.ts';
import { FakeSecrets } from '../support/fake-secrets.ts';
import { secretsSuite } from './secrets.suite.ts';

secretsSuite('the fake', async () => {
  const secrets = new FakeSecrets();
  return {
    secrets,
    fetch: async (secretName) => secrets.fetchAs(secrets.readerOf(secretName) ?? 'nobody', secretName),
    scheduleDeletion: async (secretName) => secrets.scheduleDeletion(secretName),
  };
});

test('the fake lets a user read its own secret and no other', async () => {
  const secrets = new FakeSecrets();
  const [ada, bob] = [anIamUser({ userName: parseUserName('ada') }), anIamUser({ userName: parseUserName('bob') })];
  const secretName = secretNameOf(ACCOUNT, ada.userName);
  const held = await secrets.ensure(secretName, ada, ACCOUNT);
  await secrets.store(secretName, ACCOUNT, ada.userName, aCreatedKey(), held);
  expect(secrets.fetchAs(ada.arn, secretName)).toBe(aCreatedKey().secret.reveal());
  expect(secrets.fetchAs(bob.arn, secretName)).toBeUndefined();
});
