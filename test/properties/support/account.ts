import { type AccessKeyId, parseUserName, type UserId, type UserName } from '../../../lambda/domain/ids.ts';
import type { Exemption } from '../../../lambda/domain/owners.ts';
import { secretNameOf } from '../../../lambda/domain/secret-name.ts';
import { DAY, type Instant } from '../../../lambda/domain/time.ts';
import type { ListedKey } from '../../../lambda/ports.ts';
import { ACCOUNT, anExemption, exemptionId } from '../../support/builders.ts';
import { Calls } from '../../support/calls.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeLedger } from '../../support/fake-ledger.ts';
import { FakeOwners } from '../../support/fake-owners.ts';
import { FakeSecrets } from '../../support/fake-secrets.ts';
import { type Asking, ask } from './asking.ts';
import { onDay } from './calendar.ts';
import { LaggingIam } from './lagging-iam.ts';
import type { Deed, FirstUser, Story } from './story.ts';
import { userNames } from './story.ts';

/** The world as it really is, and what people do in it. */
export class Account {
  readonly calls: Calls = new Calls();
  readonly clock: FakeClock = new FakeClock();
  readonly secrets: FakeSecrets = new FakeSecrets(this.calls);
  readonly owners: FakeOwners = new FakeOwners(this.calls);
  readonly ledger: FakeLedger = new FakeLedger(this.calls, this.owners);
  readonly iam: LaggingIam;
  /** Keys that Keyturn made, and of those the ones whose secret an owner has fetched. */
  readonly madeByKeyturn: Map<AccessKeyId, Instant> = new Map();
  readonly held: Set<AccessKeyId> = new Set();
  /** Keys that people have used since the story began. */
  readonly used: Set<AccessKeyId> = new Set();
  /** Of those that Keyturn made, the ones whose secret has ever been in its secret: the version may have lost its label since. */
  readonly stored: Set<AccessKeyId> = new Set();
  /** When IAM last told a worker that the key is Active. */
  readonly lastListedActive: Map<AccessKeyId, Instant> = new Map();
  /** When people last did something to the user. */
  readonly touchedAt: Map<UserName, Instant> = new Map();
  readonly recreatedAt: Map<UserName, Instant> = new Map();
  readonly names: readonly UserName[];
  readonly #firstKeys: ReadonlyMap<UserName, readonly AccessKeyId[]>;
  readonly #exemptions: Exemption[] = [];
  readonly #userIds = new Map<UserName, UserId>();

