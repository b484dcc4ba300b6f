import type { KeyStatus, LastUse } from '../../lambda/domain/facts.ts';
import {
  type AccessKeyId,
  type AccountId,
  parseAccessKeyId,
  parseUserId,
  parseUserName,
  type UserId,
  type UserName,
} from '../../lambda/domain/ids.ts';
import type { CredentialReport } from '../../lambda/domain/inventory.ts';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import {
  type Clock,
  type CreatedKey,
  type Iam,
  type IamUser,
  KeyGoneError,
  KeyQuotaError,
  type ListedKey,
  UserGoneError,
} from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

/** IAM's quota, which counts Inactive keys too and cannot be raised. */
const KEYS_PER_USER = 2;

/** How every secret access key of the fake IAM begins. */
export const SECRET_MARK = 'fake-secret-of-';

interface StoredKey {
  readonly keyId: AccessKeyId;
  readonly createdAt: Instant;
  /** What the report calls last_rotated: created, or its status last changed. */
  changedAt: Instant;
  status: KeyStatus;
  lastUse: LastUse;
}

interface StoredUser {
  readonly user: IamUser;
  readonly createdAt: Instant;
  readonly keys: StoredKey[];
}

/** IAM of one account in memory: the port, and beside it what owners and administrators do by hand. */
export class FakeIam implements Iam {
  readonly account: AccountId;
  readonly calls: Calls;
  readonly #clock: Clock;
  readonly #users = new Map<UserName, StoredUser>();
  /** What the report says of the root user; undefined: no report is to be had. */
  activeRootKeys: number | undefined = 0;
  #frozenReport: CredentialReport | undefined;
  #made = 0;

  constructor(clock: Clock, account: AccountId, calls: Calls = new Calls()) {
    this.#clock = clock;
    this.account = account;
    this.calls = calls;
  }

