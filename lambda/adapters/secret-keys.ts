import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { UnavailableError } from '../ports.ts';
import { keyIn, type Replication } from './secret-replicas.ts';

/**
 * Throws UnavailableError, with the command that helps, when a secret or a copy of it is under another key of one's own
 * than the settings name. AWS encrypts every new version with the secret's key, and the worker may use that of the
 * settings alone: without a look ahead there would be an access key that cannot be stored, every day anew.
 */
export function checkKeys(secretName: string, found: DescribeSecretCommandOutput, settings: Replication): void {
  const { kmsKeyArn, replicaRegions } = settings;
  if (kmsKeyArn === undefined) return;
  if (isAnother(found.KmsKeyId, kmsKeyArn)) {
    throw new UnavailableError(
      `Secret ${secretName} is encrypted with ${found.KmsKeyId}, and the settings name ${kmsKeyArn}, the only key that ` +
        `Keyturn may use. Move the secret to it with: aws secretsmanager update-secret --secret-id '${secretName}' ` +
        `--kms-key-id ${kmsKeyArn}`,
    );
  }
  for (const { Region = '', KmsKeyId } of found.ReplicationStatus ?? []) {
    if (!replicaRegions.includes(Region) || !isAnother(KmsKeyId, kmsKeyArn)) continue;
    throw new UnavailableError(
      `The copy of secret ${secretName} in ${Region} is encrypted with ${KmsKeyId} instead of ${keyIn(Region, kmsKeyArn)}. ` +
        `Keyturn makes it anew when you remove it with: aws secretsmanager remove-regions-from-replication --secret-id ` +
        `'${secretName}' --remove-replica-regions ${Region}`,
    );
  }
}

/** Without a key of one's own it is the account's for Secrets Manager, which all in it may use; an alias may be any key. */
const isAnother = (keyId: string | undefined, keyArn: string): boolean =>
  keyId !== undefined && !keyId.includes('alias/') && idOf(keyId) !== idOf(keyArn);

/** The same in every Region, for a multi-Region key. */
const idOf = (key: string): string => key.replace(/^.*key\//, '');
