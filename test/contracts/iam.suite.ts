import type { KeyStatus } from '../../lambda/domain/facts.ts';
import { type AccessKeyId, parseUserName, type UserName } from '../../lambda/domain/ids.ts';
import { type Iam, type IamUser, KeyGoneError, KeyQuotaError, UserGoneError } from '../../lambda/ports.ts';
import { AWKWARD_USER, keyId } from '../support/builders.ts';
import { collect } from '../support/collect.ts';

/** An account's IAM, and what people do in it by hand. Each world is empty at first. */
export interface IamWorld {
  readonly iam: Iam;
  addUser(userName: UserName, path?: string): Promise<IamUser>;
  deleteUser(userName: UserName): Promise<void>;
  createKeyByHand(userName: UserName): Promise<AccessKeyId>;
  setStatus(userName: UserName, keyId: AccessKeyId, status: KeyStatus): Promise<void>;
  useKey(keyId: AccessKeyId, use: { at: number; service: string; region: string }): Promise<void>;
  setActiveRootKeys(count: number): Promise<void>;
}

/** What every Iam does. */
export function iamSuite(name: string, makeWorld: () => Promise<IamWorld>): void {
  describe(`Iam contract: ${name}`, () => {
    const ada = parseUserName('ada');
    const nobody = parseUserName('nobody');
    let world: IamWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });

    describe('users', () => {
      test('of an account without any: none', async () => {
        expect(await collect(world.iam.users())).toEqual([]);
      });

      test('are all listed as they are', async () => {
        const expected = [
          await world.addUser(ada),
          await world.addUser(parseUserName('ci-deploy'), '/machines/build/'),
          await world.addUser(AWKWARD_USER),
        ];
        const found = await collect(world.iam.users());
        expect(found.toSorted(byName)).toEqual(expected.toSorted(byName));
      });

      test('one is read by its name, whatever characters it has', async () => {
        const awkward = await world.addUser(AWKWARD_USER, '/team/');
        expect(await world.iam.user(AWKWARD_USER)).toEqual(awkward);
        expect(awkward.arn).toMatch(/:user\/team\/a_b\+c=d,e\.f@g-h$/);
      });

      test('one that does not exist is certainly gone', async () => {
        await expect(world.iam.user(nobody)).rejects.toThrow(UserGoneError);
      });

      test('one that was deleted and made again has another UserId', async () => {
        const former = await world.addUser(ada);
        await world.deleteUser(ada);
        await expect(world.iam.user(ada)).rejects.toThrow(UserGoneError);
        const latter = await world.addUser(ada);
        expect(latter.userId).not.toBe(former.userId);
        expect(await world.iam.user(ada)).toEqual(latter);
        expect(await world.iam.keys(ada)).toEqual([]);
      });
    });

    describe('keys', () => {
      test('of a user without any: none', async () => {
        await world.addUser(ada);
        expect(await world.iam.keys(ada)).toEqual([]);
      });

      test('of a user that does not exist: the user is gone, not its keys', async () => {
        await expect(world.iam.keys(nobody)).rejects.toThrow(UserGoneError);
      });

      test('are listed with their status', async () => {
        await world.addUser(AWKWARD_USER);
        const first = await world.createKeyByHand(AWKWARD_USER);
        const second = await world.createKeyByHand(AWKWARD_USER);
        await world.setStatus(AWKWARD_USER, first, 'Inactive');
        const found = await world.iam.keys(AWKWARD_USER);
        expect(new Map(found.map((key) => [key.keyId, key.status]))).toEqual(
          new Map([
            [first, 'Inactive'],
            [second, 'Active'],
          ]),
        );
      });
    });

    describe('keys with a new one', () => {
      test('are the keys as they are listed, that one among them', async () => {
        await world.addUser(ada);
        const first = await world.createKeyByHand(ada);
        const second = await world.createKeyByHand(ada);
        const found = await world.iam.keysWith(ada, second);
        expect(found.map(({ keyId }) => keyId).toSorted()).toEqual([first, second].toSorted());
      });

      test('of a user that does not exist: the user is gone', async () => {
        await expect(world.iam.keysWith(nobody, keyId(1))).rejects.toThrow(UserGoneError);
      });
    });

    describe('creating a key', () => {
      test('answers with the key as it is then listed', async () => {
        await world.addUser(AWKWARD_USER);
        const created = await world.iam.createKey(AWKWARD_USER);
        expect(await world.iam.keys(AWKWARD_USER)).toEqual([
          { keyId: created.keyId, status: 'Active', createdAt: created.createdAt },
        ]);
      });

      test('gives a secret that only reveal shows', async () => {
        await world.addUser(ada);
        const { secret, keyId } = await world.iam.createKey(ada);
        expect(secret.reveal().length).toBeGreaterThan(0);
        expect(JSON.stringify({ keyId, secret })).not.toContain(secret.reveal());
      });

      test('beyond two is refused with certainty, Inactive ones counted', async () => {
        await world.addUser(ada);
        const first = await world.createKeyByHand(ada);
        await world.createKeyByHand(ada);
        await world.setStatus(ada, first, 'Inactive');
        await expect(world.iam.createKey(ada)).rejects.toThrow(KeyQuotaError);
        expect(await world.iam.keys(ada)).toHaveLength(2);
        await world.iam.deleteKey(ada, first);
        await world.iam.createKey(ada);
        expect(await world.iam.keys(ada)).toHaveLength(2);
      });

      test('for a user that does not exist: the user is gone', async () => {
        await expect(world.iam.createKey(nobody)).rejects.toThrow(UserGoneError);
      });
    });

    describe('disabling a key', () => {
      test('makes that key Inactive and no other, and is harmless again', async () => {
        await world.addUser(ada);
        const first = await world.createKeyByHand(ada);
        const second = await world.createKeyByHand(ada);
        await world.iam.disableKey(ada, first);
        await world.iam.disableKey(ada, first);
        const found = await world.iam.keys(ada);
        expect(found.find((key) => key.keyId === first)?.status).toBe('Inactive');
        expect(found.find((key) => key.keyId === second)?.status).toBe('Active');
      });

      test('that does not exist: the key is gone', async () => {
        await world.addUser(ada);
        await expect(world.iam.disableKey(ada, keyId(404))).rejects.toThrow(KeyGoneError);
      });
    });

    describe('enabling a key', () => {
      test('makes it Active again, and is harmless again', async () => {
        await world.addUser(ada);
        const key = await world.createKeyByHand(ada);
        await world.iam.disableKey(ada, key);
        await world.iam.enableKey(ada, key);
        await world.iam.enableKey(ada, key);
        expect((await world.iam.keys(ada)).map(({ status }) => status)).toEqual(['Active']);
      });

      test('that does not exist: the key is gone', async () => {
        await world.addUser(ada);
        await expect(world.iam.enableKey(ada, keyId(404))).rejects.toThrow(KeyGoneError);
      });
    });

    describe('deleting a key', () => {
      test('removes that key and no other, and is harmless again', async () => {
        await world.addUser(ada);
        const first = await world.createKeyByHand(ada);
        const second = await world.createKeyByHand(ada);
        await world.iam.deleteKey(ada, first);
        await world.iam.deleteKey(ada, first);
        expect((await world.iam.keys(ada)).map((key) => key.keyId)).toEqual([second]);
      });

      test('of a user that is gone too is harmless', async () => {
        await world.iam.deleteKey(nobody, keyId(404));
      });
    });

    describe('last use of a key', () => {
      test('that was never used is known to be never', async () => {
        await world.addUser(ada);
        const key = await world.createKeyByHand(ada);
        expect(await world.iam.lastUse(key)).toEqual({ kind: 'never' });
      });

      test('that was used says when, and with what', async () => {
        await world.addUser(ada);
        const key = await world.createKeyByHand(ada);
        const use = { at: Date.parse('2026-03-01T10:15:00Z'), service: 's3', region: 'eu-central-1' };
        await world.useKey(key, use);
        expect(await world.iam.lastUse(key)).toEqual({ kind: 'used', ...use });
      });

      test('that does not exist: the key is gone', async () => {
        await expect(world.iam.lastUse(keyId(404))).rejects.toThrow(KeyGoneError);
      });
    });

    describe('the credential report', () => {
      const reportedUses = async () => {
        const { users = [] } = (await world.iam.credentialReport()) ?? {};
        return users.find(({ userName }) => userName === ada)?.keys.map(({ lastUse }) => lastUse);
      };

      test('says when, where and for what each key was last used, and which never was', async () => {
        await world.addUser(ada);
        const first = await world.createKeyByHand(ada);
        const use = { at: Date.parse('2026-03-01T10:15:00Z'), service: 's3', region: 'eu-central-1' };
        await world.useKey(first, use);
        await world.createKeyByHand(ada);
        expect(await reportedUses()).toEqual([{ kind: 'used', ...use }, { kind: 'never' }]);
      });

      test('says when a key was made as the list of keys does, to the second', async () => {
        await world.addUser(ada);
        await world.createKeyByHand(ada);
        const { users = [] } = (await world.iam.credentialReport()) ?? {};
        const [reported] = users.find(({ userName }) => userName === ada)?.keys ?? [];
        const [listed] = await world.iam.keys(ada);
        const second = (at = Number.NaN) => Math.floor(at / 1000);
        expect(second(reported?.lastRotated)).toBe(second(listed?.createdAt));
      });
    });

    test('root keys are counted', async () => {
      expect((await world.iam.credentialReport())?.rootKeys).toBe(0);
      await world.setActiveRootKeys(1);
      expect((await world.iam.credentialReport())?.rootKeys).toBe(1);
    });
  });
}

const byName = (a: IamUser, b: IamUser): number => (a.userName < b.userName ? -1 : 1);