  users(): AsyncIterable<IamUser> {
    return this.calls.list('iam.users', [], () => [...this.#users.values()].map(({ user }) => user));
  }

  user(userName: UserName): Promise<IamUser> {
    return this.calls.run('iam.user', [userName], () => this.#find(userName).user);
  }

  keys(userName: UserName): Promise<readonly ListedKey[]> {
    return this.calls.run('iam.keys', [userName], () =>
      this.#find(userName).keys.map(({ keyId, status, createdAt }) => ({ keyId, status, createdAt })),
    );
  }

  keysWith(userName: UserName, _: AccessKeyId): Promise<readonly ListedKey[]> {
    return this.keys(userName);
  }

  lastUse(keyId: AccessKeyId): Promise<LastUse> {
    return this.calls.run('iam.lastUse', [keyId], () => this.#findKey(keyId).lastUse);
  }

  credentialReport(): Promise<CredentialReport | undefined> {
    return this.calls.run('iam.credentialReport', [], () => this.#report());
  }

  createKey(userName: UserName): Promise<CreatedKey> {
    return this.calls.run('iam.createKey', [userName], () => {
      const { keyId, createdAt } = this.#add(userName);
      return { keyId, createdAt, secret: new SecretAccessKey(this.secretOf(keyId)) };
    });
  }

  disableKey(userName: UserName, keyId: AccessKeyId): Promise<void> {
    return this.calls.run('iam.disableKey', [userName, keyId], () => {
      this.#setStatus(this.#findKey(keyId, userName), 'Inactive');
    });
  }

  enableKey(userName: UserName, keyId: AccessKeyId): Promise<void> {
    return this.calls.run('iam.enableKey', [userName, keyId], () => {
      this.#setStatus(this.#findKey(keyId, userName), 'Active');
    });
  }

  deleteKey(userName: UserName, keyId: AccessKeyId): Promise<void> {
    return this.calls.run('iam.deleteKey', [userName, keyId], () => this.#remove(keyId));
  }

  /** A new user, with a UserId that no user had before. */
  addUser(userName: UserName | string, { path = '/' }: { readonly path?: string } = {}): IamUser {
    const name = parseUserName(userName);
    const taken = [...this.#users.keys()].find((other) => other.toLowerCase() === name.toLowerCase());
    if (taken !== undefined) throw new Error(`user '${name}' cannot be added: IAM already has '${taken}'`);
    const arn = `arn:aws:iam::${this.account}:user${path}${name}`;
    const user = { userName: name, userId: this.#newUserId(), path, arn };
    this.#users.set(name, { user, createdAt: this.#clock.now(), keys: [] });
    return user;
  }

  /** Deletes the user with everything it has. */
  deleteUser(userName: UserName | string): void {
    if (!this.#users.delete(parseUserName(userName))) throw new Error(`there is no user '${userName}' to delete`);
  }

  /** Deletes the user and makes another of the same name and path. */
  recreateUser(userName: UserName | string): IamUser {
    const { path } = this.#find(parseUserName(userName)).user;
    this.deleteUser(userName);
    return this.addUser(userName, { path });
  }

  /** What an owner does in the console; `createdAt` lets a test start with an old key. */
  createKeyByHand(userName: UserName | string, { createdAt }: { readonly createdAt?: Instant } = {}): AccessKeyId {
    return this.#add(parseUserName(userName), createdAt).keyId;
  }

  /** Leaves the user with more keys than the quota allows, as concurrent calls have done in AWS. */
  exceedQuota(userName: UserName | string): AccessKeyId {
    return this.#push(this.#find(parseUserName(userName)), this.#clock.now()).keyId;
  }

  deactivate(keyId: AccessKeyId): void {
    this.#setStatus(this.#findKey(keyId), 'Inactive');
  }

  reactivate(keyId: AccessKeyId): void {
    this.#setStatus(this.#findKey(keyId), 'Active');
  }

  deleteKeyByHand(keyId: AccessKeyId): void {
    this.#findKey(keyId);
    this.#remove(keyId);
  }

  /** Somebody signs a request with the key; AWS would refuse an Inactive one. */
  useKey(keyId: AccessKeyId, use: { readonly at?: Instant; readonly service?: string; readonly region?: string } = {}) {
    const key = this.#findKey(keyId);
    if (key.status !== 'Active') throw new Error(`key ${keyId} is ${key.status}: AWS would refuse it`);
    const { at = this.#clock.now(), service = 's3', region = 'eu-central-1' } = use;
    key.lastUse = { kind: 'used', at, service, region };
  }

  /** The key as IAM has it now, for assertions; undefined when it is gone. */
  key(keyId: AccessKeyId): (ListedKey & { readonly userName: UserName }) | undefined {
    for (const { user, keys } of this.#users.values()) {
      const key = keys.find((candidate) => candidate.keyId === keyId);
      if (key) return { keyId, status: key.status, createdAt: key.createdAt, userName: user.userName };
    }
    return undefined;
  }

  /** The user's keys as they really are, whatever `keys` answers; none for a user that does not exist. */
  keysNow(userName: UserName): readonly ListedKey[] {
    const keys = this.#users.get(userName)?.keys ?? [];
    return keys.map(({ keyId, status, createdAt }) => ({ keyId, status, createdAt }));
  }

  /** Every user that there is. */
  userNames(): readonly UserName[] {
    return [...this.#users.keys()];
  }

  /** ARN of the user; undefined when there is none of that name. */
  arnOf(userName: UserName): string | undefined {
    return this.#users.get(userName)?.user.arn;
  }

  /** The secret access key that IAM made for this key ID; obviously none of AWS's. */
  secretOf(keyId: AccessKeyId): string {
    return `${SECRET_MARK}${keyId}`;
  }

  /** Freezes the report as it is now: AWS makes a new one every four hours only. */
  freezeReport(): void {
    this.#frozenReport = this.#report();
  }

  thawReport(): void {
    this.#frozenReport = undefined;
  }

  #report(): CredentialReport | undefined {
    if (this.activeRootKeys === undefined) return undefined;
    if (this.#frozenReport !== undefined) return this.#frozenReport;
    const users = [...this.#users.values()].map(({ user, createdAt, keys }) => ({
      userName: user.userName,
      arn: user.arn,
      createdAt,
      keys: keys.slice(0, 2).map(({ status, changedAt, lastUse }) => ({
        active: status === 'Active',
        lastRotated: changedAt,
        ...(lastUse.kind === 'unread' ? {} : { lastUse }),
      })),
    }));
    return { rootKeys: this.activeRootKeys, users };
  }

  #setStatus(key: StoredKey, status: KeyStatus): void {
    if (key.status === status) return;
    key.status = status;
    key.changedAt = this.#clock.now();
  }

  #find(userName: UserName): StoredUser {
    const found = this.#users.get(userName);
    if (!found) throw new UserGoneError(`There is no user '${userName}' in account ${this.account}.`);
    return found;
  }

  #findKey(keyId: AccessKeyId, userName?: UserName): StoredKey {
    for (const { user, keys } of this.#users.values()) {
      const key = keys.find((candidate) => candidate.keyId === keyId);
      if (key && (userName === undefined || user.userName === userName)) return key;
    }
    throw new KeyGoneError(`There is no key ${keyId} in account ${this.account}.`);
  }

  #add(userName: UserName, createdAt = this.#clock.now()): StoredKey {
    const user = this.#find(userName);
    if (user.keys.length >= KEYS_PER_USER) {
      throw new KeyQuotaError(`User '${userName}' already has ${user.keys.length} access keys.`);
    }
    return this.#push(user, createdAt);
  }

  /** CreateDate has a grain of one second. */
  #push(user: StoredUser, createdAt: Instant): StoredKey {
    const key: StoredKey = {
      keyId: this.#newKeyId(),
      createdAt: Math.floor(createdAt / 1000) * 1000,
      status: 'Active',
      lastUse: { kind: 'never' },
      changedAt: createdAt,
    };
    user.keys.push(key);
    return key;
  }

  #remove(keyId: AccessKeyId): void {
    for (const { keys } of this.#users.values()) {
      const index = keys.findIndex((key) => key.keyId === keyId);
      if (index >= 0) keys.splice(index, 1);
    }
  }

  // The account is part of each identifier, so that the fakes of two accounts never make the same one.
  #newKeyId(): AccessKeyId {
    this.#made += 1;
    return parseAccessKeyId(`AKIAFAKE${this.account.slice(-6)}${String(this.#made).padStart(6, '0')}`);
  }

  #newUserId(): UserId {
    this.#made += 1;
    return parseUserId(`AIDAFAKE${this.account.slice(-6)}${String(this.#made).padStart(7, '0')}`);
  }
}