  constructor({ users, lagSeconds }: Story) {
    this.iam = new LaggingIam(this.clock, ACCOUNT, lagSeconds * 1000, this.calls);
    this.names = users.map((_, n) => parseUserName(userNames[n] ?? `user-${n}`));
    this.clock.set(onDay(-1000));
    for (const userName of this.names) this.#userIds.set(userName, this.iam.addUser(userName).userId);
    users.forEach((user, n) => {
      this.#addKeys(user, this.names[n]);
    });
    this.#firstKeys = new Map(
      this.names.map((userName) => [userName, this.keysOf(userName).map(({ keyId }) => keyId)]),
    );
    this.clock.set(onDay(0));
  }

  #addKeys({ keys }: FirstUser, userName: UserName | undefined): void {
    if (userName === undefined) return;
    for (const { ageDays, status, usedDaysAgo } of keys) {
      this.clock.set(onDay(-ageDays));
      const keyId = this.iam.exceedQuota(userName);
      if (usedDaysAgo !== undefined) this.iam.useKey(keyId, { at: onDay(-Math.min(usedDaysAgo, ageDays)) });
      if (status === 'Inactive') this.iam.deactivate(keyId);
    }
  }

  /** The keys that the user had when the story began. */
  firstKeysOf(userName: UserName): readonly AccessKeyId[] {
    return this.#firstKeys.get(userName) ?? [];
  }

  userOf({ user }: { readonly user: number }): UserName {
    return this.names[user % this.names.length] ?? parseUserName(userNames[0]);
  }

  /** The user's keys as they really are. */
  keysOf(userName: UserName): readonly ListedKey[] {
    return this.iam.keysNow(userName);
  }

  /** Whether the key's secret access key is in somebody's hands, or there to be fetched. */
  isInHands(keyId: AccessKeyId, userName: UserName): boolean {
    return !this.madeByKeyturn.has(keyId) || this.held.has(keyId) || this.#isFetchable(keyId, userName);
  }

  #isFetchable(keyId: AccessKeyId, userName: UserName): boolean {
    const arn = this.iam.arnOf(userName);
    if (arn === undefined) return false;
    return this.secrets.fetchAs(arn, secretNameOf(ACCOUNT, userName)) === this.iam.secretOf(keyId);
  }

  /** Does what somebody does by hand; false when AWS would not let them. */
  act(deed: Deed): boolean {
    if (!('user' in deed)) return false;
    const userName = this.userOf(deed);
    // Whoever asks for something touches nothing.
    if (!deed.what.startsWith('ask to')) this.touchedAt.set(userName, this.clock.now());
    switch (deed.what) {
      case 'exempt':
        return this.#exempt(userName, deed.days);
      case 'revoke':
        return this.#revoke(userName);
      case 'ask to rotate':
      case 'ask to stop':
      case 'ask to restore':
      case 'ask to snooze':
        return ask(this, userName, deed);
      case 're-create the user':
        this.recreatedAt.set(userName, this.clock.now());
        this.#userIds.set(
          userName,
          (this.iam.arnOf(userName) === undefined ? this.iam.addUser(userName) : this.iam.recreateUser(userName))
            .userId,
        );
        return true;
      default:
        return this.iam.arnOf(userName) !== undefined && this.#actOn(userName, deed);
    }
  }

  #actOn(
    userName: UserName,
    deed: Exclude<Deed, Asking | { what: 'exempt' | 'revoke' | 're-create the user' | 'mode' | 'policy' }>,
  ): boolean {
    const keys = this.keysOf(userName);
    if (deed.what === 'delete the user') this.iam.deleteUser(userName);
    else if (deed.what === 'create beside another') this.iam.exceedQuota(userName);
    else if (deed.what === 'create') {
      if (keys.length >= 2) return false;
      this.iam.createKeyByHand(userName);
    } else if ('which' in deed) {
      const key = keys[deed.which % Math.max(1, keys.length)];
      if (key === undefined) return false;
      if (deed.what === 'use') return this.#use(userName, key);
      if (deed.what === 'delete') this.iam.deleteKeyByHand(key.keyId);
      else if (deed.what === 'activate') this.iam.reactivate(key.keyId);
      else this.iam.deactivate(key.keyId);
    }
    return true;
  }

  /** Whoever uses a key that Keyturn made has fetched it before. */
  #use(userName: UserName, key: ListedKey): boolean {
    if (key.status !== 'Active' || !this.isInHands(key.keyId, userName)) return false;
    this.held.add(key.keyId);
    this.used.add(key.keyId);
    this.iam.useKey(key.keyId);
    return true;
  }

  #exempt(userName: UserName, days: number): boolean {
    const now = this.clock.now();
    const id = exemptionId(this.#exemptions.length + 1, now);
    // Who may not read IAM exempts a name, whoever bears it.
    const userId = days % 2 === 0 ? this.#userIds.get(userName) : undefined;
    const exemption = anExemption({
      id,
      match: { kind: 'user', userName },
      grantedAt: now,
      expiresAt: now + days * DAY,
      ...(userId && { userId }),
    });
    this.#exemptions.push(exemption);
    void this.owners.putExemption(exemption);
    return true;
  }

  #revoke(userName: UserName): boolean {
    const held = this.#exemptions.filter(({ match }) => match.kind === 'user' && match.userName === userName);
    for (const exemption of held) void this.owners.deleteExemption(exemption);
    return held.length > 0;
  }
}
