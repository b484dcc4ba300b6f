import {
  type DescribeSecretCommandOutput,
  type ReplicaRegionType,
  ReplicateSecretToRegionsCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { UnavailableError } from '../ports.ts';
import { calling } from './aws-errors.ts';

export interface Replication {
  /** The customer-managed key that secrets are encrypted with; absent: the account's own for Secrets Manager. */
  readonly kmsKeyArn?: string;
  /** Other Regions that hold a copy of every secret. A key of one's own has then to be a multi-Region one. */
  readonly replicaRegions: readonly string[];
}

/** The Regions with the key to be used there: a multi-Region key has the same ARN everywhere but for the Region. */
export const replicaRegions = ({ kmsKeyArn, replicaRegions: regions }: Replication): ReplicaRegionType[] =>
  regions.map((Region) => ({ Region, ...(kmsKeyArn !== undefined && { KmsKeyId: keyIn(Region, kmsKeyArn) }) }));

/** A multi-Region key as it is called in another Region. */
export const keyIn = (region: string, keyArn: string): string =>
  keyArn.replace(/^(arn:[^:]+:kms):[^:]+:/, (_, service: string) => `${service}:${region}:`);

/**
 * Adds the replicas that a secret does not have. One that AWS failed to make is not tried again, for AWS takes it for
 * there: throws UnavailableError with what to do.
 */
export async function replicateWhereMissing(
  client: SecretsManagerClient,
  secretName: string,
  { ReplicationStatus = [] }: DescribeSecretCommandOutput,
  replication: Replication,
): Promise<void> {
  const wanted = replicaRegions(replication);
  const failed = ReplicationStatus.find(
    ({ Region, Status }) => Status === 'Failed' && wanted.some((replica) => replica.Region === Region),
  );
  if (failed !== undefined) throw isNotReplicated(secretName, failed.Region ?? '', failed.StatusMessage ?? 'no reason');
  const missing = wanted.filter((replica) => !ReplicationStatus.some(({ Region }) => Region === replica.Region));
  if (missing.length === 0) return;
  const command = new ReplicateSecretToRegionsCommand({ SecretId: secretName, AddReplicaRegions: missing });
  await calling('secretsmanager:ReplicateSecretToRegions', () => client.send(command));
}

const isNotReplicated = (secretName: string, region: string, why: string) =>
  new UnavailableError(
    `Secret ${secretName} could not be replicated to ${region}: ${why.replace(/[.]?$/, '.')} Remove what is in its way ` +
      `there, and the failed replica with: aws secretsmanager remove-regions-from-replication --secret-id ` +
      `'${secretName}' --remove-replica-regions ${region}`,
  );
