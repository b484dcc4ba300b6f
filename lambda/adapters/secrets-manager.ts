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
import { toIso } from '../domain/time.ts';
import { type CreatedKey, type IamUser, type Secrets, type StoredVersions, UnavailableError } from '../ports.ts';
import { calling, failureMessage, hasCode } from './aws-errors.ts';
import { secretPolicy } from './secret-policy.ts';

const CURRENT = 'AWSCURRENT';
const PENDING = 'AWSPENDING';

/** Secrets Manager of the account and Region that the client belongs to. It never reads a secret's value. */
export class SecretsManager implements Secrets {
  readonly #client: SecretsManagerClient;
  readonly #readers: readonly string[];

  /** `readers`: ARNs that may read every secret beside its user. */
  constructor(client: SecretsManagerClient, readers: readonly string[]) {
    this.#client = client;
    this.#readers = readers;
  }

  async ensure(secretName: string, user: IamUser, account: AccountId): Promise<void> {
    const found = await this.#describe(secretName);
    if (found?.DeletedDate !== undefined) throw isScheduledForDeletion(secretName);
    const tags = tagsOf(secretName, account);
    if (found === undefined) await this.#create(secretName, user, tags);
    else if (!tags.every((tag) => found.Tags?.some((own) => own.Key === tag.Key && own.Value === tag.Value))) {
      await calling('secretsmanager:TagResource', () =>
        this.#client.send(new TagResourceCommand({ SecretId: secretName, Tags: tags })),
      );
    }
    // Each time: the user may have been deleted and re-created, and AWS ties a policy to the former one by its UserId.
    const policy = secretPolicy([user.arn, ...this.#readers]);
    await calling(
      'secretsmanager:PutResourcePolicy',
      () =>
        this.#client.send(
          new PutResourcePolicyCommand({ SecretId: secretName, ResourcePolicy: policy, BlockPublicPolicy: true }),
        ),
      (error) => (hasCode(error, 'MalformedPolicyDocument') ? refusedPolicy(secretName, error) : undefined),
    );
  }

  async versions(secretName: string): Promise<StoredVersions | undefined> {
    const found = await this.#describe(secretName);
    return found && storedVersions(found);
  }

  async store(secretName: string, account: AccountId, userName: UserName, key: CreatedKey): Promise<void> {
    const action = 'secretsmanager:PutSecretValue';
    const secret = key.secret.reveal();
    // The shape that `credential_process` of every AWS SDK reads, with what a person wants to know beside it.
    const value = JSON.stringify({
      Version: 1,
      AccessKeyId: key.keyId,
      SecretAccessKey: secret,
      UserName: userName,
      Account: account,
      CreatedAt: toIso(key.createdAt),
    });
    const command = new PutSecretValueCommand({
      SecretId: secretName,
      SecretString: value,
      ClientRequestToken: secretVersionOf(key.keyId),
      VersionStages: [PENDING],
    });
    await calling(
      action,
      () => this.#client.send(command),
      (error) => {
        // A message that quoted the request would carry the secret: then only its rest is kept, and no cause.
        const message = failureMessage(action, error);
        return message.includes(secret) ? new UnavailableError(message.replaceAll(secret, '[secret]')) : undefined;
      },
    );
  }

  async publish(secretName: string, keyId: AccessKeyId): Promise<void> {
    const found = await this.#describe(secretName);
    const version = secretVersionOf(keyId);
    if (found === undefined) throw new UnavailableError(`There is no secret ${secretName} to publish key ${keyId} in.`);
    if (found.DeletedDate !== undefined) throw isScheduledForDeletion(secretName);
    const { all, current } = storedVersions(found);
    if (!all.has(version)) throw new UnavailableError(`Secret ${secretName} does not hold key ${keyId}.`);
    if (current === version) return;
    await calling('secretsmanager:UpdateSecretVersionStage', () =>
      this.#client.send(
        new UpdateSecretVersionStageCommand({
          SecretId: secretName,
          VersionStage: CURRENT,
          MoveToVersionId: version,
          ...(current !== undefined && { RemoveFromVersionId: current }),
        }),
      ),
    );
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

  async #create(secretName: string, user: IamUser, tags: readonly { Key: string; Value: string }[]): Promise<void> {
    const description =
      `Access key of IAM user ${user.userName}, kept by Keyturn: the version ${CURRENT} is the key to use. ` +
      'Readable by that user itself; its value fits credential_process in ~/.aws/config.';
    await calling('secretsmanager:CreateSecret', async () => {
      try {
        await this.#client.send(
          new CreateSecretCommand({ Name: secretName, Description: description, Tags: [...tags] }),
        );
      } catch (error) {
        // Somebody was faster, or an earlier attempt took effect and its answer was lost: it is there.
        if (!hasCode(error, 'ResourceExists')) throw error;
      }
    });
  }
}

// A tag's value may not hold a comma, a user name may: the encoded one of the secret's name is used.
const tagsOf = (secretName: string, account: AccountId) => [
  { Key: 'keyturn:account', Value: account },
  { Key: 'keyturn:user', Value: secretName.slice(secretName.lastIndexOf('/') + 1) },
];

/** AWS lists only versions with a staging label as existing: one without may be pruned at any time. */
function storedVersions({ VersionIdsToStages = {} }: DescribeSecretCommandOutput): StoredVersions {
  const labelled = Object.entries(VersionIdsToStages).filter(([, stages]) => stages.length > 0);
  const current = labelled.find(([, stages]) => stages.includes(CURRENT))?.[0];
  return { all: new Set(labelled.map(([version]) => version)), ...(current !== undefined && { current }) };
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
