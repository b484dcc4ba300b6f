import type { UserName } from '../../lambda/domain/ids.ts';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';
import { secretNameOf, secretVersionOf } from '../../lambda/domain/secret-name.ts';
import { type IamUser, type Secrets, type StoredVersions, UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT, AWKWARD_USER, aCreatedKey, anIamUser, keyId, USER } from '../support/builders.ts';

/** An account's secrets, and a look at them that Keyturn itself never has. */
export interface SecretsWorld {
  readonly secrets: Secrets;
  /** The secret access key that the user finds in its secret; undefined when there is none. */
  fetch(secretName: string): Promise<string | undefined>;
  /** Deletes the secret with a recovery window. */
  scheduleDeletion(secretName: string): Promise<void>;
}

/** What every Secrets does. Each world is empty at first. */
export function secretsSuite(name: string, makeWorld: () => Promise<SecretsWorld>): void {
  describe(`Secrets contract: ${name}`, () => {
    let world: SecretsWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });

    const keyOf = (n: number, text = `fake-secret-${n}`) =>
      aCreatedKey({ keyId: keyId(n), secret: new SecretAccessKey(text) });
    const user: IamUser = anIamUser();
    const secretName = secretNameOf(ACCOUNT, USER);
    const versions = () => world.secrets.versions(secretName);
    const nothing: StoredVersions = { arn: 'unknown', all: new Set() };
    const store = async (n: number, text?: string) =>
      world.secrets.store(secretName, ACCOUNT, USER, keyOf(n, text), (await versions()) ?? nothing);
    const version = (n: number) => secretVersionOf(keyId(n));

    test('a secret that was never made certainly does not exist', async () => {
      expect(await versions()).toBeUndefined();
    });

    test('a secret is made before there is a key for it, and making it again is harmless', async () => {
      const made = await world.secrets.ensure(secretName, user, ACCOUNT);
      expect(made).toEqual({ arn: expect.stringMatching(/:secret:keyturn\//), all: new Set() });
      expect(await world.secrets.ensure(secretName, user, ACCOUNT)).toEqual(made);
      expect(await versions()).toEqual(made);
      expect(await world.fetch(secretName)).toBeUndefined();
    });

    test('the first key is current as soon as it is stored; publishing it is harmless', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      await store(1);
      expect(await versions()).toMatchObject({ all: new Set([version(1)]), current: version(1) });
      await world.secrets.publish(secretName, keyId(1));
      expect(await world.fetch(secretName)).toBe('fake-secret-1');
    });

    test('a later key is not the one that the owner gets until it is published', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      await store(1);
      await store(2);
      expect(await versions()).toMatchObject({
        all: new Set([version(1), version(2)]),
        current: version(1),
      });
      expect(await world.fetch(secretName)).toBe('fake-secret-1');
      await world.secrets.publish(secretName, keyId(2));
      expect((await versions())?.current).toBe(version(2));
      expect(await world.fetch(secretName)).toBe('fake-secret-2');
    });

    test('publishing again, and storing again what is stored, change nothing', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      await store(1);
      await store(2);
      await store(2);
      await world.secrets.publish(secretName, keyId(2));
      await world.secrets.publish(secretName, keyId(2));
      await world.secrets.ensure(secretName, user, ACCOUNT);
      expect(await versions()).toMatchObject({
        all: new Set([version(1), version(2)]),
        current: version(2),
      });
      expect(await world.fetch(secretName)).toBe('fake-secret-2');
    });

    test('rotations that follow each other keep the current and the previous key', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      for (const n of [1, 2, 3]) {
        await store(n);
        await world.secrets.publish(secretName, keyId(n));
      }
      expect(await versions()).toMatchObject({
        all: new Set([version(2), version(3)]),
        current: version(3),
      });
    });

    test('a stored key whose place another one took before it was published is no longer there', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      for (const n of [1, 2, 3]) await store(n);
      expect((await versions())?.all).toEqual(new Set([version(1), version(3)]));
    });

    test('the same key with another secret is refused and nothing changes', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      await store(1);
      await store(2);
      await expect(store(1, 'fake-secret-forged')).rejects.toThrow(UnavailableError);
      expect(await world.fetch(secretName)).toBe('fake-secret-1');
    });

    test('a refusal does not tell the secret', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      await store(1);
      await store(2);
      const error = await store(1, 'fake-secret-forged').catch((refusal: unknown) => refusal);
      expect(error).toBeInstanceOf(UnavailableError);
      expect(String(error)).not.toContain('fake-secret');
    });

    test('nothing can be stored in, or published from, a secret that does not exist', async () => {
      await expect(store(1)).rejects.toThrow(UnavailableError);
      await expect(world.secrets.publish(secretName, keyId(1))).rejects.toThrow(UnavailableError);
    });

    test('a key that was never stored cannot be published', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      await store(1);
      await expect(world.secrets.publish(secretName, keyId(2))).rejects.toThrow(UnavailableError);
      expect((await versions())?.current).toBe(version(1));
    });

    test('a secret that is scheduled for deletion is no place for a key', async () => {
      await world.secrets.ensure(secretName, user, ACCOUNT);
      await store(1);
      await world.scheduleDeletion(secretName);
      await expect(world.secrets.ensure(secretName, user, ACCOUNT)).rejects.toThrow(/scheduled for deletion/);
      await expect(world.secrets.publish(secretName, keyId(1))).rejects.toThrow(UnavailableError);
    });

    test('what a secret holds is known from step to step, without looking again', async () => {
      const held = await world.secrets.ensure(secretName, user, ACCOUNT);
      const first = await world.secrets.store(secretName, ACCOUNT, USER, keyOf(1), held);
      expect(first).toEqual(await versions());
      await world.secrets.publish(secretName, keyId(1), first);
      const again = await world.secrets.ensure(secretName, user, ACCOUNT);
      expect(again).toEqual(first);
      const second = await world.secrets.store(secretName, ACCOUNT, USER, keyOf(2), again);
      expect(second).toEqual(await versions());
      await world.secrets.publish(secretName, keyId(2), second);
      expect(await world.fetch(secretName)).toBe('fake-secret-2');
    });

    test('knowing wrongly what a secret holds does no harm', async () => {
      const outdated = await world.secrets.ensure(secretName, user, ACCOUNT);
      for (const n of [1, 2]) {
        await store(n);
        await world.secrets.publish(secretName, keyId(n));
      }
      await store(3);
      await world.secrets.publish(secretName, keyId(3), { ...outdated, all: new Set(), current: version(1) });
      expect((await versions())?.current).toBe(version(3));
      await expect(world.secrets.publish(secretName, keyId(4), outdated)).rejects.toThrow(UnavailableError);
    });

    test('names with every character that IAM allows have a secret each', async () => {
      const plain: UserName = USER;
      for (const userName of [AWKWARD_USER, plain]) {
        const itsSecret = secretNameOf(ACCOUNT, userName);
        const held = await world.secrets.ensure(itsSecret, anIamUser({ userName }), ACCOUNT);
        await world.secrets.store(itsSecret, ACCOUNT, userName, keyOf(userName === plain ? 1 : 2), held);
      }
      expect(await world.fetch(secretNameOf(ACCOUNT, AWKWARD_USER))).toBe('fake-secret-2');
      expect(await world.fetch(secretNameOf(ACCOUNT, plain))).toBe('fake-secret-1');
    });
  });
}
