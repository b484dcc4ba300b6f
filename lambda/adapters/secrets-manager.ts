import {
  CreateSecretCommand,
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { AccessKeyId, AccountId, UserName } from '../domain/ids.ts';
import { secretVersionOf } from '../domain/secret-name.ts';
import { type CreatedKey, type IamUser, type Secrets, type StoredVersions, UnavailableError } from '../ports.ts';
import { calling, failureMessage, hasCode } from './aws-errors.ts';
import { complete } from './iam-answers.ts';
import { secretDescription, secretTags, secretValue } from './secret-contents.ts';
import { checkKeys } from './secret-keys.ts';
import { secretPolicy } from './secret-policy.ts';
import { type Replication, replicaRegions, replicateWhereMissing } from './secret-replicas.ts';

const CURRENT = 'AWSCURRENT';
const PENDING = 'AWSPENDING';

export interface SecretsManagerOptions extends Replication {
  /** ARNs that may read every secret beside its user. */
  readonly readers: readonly string[];
}

/** Secrets Manager of the account and Region that the client belongs to. It never reads a secret's value. */
export class SecretsManager implements Secrets {
  readonly #client: SecretsManagerClient;
  readonly #options: SecretsManagerOptions;

  constructor(client: SecretsManagerClient, options: SecretsManagerOptions) {
    this.#client = client;
    this.#options = options;
  }

  async ensure(secretName: string, user: IamUser, account: AccountId): Promise<StoredVersions> {
    const found = await this.#describe(secretName);
    if (found?.DeletedDate !== undefined) throw isScheduledForDeletion(secretName);
    const held = found
      ? await this.#complete(secretName, account, found)
      : await this.#create(secretName, user, account);
    // Each time: the user may have been deleted and re-created, and AWS ties a policy to the former one by its UserId.
    const policy = secretPolicy([user.arn, ...this.#options.readers]);
    await calling(
      'secretsmanager:PutResourcePolicy',
      () =>
        this.#client.send(
          new PutResourcePolicyCommand({ SecretId: secretName, ResourcePolicy: policy, BlockPublicPolicy: true }),
        ),
      (error) => (hasCode(error, 'MalformedPolicyDocument') ? refusedPolicy(secretName, error) : undefined),
    );
    return held;
  }

  async versions(secretName: string): Promise<StoredVersions | undefined> {
    const found = await this.#describe(secretName);
    return found && storedVersions(found);
  }

  async store(
    secretName: string,
    account: AccountId,
    userName: UserName,
    key: CreatedKey,
    held: StoredVersions,
  ): Promise<StoredVersions> {
    const action = 'secretsmanager:PutSecretValue';
    const version = secretVersionOf(key.keyId);
    const secret = key.secret.reveal();
    const command = new PutSecretValueCommand({
      SecretId: secretName,
      SecretString: secretValue(account, userName, key),
      ClientRequestToken: version,
      VersionStages: [PENDING],
    });
    const { VersionStages = [] } = await calling(
      action,
      () => this.#client.send(command),
      (error) => {
        // A message that quoted the request would carry the secret: then only its rest is kept, and no cause.
        const message = failureMessage(action, error);
        return message.includes(secret) ? new UnavailableError(message.replaceAll(secret, '[secret]')) : undefined;
      },
    );
    // AWS makes a secret's first version the current one, whatever label it was put with.
    const current = VersionStages.includes(CURRENT) ? { current: version } : {};
    return { ...held, all: new Set([...held.all, version]), ...current };
  }

  async publish(secretName: string, keyId: AccessKeyId, holds?: StoredVersions): Promise<void> {
    const version = secretVersionOf(keyId);
    if (holds?.current === version) return;
    // Only with the label's place known can it be moved; if it was known wrongly, AWS refuses and we look.
    if (holds?.current !== undefined && (await this.#moved(secretName, version, holds.current))) return;
    const found = await this.#describe(secretName);
    if (found === undefined) throw new UnavailableError(`There is no secret ${secretName} to publish key ${keyId} in.`);
    if (found.DeletedDate !== undefined) throw isScheduledForDeletion(secretName);
    const { all, current } = storedVersions(found);
    if (!all.has(version)) throw new UnavailableError(`Secret ${secretName} does not hold key ${keyId}.`);
    if (current !== version) await calling(MOVE, () => this.#move(secretName, version, current));
  }

  /** False when the label is elsewhere, or there is no such version. */
  #moved(secretName: string, to: string, from: string): Promise<boolean> {
    return calling(MOVE, async () => {
      try {
        await this.#move(secretName, to, from);
        return true;
      } catch (error) {
        if (hasCode(error, 'InvalidParameter', 'InvalidRequest', 'ResourceNotFound')) return false;
        throw error;
      }
    });
  }

  #move(secretName: string, to: string, from: string | undefined) {
    const labels = {
      VersionStage: CURRENT,
      MoveToVersionId: to,
      ...(from !== undefined && { RemoveFromVersionId: from }),
    };
    return this.#client.send(new UpdateSecretVersionStageCommand({ SecretId: secretName, ...labels }));
  }

  #describe(secretName: string): Promise<DescribeSecretCommandOutput | undefined> {
    return calling('secretsmanager:DescribeSecret', async () => {
      try {
        return await this.#client.send(new DescribeSecretCommand({ SecretId: secretName }));
      } catch (error) {
        if (hasCode(error, 'ResourceNotFound')) return undefined;
        throw error;
      }
    });
  }

  /** Gives a secret what it lacks. */
  async #complete(secretName: string, account: AccountId, found: DescribeSecretCommandOutput): Promise<StoredVersions> {
    checkKeys(secretName, found, this.#options);
    const tags = secretTags(secretName, account);
    if (!tags.every((tag) => found.Tags?.some((own) => own.Key === tag.Key && own.Value === tag.Value))) {
      await calling('secretsmanager:TagResource', () =>
        this.#client.send(new TagResourceCommand({ SecretId: secretName, Tags: tags })),
      );
    }
    await replicateWhereMissing(this.#client, secretName, found, this.#options);
    return storedVersions(found);
  }

  async #create(secretName: string, user: IamUser, account: AccountId): Promise<StoredVersions> {
    const { kmsKeyArn } = this.#options;
    const replicas = replicaRegions(this.#options);
    const command = new CreateSecretCommand({
      Name: secretName,
      Description: secretDescription(user.userName),
      Tags: secretTags(secretName, account),
      ...(kmsKeyArn !== undefined && { KmsKeyId: kmsKeyArn }),
      ...(replicas.length > 0 && { AddReplicaRegions: replicas }),
    });
    const action = 'secretsmanager:CreateSecret';
    const created = await calling(action, async () => {
      try {
        return await this.#client.send(command);
      } catch (error) {
        // Somebody was faster, or an earlier attempt took effect and its answer was lost: it is there.
        if (hasCode(error, 'ResourceExists')) return undefined;
        throw error;
      }
    });
    if (created !== undefined) return { arn: complete(action, 'ARN', created.ARN), all: new Set() };
    const found = await this.#describe(secretName);
    if (found === undefined) throw new UnavailableError(`Secret ${secretName} exists, and is not to be found.`);
    return this.#complete(secretName, account, found);
  }
}

const MOVE = 'secretsmanager:UpdateSecretVersionStage';

/** AWS lists only versions with a staging label as existing: one without may be pruned at any time. */
function storedVersions({ ARN, VersionIdsToStages = {} }: DescribeSecretCommandOutput): StoredVersions {
  const arn = complete('secretsmanager:DescribeSecret', 'ARN', ARN);
  const labelled = Object.entries(VersionIdsToStages).filter(([, stages]) => stages.length > 0);
  const current = labelled.find(([, stages]) => stages.includes(CURRENT))?.[0];
  return { arn, all: new Set(labelled.map(([version]) => version)), ...(current !== undefined && { current }) };
}

const isScheduledForDeletion = (secretName: string) =>
  new UnavailableError(
    `Secret ${secretName} is scheduled for deletion. Restore it with: ` +
      `aws secretsmanager restore-secret --secret-id '${secretName}'`,
  );

const refusedPolicy = (secretName: string, cause: unknown) =>
  new UnavailableError(
    `${failureMessage('secretsmanager:PutResourcePolicy', cause)} The policy of ${secretName} names the user and the ` +
      'configured secret readers: check that each of these readers exists.',
    { cause },
  );
