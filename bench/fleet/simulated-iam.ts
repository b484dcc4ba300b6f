import type { KeyStatus, LastUse } from '../../lambda/domain/facts.ts';
import type { AccessKeyId, UserName } from '../../lambda/domain/ids.ts';
import type { CredentialReport } from '../../lambda/domain/inventory.ts';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';
import { type Instant, MINUTE } from '../../lambda/domain/time.ts';
import { type CreatedKey, type Iam, type IamUser, KeyGoneError, UserGoneError } from '../../lambda/ports.ts';
import { type AccountData, inUse, newKey, type StoredUser } from './account-data.ts';
import type { CallModel } from './model.ts';

/** As in the adapter: between two looks for the report. */
const REPORT_POLL = 1_500;
/** For so long AWS answers with the same report. */
const REPORT_LIFE = 240 * MINUTE;
/** What one ListUsers answers with. */
const PAGE = 1_000;

/** IAM of one simulated account. Every call takes its time; the tags of a user are nobody's but the per-user sweep's. */
export function simulatedIam(
  data: AccountData,
  model: CallModel,
): Iam & { userTags(userName: UserName): Promise<void> } {
  const find = (userName: UserName): StoredUser => {
    const found = data.users.get(userName);
    if (found === undefined) throw new UserGoneError(`There is no user ${userName}.`);
    return found;
  };
  const keep = (stored: StoredUser, keys: StoredUser['keys']) =>
    void data.users.set(stored.user.userName, { ...stored, keys });

  const setStatus = async (userName: UserName, keyId: AccessKeyId, status: KeyStatus): Promise<void> => {
    await model.iam('UpdateAccessKey');
    const stored = find(userName);
    if (!stored.keys.some(isOne(keyId))) throw new KeyGoneError(`There is no key ${keyId}.`);
    const changedAt = model.now();
    keep(
      stored,
      stored.keys.map((key) => (key.keyId === keyId ? { ...key, status, changedAt } : key)),
    );
  };
  return {
    async *users(): AsyncIterable<IamUser> {
      let n = 0;
      for (const { user } of data.users.values()) {
        if (n % PAGE === 0) await model.iam('ListUsers');
        n += 1;
        yield user;
      }
    },
    async user(userName) {
      await model.iam('GetUser');
      return find(userName).user;
    },
    async keys(userName) {
      await model.iam('ListAccessKeys');
      return find(userName).keys;
    },
    async keysWith(userName) {
      await model.iam('ListAccessKeys');
      return find(userName).keys;
    },
    async lastUse() {
      await model.iam('GetAccessKeyLastUsed');
      return inUse;
    },
    async userTags() {
      await model.iam('ListUserTags');
    },
    async credentialReport() {
      await model.iam('GenerateCredentialReport');
      const madeAt = data.reportMadeAt;
      if (madeAt === undefined || model.now() >= madeAt + REPORT_LIFE) {
        data.reportMadeAt = model.now() + model.assumed.reportMs;
      }
      while (model.now() < (data.reportMadeAt ?? 0)) {
        await model.wait(REPORT_POLL);
        await model.iam('GenerateCredentialReport');
      }
      await model.iam('GetCredentialReport');
      return reportOf(data, model.now());
    },
    async createKey(userName): Promise<CreatedKey> {
      await model.iam('CreateAccessKey');
      const stored = find(userName);
      const key = newKey(data, model.now());
      keep(stored, [...stored.keys, key]);
      return { keyId: key.keyId, createdAt: key.createdAt, secret: new SecretAccessKey('fake') };
    },
    disableKey: (userName, keyId) => setStatus(userName, keyId, 'Inactive'),
    enableKey: (userName, keyId) => setStatus(userName, keyId, 'Active'),
    async deleteKey(userName, keyId) {
      await model.iam('DeleteAccessKey');
      const stored = find(userName);
      keep(
        stored,
        stored.keys.filter((key) => key.keyId !== keyId),
      );
    },
  };
}

const isOne = (keyId: AccessKeyId) => (key: { readonly keyId: AccessKeyId }) => key.keyId === keyId;

const reportOf = ({ users }: AccountData, now: Instant): CredentialReport => ({
  rootKeys: 0,
  users: [...users.values()].map(({ user, createdAt, keys }) => ({
    userName: user.userName,
    arn: user.arn,
    createdAt,
    keys: keys.map(({ status, createdAt: madeAt, changedAt }) => ({
      active: status === 'Active',
      lastRotated: changedAt,
      lastUse: installed(madeAt, now),
    })),
  })),
});

/** Owners install a new key within the hour, and leave the old one alone from then on. */
const installed = (madeAt: Instant, now: Instant): Exclude<LastUse, { kind: 'unread' }> =>
  now < madeAt + 60 * MINUTE
    ? { kind: 'never' }
    : { kind: 'used', at: madeAt + 60 * MINUTE, service: 's3', region: 'us-east-1' };
