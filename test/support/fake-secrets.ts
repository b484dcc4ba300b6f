import type { AccessKeyId, AccountId, UserName } from '../../lambda/domain/ids.ts';
import { secretVersionOf } from '../../lambda/domain/secret-name.ts';
import {
  type CreatedKey,
  type IamUser,
  type Secrets,
  type StoredVersions,
  UnavailableError,
} from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

interface StoredSecret {
  /** The only IAM user that the resource policy lets in. */
  readerArn: string;
  readonly versions: Map<string, string>;
  readonly stages: Map<string, string>;
  scheduledForDeletion: boolean;
}

/** Secrets Manager of one account in memory, with its versions and stages. */
export class FakeSecrets implements Secrets {
  readonly calls: Calls;
  readonly #secrets = new Map<string, StoredSecret>();

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  ensure(secretName: string, user: IamUser, account: AccountId): Promise<StoredVersions> {
    return this.calls.run('secrets.ensure', [secretName, user, account], () => {
      const found = this.#secrets.get(secretName);
      if (found?.scheduledForDeletion) throw new UnavailableError(`Secret ${secretName} is scheduled for deletion.`);
      if (found) found.readerArn = user.arn;
      else {
        const empty = { versions: new Map(), stages: new Map(), scheduledForDeletion: false };
        this.#secrets.set(secretName, { readerArn: user.arn, ...empty });
      }
      return this.#held(secretName);
    });
  }

  versions(secretName: string): Promise<StoredVersions | undefined> {
    return this.calls.run('secrets.versions', [secretName], () => {
      return this.#secrets.has(secretName) ? this.#held(secretName) : undefined;
    });
  }

  store(
    secretName: string,
    account: AccountId,
    userName: UserName,
    key: CreatedKey,
    held: StoredVersions,
  ): Promise<StoredVersions> {
    return this.calls.run('secrets.store', [secretName, account, userName, key, held], () => {
      const { versions, stages } = this.#find(secretName);
      const version = secretVersionOf(key.keyId);
      const stored = versions.get(version);
      const text = key.secret.reveal();
      if (stored !== undefined && stored !== text) {
        throw new UnavailableError(`Secret ${secretName} already has another value under version ${version}.`);
      }
      if (versions.size === 0) stages.set('AWSCURRENT', version);
      if (stored === undefined) stages.set('AWSPENDING', version);
      versions.set(version, text);
      const isCurrent = stages.get('AWSCURRENT') === version;
      return { ...held, all: new Set([...held.all, version]), ...(isCurrent && { current: version }) };
    });
  }

  publish(secretName: string, keyId: AccessKeyId, holds?: StoredVersions): Promise<void> {
    return this.calls.run('secrets.publish', [secretName, keyId, holds], () => {
      const { stages } = this.#find(secretName);
      const version = secretVersionOf(keyId);
      if (![...stages.values()].includes(version))
        throw new UnavailableError(`Secret ${secretName} has no version ${version}.`);
      const current = stages.get('AWSCURRENT');
      if (current === version) return;
      if (current !== undefined) stages.set('AWSPREVIOUS', current);
      stages.set('AWSCURRENT', version);
    });
  }

  /** What the user of this ARN reads as its current secret access key; undefined when it may not, or there is none. */
  fetchAs(userArn: string, secretName: string): string | undefined {
    const found = this.#secrets.get(secretName);
    const current = found?.stages.get('AWSCURRENT');
    if (!found || current === undefined || found.readerArn !== userArn || found.scheduledForDeletion) return undefined;
    return found.versions.get(current);
  }

  /** ARN of the IAM user that the secret's policy lets in; undefined without a secret. */
  readerOf(secretName: string): string | undefined {
    return this.#secrets.get(secretName)?.readerArn;
  }

  /** Whether one of the secret's labelled versions is this key. */
  isStored(secretName: string, keyId: AccessKeyId): boolean {
    return [...(this.#secrets.get(secretName)?.stages.values() ?? [])].includes(secretVersionOf(keyId));
  }

  /** An administrator deletes the secret, with the usual recovery window. */
  scheduleDeletion(secretName: string): void {
    this.#find(secretName).scheduledForDeletion = true;
  }

  #held(secretName: string): StoredVersions {
    const stages = this.#secrets.get(secretName)?.stages ?? new Map<string, string>();
    const current = stages.get('AWSCURRENT');
    const arn = `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${secretName}-FaKeId`;
    // AWS lists only versions that have a staging label.
    return { arn, all: new Set(stages.values()), ...(current !== undefined && { current }) };
  }

  #find(secretName: string): StoredSecret {
    const found = this.#secrets.get(secretName);
    if (!found || found.scheduledForDeletion) throw new UnavailableError(`There is no usable secret ${secretName}.`);
    return found;
  }
}
