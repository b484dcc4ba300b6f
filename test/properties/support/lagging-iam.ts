import type { KeyStatus } from '../../../lambda/domain/facts.ts';
import type { AccessKeyId, AccountId, UserName } from '../../../lambda/domain/ids.ts';
import type { Instant } from '../../../lambda/domain/time.ts';
import type { Clock, CreatedKey, ListedKey } from '../../../lambda/ports.ts';
import type { Calls } from '../../support/calls.ts';
import { FakeIam } from '../../support/fake-iam.ts';

/** What IAM goes on answering about a key until `until`: `undefined` for one that it does not list yet. */
interface Stale {
  readonly userName: UserName;
  readonly until: Instant;
  readonly listed: ListedKey | undefined;
}

/**
 * IAM that is eventually consistent: for a while after a change it lists keys as they were before, new ones not at all,
 * deleted ones still. What is done takes effect at once.
 */
export class LaggingIam extends FakeIam {
  readonly #clock: Clock;
  readonly #lag: number;
  readonly #stale = new Map<AccessKeyId, Stale>();

  constructor(clock: Clock, account: AccountId, lag: number, calls: Calls) {
    super(clock, account, calls);
    this.#clock = clock;
    this.#lag = lag;
  }

  override async keys(userName: UserName): Promise<readonly ListedKey[]> {
    const keys = await super.keys(userName);
    const now = this.#clock.now();
    const stale = [...this.#stale].filter(([, entry]) => entry.userName === userName && now < entry.until);
    if (stale.length === 0) return keys;
    const stalled = new Set(stale.map(([keyId]) => keyId));
    const asBefore = stale.flatMap(([, { listed }]) => (listed === undefined ? [] : [listed]));
    return [...keys.filter(({ keyId }) => !stalled.has(keyId)), ...asBefore];
  }

  /** When the key is known everywhere: until then STS refuses it. */
  knownAt(keyId: AccessKeyId): Instant {
    return this.#stale.get(keyId)?.until ?? Number.NEGATIVE_INFINITY;
  }

  override async createKey(userName: UserName): Promise<CreatedKey> {
    const created = await super.createKey(userName);
    this.#delay(created.keyId, userName, undefined);
    return created;
  }

  override createKeyByHand(userName: UserName, options: { readonly createdAt?: Instant } = {}): AccessKeyId {
    const keyId = super.createKeyByHand(userName, options);
    this.#delay(keyId, userName, undefined);
    return keyId;
  }

  override exceedQuota(userName: UserName): AccessKeyId {
    const keyId = super.exceedQuota(userName);
    this.#delay(keyId, userName, undefined);
    return keyId;
  }

  override async disableKey(userName: UserName, keyId: AccessKeyId): Promise<void> {
    this.#delayStatus(keyId, 'Inactive');
    await super.disableKey(userName, keyId);
  }

  override async enableKey(userName: UserName, keyId: AccessKeyId): Promise<void> {
    this.#delayStatus(keyId, 'Active');
    await super.enableKey(userName, keyId);
  }

  override deactivate(keyId: AccessKeyId): void {
    this.#delayStatus(keyId, 'Inactive');
    super.deactivate(keyId);
  }

  override reactivate(keyId: AccessKeyId): void {
    this.#delayStatus(keyId, 'Active');
    super.reactivate(keyId);
  }

  override deleteKeyByHand(keyId: AccessKeyId): void {
    const key = this.key(keyId);
    super.deleteKeyByHand(keyId);
    if (key !== undefined) this.#delay(keyId, key.userName, key);
  }

  #delayStatus(keyId: AccessKeyId, status: KeyStatus): void {
    const key = this.key(keyId);
    if (key !== undefined && key.status !== status) this.#delay(keyId, key.userName, key);
  }

  #delay(keyId: AccessKeyId, userName: UserName, listed: ListedKey | undefined): void {
    const now = this.#clock.now();
    const before = this.#stale.get(keyId);
    // What was not known yet before this change is not known now either.
    const asSeen = before !== undefined && now < before.until ? before.listed : listed;
    this.#stale.set(keyId, { userName, until: now + this.#lag, listed: asSeen });
  }
}
