import {
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import type { LastUse } from '../domain/facts.ts';
import type { AccessKeyId, UserName } from '../domain/ids.ts';
import type { CredentialReport } from '../domain/inventory.ts';
import {
  type Clock,
  type CreatedKey,
  type Iam,
  type IamUser,
  KeyGoneError,
  type ListedKey,
  UserGoneError,
} from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';
import { createAccessKey } from './create-access-key.ts';
import { credentialReport } from './credential-report.ts';
import { complete, iamUser, lastUse, listedKey, nextMarker } from './iam-answers.ts';
import { type Pause, pause as realPause } from './pause.ts';
import { systemClock } from './system-clock.ts';

export interface IamClients {
  /** Retries on its own. */
  readonly retrying: IAMClient;
  /** Never retries (`singleAttempt`): for CreateAccessKey, which is not idempotent, and for polling. */
  readonly single: IAMClient;
}

export interface IamOptions {
  readonly pause?: Pause;
  readonly clock?: Clock;
  /** How often a throttled CreateAccessKey is tried in all. */
  readonly createAttempts?: number;
  /** Milliseconds between two looks for the credential report, and of waiting for it in all. */
  readonly reportPoll?: number;
  readonly reportBound?: number;
}

/** A new key is listed after some seconds at most: about twenty in all. */
const NEW_KEY_LOOKS = 11;
const NEW_KEY_POLL = 2_000;

/** IAM of the account that the clients' credentials belong to. */
export class AwsIam implements Iam {
  readonly #retrying: IAMClient;
  readonly #single: IAMClient;
  readonly #options: Required<IamOptions>;

  constructor(clients: IamClients, options: IamOptions = {}) {
    this.#retrying = clients.retrying;
    this.#single = clients.single;
    const real = { pause: realPause, clock: systemClock };
    this.#options = { ...real, createAttempts: 5, reportPoll: 1_500, reportBound: 20_000, ...options };
  }

  async *users(): AsyncIterable<IamUser> {
    const action = 'iam:ListUsers';
    let marker: string | undefined;
    do {
      const command = new ListUsersCommand({ MaxItems: 1000, ...(marker !== undefined && { Marker: marker }) });
      const page = await calling(action, () => this.#retrying.send(command));
      for (const user of complete(action, 'Users', page.Users)) yield iamUser(action, user);
      marker = nextMarker(action, page);
    } while (marker !== undefined);
  }

  async user(userName: UserName): Promise<IamUser> {
    const action = 'iam:GetUser';
    const command = new GetUserCommand({ UserName: userName });
    const { User } = await calling(action, () => this.#retrying.send(command), ifUserGone(userName));
    return iamUser(action, complete(action, 'User', User));
  }

  async keys(userName: UserName): Promise<readonly ListedKey[]> {
    const action = 'iam:ListAccessKeys';
    const keys: ListedKey[] = [];
    let marker: string | undefined;
    do {
      const command = new ListAccessKeysCommand({
        UserName: userName,
        ...(marker !== undefined && { Marker: marker }),
      });
      const page = await calling(action, () => this.#retrying.send(command), ifUserGone(userName));
      for (const key of complete(action, 'AccessKeyMetadata', page.AccessKeyMetadata))
        keys.push(listedKey(action, key));
      marker = nextMarker(action, page);
    } while (marker !== undefined);
    return keys;
  }

  async keysWith(userName: UserName, keyId: AccessKeyId): Promise<readonly ListedKey[]> {
    for (let look = 1; ; look += 1) {
      const keys = await this.keys(userName);
      if (look === NEW_KEY_LOOKS || keys.some((key) => key.keyId === keyId)) return keys;
      await this.#options.pause(NEW_KEY_POLL);
    }
  }

  async lastUse(keyId: AccessKeyId): Promise<LastUse> {
    const action = 'iam:GetAccessKeyLastUsed';
    const command = new GetAccessKeyLastUsedCommand({ AccessKeyId: keyId });
    const answer = await calling(action, () => this.#retrying.send(command), ifKeyGone(keyId));
    return lastUse(complete(action, 'AccessKeyLastUsed', answer.AccessKeyLastUsed));
  }

  credentialReport(): Promise<CredentialReport | undefined> {
    const { pause, clock, reportPoll: poll, reportBound: bound } = this.#options;
    return credentialReport(this.#single, { pause, clock, poll, bound });
  }

  createKey(userName: UserName): Promise<CreatedKey> {
    const { pause, createAttempts: attempts } = this.#options;
    return createAccessKey(this.#single, userName, { attempts, pause });
  }

  disableKey(userName: UserName, keyId: AccessKeyId): Promise<void> {
    return this.#setStatus(userName, keyId, 'Inactive');
  }

  enableKey(userName: UserName, keyId: AccessKeyId): Promise<void> {
    return this.#setStatus(userName, keyId, 'Active');
  }

  async deleteKey(userName: UserName, keyId: AccessKeyId): Promise<void> {
    const command = new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: keyId });
    try {
      await calling('iam:DeleteAccessKey', () => this.#retrying.send(command), ifKeyGone(keyId));
    } catch (error) {
      // Gone is what was wanted, whoever did it: another hand, or an earlier attempt whose answer was lost.
      if (!(error instanceof KeyGoneError)) throw error;
    }
  }

  async #setStatus(userName: UserName, keyId: AccessKeyId, status: 'Active' | 'Inactive'): Promise<void> {
    const command = new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: keyId, Status: status });
    await calling('iam:UpdateAccessKey', () => this.#retrying.send(command), ifKeyGone(keyId));
  }
}

const ifUserGone = (userName: UserName) => (error: unknown) =>
  hasCode(error, 'NoSuchEntity')
    ? new UserGoneError(`There is no IAM user '${userName}' any more.`, { cause: error })
    : undefined;

const ifKeyGone = (keyId: AccessKeyId) => (error: unknown) =>
  hasCode(error, 'NoSuchEntity')
    ? new KeyGoneError(`There is no access key ${keyId} any more.`, { cause: error })
    : undefined;
