import { IAMClient, paginateListAccessKeys, paginateListUsers } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import {
  type AccessKeyId,
  type AccountId,
  parseAccessKeyId,
  parseUserId,
  parseUserName,
  type UserId,
  type UserName,
} from '../../lambda/domain/ids.ts';
import { secretNameOf } from '../../lambda/domain/secret-name.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { ClientConfig } from '../emulator.ts';

export interface ObservedKey {
  readonly keyId: AccessKeyId;
  readonly status: string;
  readonly createdAt: Instant;
}

export interface ObservedUser {
  readonly userName: UserName;
  readonly userId: UserId;
  readonly keys: readonly ObservedKey[];
  /** The user's secret, if there is one. */
  readonly secret?: ObservedSecret;
}

export interface ObservedSecret {
  /** The key that GetSecretValue with AWSCURRENT answers; absent: nothing is published. */
  readonly currentKeyId?: AccessKeyId;
  /** Version IDs that exist. */
  readonly versions: ReadonlySet<string>;
}

/** What really is in IAM and Secrets Manager at a moment, whatever Keyturn says about it. */
export interface Snapshot {
  readonly at: Instant;
  readonly users: readonly ObservedUser[];
  /** Every secret's name and versions, users' or not: shows whether anything changed at all. */
  readonly secrets: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface Observer {
  look(at: Instant): Promise<Snapshot>;
  /** Every secret access key that a secret was ever seen to hold. */
  readonly secretAccessKeys: ReadonlySet<string>;
}

const stored = z.object({ AccessKeyId: z.string().transform(parseAccessKeyId), SecretAccessKey: z.string().min(1) });

/** Looks with an administrator's eyes; its own reading of secrets is no call of Keyturn's. */
export function observe(client: ClientConfig, account: AccountId): Observer {
  const iam = new IAMClient(client);
  const secretsManager = new SecretsManagerClient(client);
  const secretAccessKeys = new Set<string>();

  async function keysOf(userName: UserName): Promise<ObservedKey[]> {
    const keys: ObservedKey[] = [];
    for await (const page of paginateListAccessKeys({ client: iam }, { UserName: userName })) {
      for (const { AccessKeyId = '', Status = '', CreateDate } of page.AccessKeyMetadata ?? []) {
        keys.push({ keyId: parseAccessKeyId(AccessKeyId), status: Status, createdAt: CreateDate?.getTime() ?? 0 });
      }
    }
    return keys;
  }

  async function listSecrets(): Promise<Map<string, ReadonlySet<string>>> {
    const found = new Map<string, ReadonlySet<string>>();
    for await (const page of paginateListSecrets({ client: secretsManager }, {})) {
      for (const { Name = '', SecretVersionsToStages = {} } of page.SecretList ?? []) {
        found.set(Name, new Set(Object.keys(SecretVersionsToStages)));
      }
    }
    return found;
  }

  async function read(name: string, versions: ReadonlySet<string>): Promise<ObservedSecret> {
    try {
      const { SecretString = '' } = await secretsManager.send(
        // The stage is named because the emulator answers the newest version otherwise.
        new GetSecretValueCommand({ SecretId: name, VersionStage: 'AWSCURRENT' }),
      );
      const { AccessKeyId, SecretAccessKey } = stored.parse(JSON.parse(SecretString));
      secretAccessKeys.add(SecretAccessKey);
      return { currentKeyId: AccessKeyId, versions };
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return { versions };
      throw error;
    }
  }

  return {
    secretAccessKeys,
    async look(at) {
      const listed: { userName: UserName; userId: UserId }[] = [];
      for await (const page of paginateListUsers({ client: iam }, {})) {
        for (const { UserName = '', UserId = '' } of page.Users ?? []) {
          listed.push({ userName: parseUserName(UserName), userId: parseUserId(UserId) });
        }
      }
      const secrets = await listSecrets();
      const users = await Promise.all(
        listed.map(async ({ userName, userId }): Promise<ObservedUser> => {
          const name = secretNameOf(account, userName);
          const versions = secrets.get(name);
          const [keys, secret] = await Promise.all([keysOf(userName), versions && read(name, versions)]);
          return { userName, userId, keys, ...(secret && { secret }) };
        }),
      );
      return { at, users, secrets };
    },
  };
}
